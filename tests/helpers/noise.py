"""Bytes that no sane guest prints: random ones, and sequences of real programs with something wrong in them."""

from __future__ import annotations

import random
from collections.abc import Iterator

REFUSED = r"the screen keeper gives no picture: The terminal failed \((snapshot|format|formatter), -\d"
"""What is logged where the library refuses a picture, as in the midst of ESC 9E 9D: nobody sees it."""

_SEEDS = (
    b"\x1b[?1049h\x1b[22;0;0t\x1b[1;24r\x1b[?12h\x1b[?25h\x1b[2J\x1b[H\x1b[38;5;130m  1 \x1b[m\x1b[3;1H\x1b[K",
    b"\x1b[38;2;10;20;30;48;5;200;1;3;4:3;9mtext\x1b[0;7m more \x1b[27m\x1b(0lqqqk\x1b(B\x0e\x0f",
    b"\x1b]0;a title\x07\x1b]8;id=1;https://example.org/\x1b\\link\x1b]8;;\x1b\\\x1b]52;c;aGVsbG8=\x07\x1b]4;1;?\x07",
    b"\x1bP+q544e\x1b\\\x1bP$qm\x1b\\\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\\x1b_Gf=24,s=1,v=1;AAAA\x1b\\\x1b^private\x1b\\",
    b"\x1b[6n\x1b[c\x1b[>c\x1b[?u\x1b[?2026$p\x1b[?2026h\x1b[>1u\x1b[?996n\x1b[18t\x1b[?1004h\x1b[?1003h\x1b[?2004h",
    b"\x1b[5;10r\x1b[?6h\x1b[999L\x1b[999M\x1b[999@\x1b[999P\x1b[999X\x1b[999S\x1b[999T\x1bD\x1bM\x1bE\x1b#8\x1b#6",
    b"\x1b[?3h\x1b[?3l\x1b[?40h\x1b[?69h\x1b[3;70s\x1b[1;1;10;10$x\x1b[2;2;5;5;1;1;4;4;1$v\x1bc\x1b[!p\x1b[3g\x1bH\t\t",
    "\r\n漢字 한글 👨‍👩‍👧‍👦 e\u0301\u0302 🇨🇳🇯 \u200d\u200b\ufeff ﷽ \u202eabc\u202c\r\n".encode(),
    b"a line of text that is long enough to go over the edge of a screen of eighty columns and on\r\n\tand so forth\b",
)


def noise(seed: int) -> Iterator[bytes]:
    """Without end: about a kilobyte each, the same for the same seed."""
    chance = random.Random(seed)
    while True:
        if chance.random() < 0.2:
            yield chance.randbytes(chance.randrange(1, 1000))
        else:
            yield b"".join(_spoilt(chance, chance.choice(_SEEDS)) for _ in range(10))


def _spoilt(chance: random.Random, sequence: bytes) -> bytes:
    data = bytearray(sequence)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 8)]
            case 2:
                data[at:at] = data[at : at + chance.randrange(20)] * chance.randrange(1, 20)
            case 3:
                data[at:at] = str(chance.choice((0, -1, 65535, 65536, 2**31, 2**64))).encode()
            case _:
                data[at:at] = chance.choice((b"\x1b", b"\x18", b"\x9b", b"\xff", b"\x00", b";", b":"))
        if not data:
            return b""
    return bytes(data)
