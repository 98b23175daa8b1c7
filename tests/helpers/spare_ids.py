"""The ids that this host gives the user of the tests to spare, for others in namespaces of theirs."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
from pathlib import Path


def spare_ids() -> tuple[int, int] | None:
    """The first user id and the first group id; None where the host gives none."""
    name = pwd.getpwuid(os.getuid()).pw_name
    if not shutil.which("newuidmap"):
        return None
    found = []
    for file in ("/etc/subuid", "/etc/subgid"):
        with contextlib.suppress(OSError):
            lines = [line.split(":") for line in Path(file).read_text().splitlines()]
            found += [int(first) for owner, first, _ in lines if owner in (name, str(os.getuid()))][:1]
    return (found[0], found[1]) if len(found) == 2 else None
