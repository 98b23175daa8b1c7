"""Where `moorage` begins. The window has a way of its own: the libraries of the other verbs, typer with all that it
brings, cost 20 MB for as long as the tray icon is there, and a tenth of a second at its start."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from desktop.core.errors import MoorageError

from .failure import report

_WINDOW: tuple[list[str], ...] = ([], ["app"], ["--hidden"], ["app", "--hidden"])


def main() -> None:
    os.umask(0o077)
    if sys.argv[1:] in _WINDOW:
        from .window import open_window

        sys.exit(open_window(hidden="--hidden" in sys.argv))
    from .main import commands

    if isinstance(sys.stdout, TextIOWrapper):  # in a locale without UTF-8 a path or an ellipsis is no reason to fail
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        commands(prog_name="moorage")
    except OSError as error:  # of a file that the system refuses
        sys.exit(report(MoorageError(str(error.filename or "The system refuses it"), error.strerror or str(error))))
