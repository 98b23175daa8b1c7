"""What a pretended container runs: for how long, with which end, and whether it heeds a polite signal."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace

from .output import STDERR, STDOUT

FOR_EVER = float("inf")
_REDIRECTIONS = (">&2", "1>&2")
TRAPS_TERM = re.compile(r"\btrap\b.*\bTERM\b")


@dataclass(frozen=True)
class Program:
    seconds: float = 0.0
    exit_code: int = 0
    output: tuple[tuple[int, bytes], ...] = ()  # to which stream, and what
    heeds_term: bool = False
    """A process that is number 1 and has no handler ignores SIGTERM; real containers of `sleep` do too."""
    reads: bool = False
    """It ends with its input."""


SERVER = Program(seconds=FOR_EVER, heeds_term=True)


def program_of(argv: list[str], has_init: bool = False) -> Program | None:
    """What `argv` does, or None where no such program is in the image."""
    name = argv[0].rpartition("/")[2]
    found = _script(argv) if name in ("sh", "ash") and "-c" in argv else _simple(name, argv[1:])
    if found is None or not has_init:
        return found
    return replace(found, heeds_term=True)


def _simple(name: str, words: list[str]) -> Program | None:
    if name == "busybox" and words:
        return _simple(words[0], words[1:])
    if name == "sleep":
        return Program(sum(_seconds(word) for word in words))
    if name in ("echo", "printf"):
        said = " ".join(word for word in words if word not in _REDIRECTIONS).encode() + b"\n"
        return Program(output=((STDERR if set(words) & set(_REDIRECTIONS) else STDOUT, said),))
    if name in ("true", "ls", "id", "date", "uname", "hostname", "env", "busybox"):
        return Program()
    if name == "false":
        return Program(exit_code=1)
    if name in ("sh", "ash", "cat", "top", "yes", "httpd", "nc"):
        return Program(FOR_EVER, reads=name in ("sh", "ash", "cat"))
    if name == "tail":
        return Program(FOR_EVER if "-f" in words else 0.0)
    return None


def _script(argv: list[str]) -> Program:
    """A script of simple commands in a row, as far as a fake has to understand one."""
    script = argv[argv.index("-c") + 1] if argv[-1] != "-c" else ""
    total = Program(heeds_term=bool(TRAPS_TERM.search(script)))
    for part in re.split(r"[;\n]|&&|\bdo\b", script):
        words = shlex.split(part, comments=True) if part.count("'") % 2 == part.count('"') % 2 == 0 else part.split()
        step = _simple(words[0], words[1:]) if words else None
        if words[:1] == ["exit"]:
            return replace(total, exit_code=int(words[1]) if len(words) > 1 else 0)
        if words[:1] in (["while"], ["wait"], ["until"]):
            step = Program(FOR_EVER)
        if step is not None:
            total = Program(total.seconds + step.seconds, step.exit_code, total.output + step.output, total.heeds_term)
    return total


def _seconds(word: str) -> float:
    if word in ("infinity", "inf"):
        return FOR_EVER
    scale = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(word[-1:], 1)
    try:
        return float(word.rstrip("smhd")) * scale
    except ValueError:
        return 0.0
