"""What is kept for the next screen keeper. The keeper itself: test_broker."""

from __future__ import annotations

import random
from collections import deque

import pytest

from desktop.supervisor.keeper_process import Kept


def test_picture_and_what_came_later_are_all_that_was_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever order pictures are asked for, answered, refused and spent; here a picture is its past itself."""
    monkeypatch.setattr("desktop.supervisor.keeper_process.KEPT_BYTES", 500)
    chance, kept, printed = random.Random(5), Kept(), b""
    asked: deque[tuple[int, bytes]] = deque()
    spent = 0
    for number in range(5000):
        match chance.randrange(8):
            case 0 | 1:
                asked.append((kept.ask(), printed))
            case 2 | 3 if asked:
                place, picture = asked.popleft()
                kept.take(picture if chance.randrange(4) else None, place)
            case 4:
                picture = kept.spend()
                assert picture is None or picture + kept.later == printed
                assert kept.spend() is None
                spent += picture is not None
            case _:
                data = b"%d " % number * chance.randrange(1, 9)
                kept.add(data)
                printed += data
        assert len(kept.later) <= 500
    assert spent > 30
