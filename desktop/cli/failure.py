"""How the command says that something went wrong, and the exit codes it ends with."""

from __future__ import annotations

import sys

from desktop.core.errors import MoorageError, UsageError
from desktop.core.text import visible_lines

FAILED, USAGE, NOT_RUNNING, INTERRUPTED = 1, 2, 3, 130


def said(error: MoorageError) -> str:
    """What happened, why, and what to do: a reason that goes on with the sentence stands behind a colon."""
    what, why = error.what, error.why
    if why and not why[0].isupper() and not what.endswith("?"):
        what, why = f"{what}: {why}", ""
    begun, next_step = str(MoorageError(what, why)), str(MoorageError(error.next_step))
    return ("\n" if "\n" in begun else " ").join(filter(None, (begun, next_step)))


def report(error: MoorageError) -> int:
    """Says it on stderr; the exit code comes back."""
    lines = visible_lines(said(error)).splitlines() or [""]
    print(f"moorage: {lines[0]}", *lines[1:], sep="\n", file=sys.stderr)
    return USAGE if isinstance(error, UsageError) else FAILED
