"""Who is connected is called in order, whatever the others make of it."""

from __future__ import annotations

import pytest

from desktop.core.signal import Signal


def test_all_are_called_in_the_order_of_connection() -> None:
    signal, seen = Signal[int](), list[str]()
    signal.connect(lambda value: seen.append(f"first {value}"))
    leave = signal.connect(lambda value: seen.append(f"second {value}"))
    signal.connect(lambda value: seen.append(f"third {value}"))
    signal.emit(1)
    leave()
    signal.emit(2)
    assert seen == ["first 1", "second 1", "third 1", "first 2", "third 2"]


def test_one_that_fails_silences_no_other_and_its_error_comes_out() -> None:
    signal, seen = Signal[int](), list[int]()

    def fail(value: int) -> None:
        raise ValueError(f"cannot bear {value}")

    signal.connect(seen.append)
    signal.connect(fail)
    signal.connect(seen.append)
    with pytest.raises(ValueError, match="cannot bear 7"):
        signal.emit(7)
    assert seen == [7, 7]


def test_who_disconnects_another_on_the_way_takes_it_off_the_next_time() -> None:
    signal, seen = Signal[int](), list[int]()
    signal.connect(lambda value: signal.disconnect(seen.append))
    signal.connect(seen.append)
    signal.emit(1)
    signal.emit(2)
    assert seen == [1]
