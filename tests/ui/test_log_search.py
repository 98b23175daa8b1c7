"""Places that a search of a log finds: numbered from the top, made only where they are asked for."""

from __future__ import annotations

import random

import pytest

from desktop.views.detail.log_search import Found, LogSearch, in_small_letters

LINES = ["Axe", "", "xxXx", "none", "İX is long, x", "end x"]


def _search(needle: str, lines: list[str]) -> LogSearch:
    search = LogSearch()
    search.look(needle, [in_small_letters(line) for line in lines])
    return search


def _all(search: LogSearch) -> list[Found]:
    return [search.place(number) for number in range(search.total)]


def test_places_are_numbered_from_the_top() -> None:
    search = _search("X", LINES)
    assert _all(search) == [(0, 1), (2, 0), (2, 1), (2, 2), (2, 3), (4, 1), (4, 12), (5, 4)]
    assert _all(_search("xx", LINES)) == [(2, 0), (2, 2)]
    assert _search("", LINES).total == _search("nowhere", LINES).total == 0


@pytest.mark.parametrize("seed", range(5))
def test_neighbours_are_those_of_the_whole_list(seed: int) -> None:
    some = random.Random(seed)
    search = _search("ab", ["".join(some.choices("ab", k=some.randrange(8))) for _ in range(30)])
    places = _all(search)
    for place in (Found(line, start) for line in range(-1, 31) for start in range(-1, 8)):
        after = [number for number, each in enumerate(places) if each > place]
        before = [number for number, each in enumerate(places) if each < place]
        assert search.after(place) == (after[0] if after else 0)
        assert search.before(place) == (before[-1] if before else len(places) - 1)
    some_lines = {number: search._lines[number] for number in range(7, 12)}
    assert search.on_lines(some_lines) == [each for each in places if each.line in some_lines]


def test_nothing_found_has_no_neighbours() -> None:
    search = _search("nowhere", LINES)
    assert (search.after(Found(-1, 0)), search.before(Found(9, 0)), search.on_lines({0: "Axe"})) == (-1, -1, [])
