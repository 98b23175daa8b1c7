"""Words that come from the rooms without Qt, failures too, in the user's language.

In the logs and in a terminal they stay English: those words are what a search finds. So they are known again here, by
what is written in `told_words`, and translated where they are shown. What is foreign in them stays as it is: paths,
names, and the words of the engine, of QEMU and of the system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from .told_words import BOUND, CARRIERS, KNOWN

LONGEST = 4096  # characters of a sentence of ours; what is longer is foreign
MOST_LINES = 12  # ours come first, lines of a log after them
MOST_SENTENCES = 16
MOST_JOINED = 3  # a foreign part may have a full stop in it
DEEPEST = 3
_ENDS = ".!?…。！？"
_FULL_WIDTH_ENDS = "。！？"


@dataclass(frozen=True)
class Form:
    """A sentence of ours: what stands between its gaps, and the gaps by their names (%1, …)."""

    source: str
    pieces: tuple[str, ...]
    gaps: tuple[str, ...]
    carried: str = ""
    """Digits of the gaps that are told too."""
    is_bound: bool = False
    """Whether what is in these has to be known."""

    def match(self, words: str) -> dict[str, str] | None:
        """What fills the gaps. It looks for each piece once, from the left: quick whatever the text."""
        first, *middle, last = self.pieces
        end = len(words) - len(last)
        place = len(first)
        if place > end or not words.startswith(first) or not words.endswith(last):
            return None
        found = []
        for piece in middle:
            at = words.find(piece, place, end)
            if at < 0:
                return None
            found.append(words[place:at])
            place = at + len(piece)
        return dict(zip(self.gaps, [*found, words[place:end]], strict=True))


def told(words: str) -> str:
    """`words` in the user's language; what is not known in them stays as it is."""
    return _told(words, DEEPEST)


def told_sentence(words: str) -> str:
    """The same for words that shall stand alone: with a capital letter and a full stop."""
    words = words.strip()
    text = told(words)
    shown = text[:1].upper() + text[1:]
    if not text or text.endswith(tuple(_ENDS)):
        return shown
    return f"{shown}." if text == words else _with_stop(shown)


def _told(words: str, depth: int) -> str:
    lines = words.split("\n", MOST_LINES)
    for number, line in enumerate(lines[:MOST_LINES]):
        new = _line(line, depth)
        if new is None:
            break  # from here on it is a log
        lines[number] = new
    return "\n".join(lines)


def _line(line: str, depth: int) -> str | None:
    """None where nothing in it is known."""
    text, is_known = "", False
    for sentence, new in _sentences(line, depth):
        text += ("" if not text or text.endswith(tuple(_FULL_WIDTH_ENDS)) else " ") + (new or sentence)
        is_known = is_known or new is not None
    return text if is_known else None


def _sentences(line: str, depth: int) -> Iterator[tuple[str, str | None]]:
    """The sentences of a line, each with its translation; one that is unknown alone may be known with the next."""
    rest = re.split(rf"(?<=[{_ENDS}]) ", line, maxsplit=MOST_SENTENCES)
    while rest:
        for count in range(1, MOST_JOINED + 1):
            sentence = " ".join(rest[:count])
            new = _sentence(sentence, depth)
            if new is not None:
                break
        else:
            count, sentence = 1, rest[0]
        yield sentence, new
        del rest[:count]


def _sentence(words: str, depth: int) -> str | None:
    """None where it is not known."""
    bare = words.removesuffix(".")
    if len(bare) > LONGEST:
        return None
    plain, gapped = _forms()
    if bare in plain:
        text: str | None = _translated(bare)
    else:
        filled = (_filled(form, gaps, depth) for form in gapped if (gaps := form.match(bare)) is not None)
        text = next((found for found in filled if found is not None), None)
    return text if text is None or bare == words else _with_stop(text)


def _filled(form: Form, gaps: dict[str, str], depth: int) -> str | None:
    for gap in gaps:
        if gap[1] in form.carried:
            new = _line(gaps[gap], depth - 1) if depth > 0 else None
            if new is None and form.is_bound:
                return None
            gaps[gap] = new or gaps[gap]
    # All at once: a part that was filled in may have a %1 of its own.
    return re.sub(r"%\d", lambda gap: gaps[gap[0]], _translated(form.source))


@lru_cache(maxsize=1)
def _forms() -> tuple[frozenset[str], list[Form]]:
    """Those without gaps, and those with: the one that says most comes first, since a gap takes anything."""
    forms = [_form(source) for source in map(str, KNOWN)]
    forms += [_form(str(source), gaps) for source, gaps in CARRIERS.items()]
    forms += [_form(str(source), gaps, is_bound=True) for source, gaps in BOUND.items()]
    gapped = sorted((form for form in forms if form.gaps), key=lambda form: -sum(map(len, form.pieces)))
    return frozenset(form.source for form in forms if not form.gaps), gapped


def _form(source: str, carried: str = "", is_bound: bool = False) -> Form:
    return Form(source, tuple(re.split(r"%\d", source)), tuple(re.findall(r"%\d", source)), carried, is_bound)


def _translated(source: str) -> str:
    return QCoreApplication.translate("Told", source)


def _with_stop(words: str) -> str:
    return QCoreApplication.translate("Told", "%1.").replace("%1", words)
