"""A base folder whose runtime is played by a script and whose guest is a few bytes; all else is real."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from desktop.core.paths import Home, MachineFiles, private_folder
from desktop.machine.image.manifest import FORMAT, NAME, Manifest, record_files

SCRIPT = Path(__file__).with_name("played_qemu.py")


def make_played_home(base: Path, settings: str = "") -> MachineFiles:
    files = Home(base).machine()
    for folder in (base, files.folder, files.logs):
        private_folder(folder)
    files.config.write_text(f'accelerator = "tcg"\ndisk_mib = 2048\n{settings}')
    files.config.chmod(0o600)
    runtime = base / "runtime" / "played"
    (runtime / "bin").mkdir(parents=True)
    (runtime / "lib").mkdir()
    loader = runtime / "lib" / "loader"
    loader.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{SCRIPT}" "$@"\n')
    loader.chmod(0o700)
    (runtime / "bin" / "qemu").write_text("played")
    facts = {"qemu_version": "11.1.3", "qemu_program": "qemu", "loader": "loader"}
    _write_manifest(runtime, "runtime", facts)
    guest = base / "guest" / "played"
    guest.mkdir(parents=True)
    for part in ("kernel", "initrd", "root.erofs"):
        (guest / part).write_text(part)
    facts = {"kernel_release": "6.12.0-played", "command_line": "console=ttyS0 quiet", "console": "ttyS0"}
    _write_manifest(guest, "guest", facts)
    return files


def _write_manifest(folder: Path, kind: str, facts: dict[str, str]) -> None:
    manifest = Manifest(
        format=FORMAT, kind=kind, version="played", architecture="amd64", recipe="", built_at="2026-01-01T00:00:00",
        facts=facts, suites=[], packages=[], files=record_files(folder),
    )  # fmt: skip
    (folder / NAME).write_bytes(msgspec.json.encode(manifest))
