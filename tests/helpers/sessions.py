"""Sessions of real programs that were recorded on a machine's tty; `record_in_guest.py` makes them anew."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import NamedTuple

COLUMNS, ROWS = 80, 24
_FOLDER = Path(__file__).resolve().parent.parent / "data" / "sessions"
TEXT = "\n".join(
    f"{number:4} \tthe quick brown fox 漢字 jumps e\u0301 over a lazy dog {'#' * (number * 7 % 90)}"
    for number in range(200)
)


class Program(NamedTuple):
    words: tuple[str, ...]
    keys: tuple[bytes, ...]


PROGRAMS = {
    "vi": Program(
        ("vi", "-u", "NONE", "text.txt"),
        (b":syntax on | set number hlsearch\r", b"/fox\r", b"\x06", b"10dd", b"p", b"Oin betwe\x1b", b"\x15",
         b":split\r", b"\x17w", b"G", b":q\r", b"ggVG>", b"u", b":q!\r"),
    ),
    "less": Program(
        ("less", "-N", "text.txt"),
        (b" ", b"/lazy\r", b"n", b"G", b"g", b"\x1b[B", b"-S\r", b"\x1b[C", b"h", b"q", b"q")
    ),
    "htop": Program(("htop", "-d", "600"), (b"\x1b[B", b"\x1b[B", b"t", b"\x1bOP", b" ", b"q")),
    "mc": Program(
        ("mc", "-u", "-x", "--nosubshell"),
        (b"\x1b[B", b"\x1b[B", b"\x1bOR", b"\x1b[6~", b"\x1b[21~", b"\x1b[20~", b"\x1b[B", b"\x1b\x1b"),
    ),
    "tmux": Program(
        ("tmux", "-L", "inner", "-f", "/dev/null", "new", "sh", ";", "set", "status-right", ""),
        (b"seq 60\r", b"\x02%", b"cat text.txt\r", b"\x02\"", b"ls\r", b"\x02[", b"\x15", b"q", b"\x02c", b"\x02w",
         b"q", b"\x02d"),
    ),
}  # fmt: skip


def recorded(name: str) -> list[bytes]:
    """What came before the first key and after each."""
    parts: list[str] = json.loads(lzma.decompress((_FOLDER / f"{name}.json.xz").read_bytes()))
    return [part.encode("latin-1") for part in parts]
