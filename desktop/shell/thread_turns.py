"""The thread of the window is not kept waiting by those that work for it."""

from __future__ import annotations

import sys

TURN_S = 0.0005


def shorten_turns() -> None:
    """Python gives a thread 5 ms before another one gets its turn, and a thread gives its turn away at most calls of
    Qt: with a few threads that read an answer of the engine, painting one menu would wait for ten turns."""
    sys.setswitchinterval(TURN_S)
