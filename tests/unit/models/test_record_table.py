from __future__ import annotations

import random

from msgspec.structs import replace
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt

from desktop.core.engine import Container
from desktop.core.store import Store
from desktop.models.container_columns import containers_model
from desktop.models.record_table import RecordTableModel

from .conftest import Checked

NAME, STATE, CPU = 0, 2, 4
DESCENDING = Qt.SortOrder.DescendingOrder


def container(name: str, **changes: object) -> Container:
    return replace(Container(id=f"id-{name}", name=name, image="busybox", state="running"), **changes)


def table(*names: str) -> tuple[Store[Container], RecordTableModel[Container]]:
    store: Store[Container] = Store(lambda record: record.id)
    store.apply(map(container, names))
    model = containers_model()
    model.follow(store)
    return store, model


def shown(model: RecordTableModel[Container]) -> list[str]:
    return [model.record(row).name for row in range(model.rowCount())]


def test_numbers_in_names_count_as_numbers() -> None:
    _, model = table("web-10", "Web-2", "api")
    assert shown(model) == ["api", "Web-2", "web-10"]


def test_filter_wants_every_word_somewhere() -> None:
    store, model = table("web-1", "web-2", "db")
    store.apply([container("web-2", image="nginx:latest")])
    model.set_filter("WEB nginx")
    assert shown(model) == ["web-2"]
    model.set_filter("")
    assert len(shown(model)) == 3


def test_filter_finds_accents_however_they_are_written() -> None:
    _, model = table("cafe\u0301")
    model.set_filter("CAF\u00c9")
    assert shown(model) == ["cafe\u0301"]


def test_row_that_changes_comes_and_goes_with_the_filter() -> None:
    store, model = table("a", "b")
    model.set_filter("exited")
    assert shown(model) == []
    store.apply([container("b", state="exited")])
    assert shown(model) == ["b"]


def test_rows_of_one_value_stay_in_the_order_of_names() -> None:
    store, model = table("c", "b", "a")
    store.apply([container("d", state="exited")])
    model.sort(STATE, DESCENDING)
    assert shown(model) == ["d", "a", "b", "c"]


def test_selection_stays_with_its_record() -> None:
    store, model = table("a", "b", "c")
    selection = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag
    selection.select(model.index(1, 0), flags.Select | flags.Rows)
    held = QPersistentModelIndex(model.index(1, 0))
    model.sort(NAME, DESCENDING)
    store.apply([container("zz")])
    assert [model.record(index.row()).name for index in selection.selectedRows()] == ["b"]
    assert model.record(held.row()).name == "b"
    store.apply(removed=["id-b"])
    assert not selection.hasSelection()
    assert not held.isValid()


def test_unmoved_rows_are_told_as_one_change_of_data() -> None:
    store, model = table("a", "b", "c")
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    store.apply([container("b", cpu_percent=3.0), container("c", cpu_percent=4.0)])
    assert told == [(1, 2)]


def test_text_from_outside_is_one_visible_line() -> None:
    store, model = table("a")
    store.apply([container("a", image="x\x1b[31m\u202e\ny")])
    assert model.index(0, 1).data() == "x<U+001B>[31m<U+202E> y"


def test_any_history_ends_in_the_same_table_as_a_fresh_one(checked: Checked) -> None:
    chance = random.Random(7)
    store, model = table()
    checked(model)
    for _ in range(300):
        names = [f"c{chance.randrange(60)}" for _ in range(chance.choice((1, 1, 3, 20)))]
        records = {name: container(name, cpu_percent=chance.random() * 9, state=chance.choice(("running", "exited")))
                   for name in names}  # fmt: skip
        match chance.randrange(5):
            case 0 | 1:
                store.apply(records.values())
            case 2:
                store.apply(removed=[record.id for record in records.values()])
            case 3:
                model.sort(chance.randrange(7), chance.choice(list(Qt.SortOrder)))
            case _:
                model.set_filter(chance.choice(("", "c1", "exited", "c running")))
        fresh = containers_model()
        fresh.follow(store)
        fresh._terms = model._terms
        fresh.sort(model._column, DESCENDING if model._descending else Qt.SortOrder.AscendingOrder)
        assert shown(model) == shown(fresh)
