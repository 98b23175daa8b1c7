"""`moorage env`: what a shell evaluates so that `docker` talks to the machine."""

from __future__ import annotations

import os
import shlex
from enum import StrEnum


class Shell(StrEnum):
    SH = "sh"
    FISH = "fish"
    POWERSHELL = "powershell"


def users_shell() -> Shell:
    return Shell.FISH if os.path.basename(os.environ.get("SHELL", "")) == "fish" else Shell.SH


def lines(shell: Shell, docker_socket: str) -> str:
    host = f"unix://{docker_socket}"
    if shell is Shell.FISH:
        quoted = host.replace("\\", "\\\\").replace("'", "\\'")
        return f"set -gx DOCKER_HOST '{quoted}';\nset -e DOCKER_CONTEXT;"
    if shell is Shell.POWERSHELL:
        quoted = host.replace("'", "''")
        return f"$Env:DOCKER_HOST = '{quoted}'\nRemove-Item Env:DOCKER_CONTEXT -ErrorAction SilentlyContinue"
    return f"export DOCKER_HOST={shlex.quote(host)}\nunset DOCKER_CONTEXT"
