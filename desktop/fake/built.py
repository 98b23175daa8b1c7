"""Manifests of a runtime and a guest that are not there, so that the window offers Start and not their build."""

from __future__ import annotations

import shutil

import msgspec

from desktop.core.paths import Home, private_folder

from . import shapes

NAME = "played"


def put(home: Home) -> None:
    """Leaves alone what is really built."""
    for kind, folder in (("runtime", home.runtime), ("guest", home.guest)):
        if folder.exists() and any(folder.iterdir()):
            continue
        target = private_folder(private_folder(folder) / NAME)
        facts = {"engine_version": shapes.ENGINE_VERSION, "kernel_release": shapes.KERNEL}
        record = {
            "format": 1, "kind": kind, "version": NAME, "architecture": "amd64", "recipe": NAME,
            "built_at": "2026-01-02T03:04:05Z", "facts": facts, "suites": [], "packages": [], "files": {},
        }  # fmt: skip
        (target / "manifest.json").write_bytes(msgspec.json.encode(record))


def take_away(home: Home) -> None:
    for folder in (home.runtime, home.guest):
        shutil.rmtree(folder / NAME, ignore_errors=True)
