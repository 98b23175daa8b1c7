"""Which answers of a terminal may go back to the guest.

A terminal that answers with what it was told is a way to type commands: terminals have been broken by reports of
titles, answerbacks and clipboard contents. So every answer is compared with a list of shapes that hold no text of the
guest's, and both its size and their number are bounded.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

MAX_REPLY_BYTES = 64
MAX_REPLIES_PER_S = 100

_ALLOWED = re.compile(
    rb"""
      \x1b\[ \d+;\d+ R                           # where the cursor is (CPR)
    | \x1b\[\? \d+;\d+ (;\d+)? R                 # the same, DEC's way
    | \x1b\[ [0-3] n                             # in order (DSR)
    | \x1b\[\? \d{1,4} (;\d+)? n                 # the same, DEC's way; light or dark (997)
    | \x1b\[ [?>] [\d;]+ c                       # device attributes (DA1, DA2)
    | \x1bP!\| [0-9A-Fa-f]* \x1b\\               # device attributes (DA3)
    | \x1b\[ \?? \d+;[0-4] \$y                   # is a mode set (DECRQM)
    | \x1bP [01] \$r [\d;:\x20"'$*]{0,40} [a-z|]{0,2} \x1b\\   # a setting (DECRQSS)
    | \x1b\[\? \d{1,3} u                         # keyboard flags
    | \x1b\] (4;\d{1,3}|1[0-2]) ;rgb: [0-9a-f]{2,4} (/[0-9a-f]{2,4}){2} (\x07|\x1b\\)   # a colour
    | \x1bP>\| [A-Za-z0-9.\x20()_+-]{1,40} \x1b\\      # the terminal's own name (XTVERSION)
    """,
    re.VERBOSE,
)


def is_allowed(reply: bytes) -> bool:
    """Whether `reply` has one of the known shapes."""
    return len(reply) <= MAX_REPLY_BYTES and _ALLOWED.fullmatch(reply) is not None


def are_allowed(replies: bytes) -> bool:
    """Whether this is a row of such replies and nothing else."""
    found = [match[0] for match in _ALLOWED.finditer(replies)]
    return b"".join(found) == replies and all(len(reply) <= MAX_REPLY_BYTES for reply in found)


class ReplyGate:
    """Lets through what is on the list, at most 100 a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._window_start = clock()
        self._count = 0

    def passes(self, reply: bytes) -> bool:
        if not is_allowed(reply):
            return False
        now = self._clock()
        if now - self._window_start >= 1.0:
            self._window_start, self._count = now, 0
        self._count += 1
        return self._count <= MAX_REPLIES_PER_S
