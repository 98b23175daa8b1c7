"""How the command says that something went wrong, and the exit codes it ends with."""

from __future__ import annotations

import sys

from desktop.core.errors import MoorageError, UsageError
from desktop.core.text import visible_lines

FAILED, USAGE, NOT_RUNNING, INTERRUPTED = 1, 2, 3, 130


def report(error: MoorageError) -> int:
    """Says it on stderr; the exit code comes back."""
    lines = visible_lines(str(error)).splitlines() or [""]
    print(f"moorage: {lines[0]}", *lines[1:], sep="\n", file=sys.stderr)
    return USAGE if isinstance(error, UsageError) else FAILED
