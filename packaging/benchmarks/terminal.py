"""Rows of the console: 50 MB of text through a real pty, parsed and painted in the real widget."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from rig import Rig
from row import Row

RUNS = 5
TEXT_BYTES = 50_000_000
DEADLINE_S = 120
PROGRAM = Path(__file__).parent / "terminal_window.py"

_WORDS = "the quick brown fox jumps over a lazy dog while seven wizards box with five quiet monkeys".split()
_THEME = [(128 + hue * 37 % 128, 128 + hue * 73 % 128, 128 + hue * 11 % 128) for hue in range(16)]


def rows() -> list[Row]:
    return [
        Row("terminal_plain_mb_s", "MB/s", ">= 20", partial(_measure, plain_line)),
        Row("terminal_colour_mb_s", "MB/s", ">= 15", partial(_measure, colour_line)),
    ]


def _measure(line: Callable[[int], str], rig: Rig) -> list[float]:
    with text_of(line, rig) as text:
        return [run(text, rig) for _ in range(RUNS)]


@contextmanager
def text_of(line: Callable[[int], str], rig: Rig) -> Iterator[Path]:
    """A file of 50 MB."""
    text = rig.folder / f"{line.__name__}.txt"
    text.write_bytes(b"".join(_lines(line)))
    try:
        yield text
    finally:
        text.unlink()


def run(text: Path, rig: Rig) -> float:
    """Megabytes a second, from `cat`'s start to the last frame."""
    words = [sys.executable, str(PROGRAM), str(text)]
    environment = {**rig.screen.environment, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, timeout=DEADLINE_S, check=True)
    seen = json.loads(done.stdout)
    if seen["bytes"] != text.stat().st_size:
        raise RuntimeError(f"{seen['bytes']} of {text.stat().st_size} bytes were parsed")
    if not seen["matches"]:
        raise RuntimeError("the last screen is not what the bytes say")
    rig.say(f"{seen['frames']} frames in {seen['seconds']:.2f} s, {seen['rss_mb']:.0f} MB")
    return float(seen["bytes"] / 1e6 / seen["seconds"])


def _lines(line: Callable[[int], str]) -> Iterator[bytes]:
    """A little over 50 MB in whole lines; a thousand of them, over and over, each as long as it happens to be."""
    some = [(line(number) + "\n").encode() for number in range(1000)]
    size = sum(map(len, some)) / len(some)
    return islice(cycle(some), round(TEXT_BYTES / size))


def plain_line(number: int) -> str:
    count = 4 + number * 7 % 24
    return " ".join(_WORDS[(number + index * 5) % len(_WORDS)] for index in range(count))


def colour_line(number: int) -> str:
    """As `ls --color`, compilers and highlighters of code write: colours of the terminal and a theme, bold, plain."""

    def themed(index: int) -> str:
        red, green, blue = _THEME[(number + index) // 4 % len(_THEME)]
        return f"38;2;{red};{green};{blue}" + ("", ";48;2;56;16;24", ";48;2;16;48;24")[number % 3]

    return _coloured(number, range(16, 232, 9), themed)


def own_colours_line(number: int) -> str:
    """Colours that nearly each word has for itself: some 700 styles on the pages that terminals keep lines in."""
    own = "38;2;{0};{1};128;48;5;{2}".format
    return _coloured(number, range(16, 232), lambda index: own(number % 256, index * 20, 232 + index % 20))


def _coloured(number: int, bold: Sequence[int], true: Callable[[int], str]) -> str:
    """By turns a colour of the terminal, a bold one of its 256, a true one, and plain."""
    parts = []
    for index in range(3 + number % 12):
        word, kind = _WORDS[(number * 3 + index) % len(_WORDS)], (number + index) % 4
        if kind == 0:
            word = f"\x1b[{31 + index % 7}m{word}\x1b[0m"
        elif kind == 1:
            word = f"\x1b[1;38;5;{bold[(number + index) % len(bold)]}m{word}\x1b[0m"
        elif kind == 2:
            word = f"\x1b[{true(index)}m{word}\x1b[0m"
        parts.append(word)
    return " ".join(parts)
