"""The store announces each batch once, with what really changed."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.store import Delta, Store


@dataclass(frozen=True)
class Row:
    id: str
    value: int = 0


def a_store() -> tuple[Store[Row], list[Delta[Row]]]:
    store: Store[Row] = Store(lambda row: row.id)
    seen: list[Delta[Row]] = []
    store.changed.connect(seen.append)
    return store, seen


def test_batch_tells_added_updated_and_removed() -> None:
    store, seen = a_store()
    store.apply([Row("a"), Row("b")])
    store.apply([Row("a", 1), Row("c")], removed=["b", "never"])
    assert seen[1] == Delta(added=(Row("c"),), updated=(Row("a", 1),), removed=("b",))


def test_equal_records_are_no_news() -> None:
    store, seen = a_store()
    store.apply([Row("a")])
    store.apply([Row("a")])
    assert len(seen) == 1


@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)))))
def test_deltas_rebuild_the_store(lists: list[list[tuple[str, int]]]) -> None:
    store, seen = a_store()
    mirror: dict[str, Row] = {}
    for rows in lists:
        store.replace(Row(key, value) for key, value in dict(rows).items())
        for delta in seen:
            mirror.update({row.id: row for row in delta.added + delta.updated})
            for key in delta.removed:
                del mirror[key]
        seen.clear()
        assert mirror == {row.id: row for row in store}


def test_a_list_that_tells_one_twice_is_one_row() -> None:
    """As an engine may that has an image under two names; and what is gone stays gone, whatever else is said of it."""
    store, seen = a_store()
    store.replace([Row("a", 1), Row("b"), Row("a", 2)])
    assert seen == [Delta(added=(Row("a", 2), Row("b")))]
    store.apply([Row("a", 3), Row("c")], removed=["a", "c"])
    assert seen[1:] == [Delta(removed=("a",))]
    assert [row.id for row in store] == ["b"]
