"""What a terminal that is not ours is told when the console comes and when it goes."""

from __future__ import annotations

RESTORE = (
    b"\x18\x1b[!p"  # ends a sequence under way; soft reset: colours, margins, origin, insert, cursor, character sets
    b"\x1b7"  # which forgets the place to come back to: leaving an alternate screen that is not on would go home
    b"\x1b[<9u\x1b[>4m"  # keyboard as before
    b"\x1b[?9;1000;1002;1003;1004;1005;1006;1015;1016;2004;2026;2048;5;66l"
    b"\x1b[23;2t"  # the title that was put aside
    b"\x1b[?1l\x1b>\x1b[?1049l\x1b[?7h\x1b[?25h\x1b[0 q\x1b[m"
)
"""So that nothing the guest has set outlives the console."""


def blank(rows: int) -> bytes:
    """Empties a terminal of `rows` rows; what it showed above its cursor goes into its own scrollback, not away."""
    return b"\x1b[m" + b"\r\n" * (rows - 1) + b"\x1b[r\x1b[H\x1b[2J\x1b[?7h"
