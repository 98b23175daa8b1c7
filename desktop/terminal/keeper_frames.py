"""What a supervisor and the process that keeps its console's screen say to each other, in `desktop.core.frames`.

==========  ====  =============================================================================
to keeper   `F`   bytes of the console, in the order they came
..          `Z`   JSON {"cols": c, "rows": r}: the size from here on
..          `P`   an answer `K`: the screen becomes what it was then
..          `Q`   JSON {"kind": "snapshot"}, {"kind": "kept"} or {"kind": "vt", "lines": n, "rows": r}
from        `S`   the snapshot, for `Screen.restore`
..          `V`   the replay, for a foreign terminal of r rows
..          `K`   the snapshot, packed, to be kept for the next keeper
..          `X`   in place of an answer: why a request could not be met, UTF-8
..          `E`   why bytes or a size could not be taken, UTF-8: the screen is not what it should be
==========  ====  =============================================================================

Requests are answered in their order, each with what was fed before it.
"""

FEED = b"F"
RESIZE = b"Z"
RESTORE = b"P"
REQUEST = b"Q"
KEPT = b"K"
FAILED = b"E"
REFUSED = b"X"
