"""The filter of a table as it is typed: plain words, and words for one field such as `status:running`."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from .column import folded


class Term(NamedTuple):
    """A word that a row must hold: in the field, or anywhere where that is empty."""

    field: str
    needle: str


def terms_of(text: str, fields: Container[str]) -> tuple[Term, ...]:
    """Each word of `text`; one with a name of no field, such as `nginx:1.27`, is a plain word.

    A field that has no value yet asks for nothing.
    """
    found: list[Term] = []
    for word in folded(text).split():
        field, colon, needle = word.partition(":")
        if not colon or field not in fields:
            found.append(Term("", word))
        elif needle:
            found.append(Term(field, needle))
    return tuple(found)
