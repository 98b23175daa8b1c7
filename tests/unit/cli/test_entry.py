"""The window's process holds no library that it does not use."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
import desktop.cli.entry, desktop.cli.window, desktop.shell.plain_imports, desktop.app
import builtins, linecache
print(*sys.modules)
print(builtins.__import__.__name__, len(linecache.cache))
"""


def test_the_window_loads_neither_the_command_nor_what_it_may_never_need() -> None:
    said = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True).stdout
    modules, imports = said.splitlines()
    assert "desktop.app" in modules.split()
    heavy = {"typer", "rich", "pydantic", "docker", "requests", "tomlkit", "tarfile", "desktop.machine.image.build"}
    assert not heavy & set(modules.split())
    name, sources = imports.split()
    assert name != "__feature_import__"
    assert int(sources) < 20
