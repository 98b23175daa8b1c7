"""A base folder whose runtime is played by a script and whose guest is a few bytes; all else is real."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.core.paths import Home, MachineFiles, private_folder
from tests.helpers.builds import make_build

SCRIPT = Path(__file__).with_name("played_qemu.py")
PASST = Path(__file__).with_name("played_passt.py")


def make_played_home(home: Home, settings: str = "") -> MachineFiles:
    files = home.machine()
    for folder in (home.base, files.folder, files.logs):
        private_folder(folder)
    files.config.write_text(f'accelerator = "tcg"\ndisk_mib = 2048\nshares = []\n{settings}')
    files.config.chmod(0o600)
    script = f'case $3 in */passt*) script="{PASST}" ;; *) script="{SCRIPT}" ;; esac'
    loader = f'#!/bin/sh\n{script}\nexec "{sys.executable}" "$script" "$@"\n'.encode()
    runtime = make_build(
        home.runtime / "played",
        {"lib/loader": loader, "bin/qemu": b"played"},
        kind="runtime",
        facts={"qemu_version": "11.1.3", "qemu_program": "qemu", "loader": "loader"},
    )
    (runtime / "lib" / "loader").chmod(0o700)
    make_build(
        home.guest / "played",
        {"kernel": b"kernel", "initrd": b"initrd", "root.erofs": b"root"},
        facts={"kernel_release": "6.12.0-played", "command_line": "console=ttyS0 quiet", "console": "ttyS0"},
    )
    return files
