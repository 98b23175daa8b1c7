"""Where `moorage` begins. The window has a way of its own: the libraries of the other verbs, typer with all that it
brings, cost 20 MB for as long as the tray icon is there, and a tenth of a second at its start."""

from __future__ import annotations

import os
import sys

_WINDOW: tuple[list[str], ...] = ([], ["app"], ["--hidden"], ["app", "--hidden"])


def main() -> None:
    os.umask(0o077)
    if sys.argv[1:] in _WINDOW:
        from .window import open_window

        sys.exit(open_window(hidden="--hidden" in sys.argv))
    from .main import commands

    commands(prog_name="moorage")
