"""The window's process holds no library that it does not use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.paths import Home

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


def test_hidden_needs_no_other_word(home: Home) -> None:
    """As `moorage app --hidden`: without a screen it says so, in words and not as wrong usage."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    for words in (["--hidden"], ["app", "--hidden"], ["app", "--hidden", "--machine", "default"]):
        done = subprocess.run(
            [sys.executable, "-m", "desktop", *words], env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, "no screen" in done.stderr.lower()) == (1, True), done.stderr


@pytest.mark.parametrize("words", ["status", "start", "stop", "logs", "config get", "env", "doctor", "reset engine"])
def test_a_base_folder_that_is_a_file_is_told_with_what_to_do(words: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {**os.environ, "MOORAGE_HOME": str(tmp_path / "file")}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", *words.split()], env=environment, capture_output=True, text=True, check=False
    )
    said = f"moorage: {tmp_path}/file is not a folder. Moorage keeps its files there. Move it away.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize("words", ["start", "logs", "config set cpus 1", "guest build"])
def test_a_base_folder_that_cannot_be_is_told_in_one_line(words: str) -> None:
    environment = {**os.environ, "MOORAGE_HOME": "/dev/null/moorage"}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", *words.split()], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("moorage: /dev/null/moorage") and "Not a directory" in last


def test_a_base_folder_whose_name_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    environment = {**os.environb, b"MOORAGE_HOME": os.fsencode(tmp_path) + b"/\xff"}
    words = [sys.executable, "-m", "desktop", "status", "--json"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not UTF-8" in done.stderr and "Set MOORAGE_HOME" in done.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_locale_that_lacks_a_letter_does_not_keep_the_status_back(tmp_path: Path, encoding: str) -> None:
    environment = {**os.environ, "MOORAGE_HOME": str(tmp_path / "\u0142"), "PYTHONIOENCODING": encoding}
    words = [sys.executable, "-m", "desktop", "status"]
    done = subprocess.run(words, env=environment, capture_output=True, check=False)
    assert done.returncode == 3 and b"\\u0142/vms/default/docker.sock" in done.stdout, done.stderr
