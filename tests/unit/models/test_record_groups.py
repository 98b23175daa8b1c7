from __future__ import annotations

import random

from msgspec.structs import replace
from PySide6.QtCore import QItemSelectionModel, Qt

from desktop.core.engine import Container
from desktop.core.store import Store
from desktop.models.container_columns import containers_model
from desktop.models.record_table import RecordTableModel

from .conftest import Checked

NAME, STATE = 0, 2


def container(name: str, project: str = "", **changes: object) -> Container:
    labels = (("com.docker.compose.project", project),) if project else ()
    return replace(Container(id=f"id-{name}", name=name, image="busybox", state="running", labels=labels), **changes)


def table(*records: Container) -> tuple[Store[Container], RecordTableModel[Container]]:
    store: Store[Container] = Store(lambda record: record.id)
    store.apply(records)
    model = containers_model()
    model.follow(store)
    model.set_grouped(True)
    return store, model


def shown(model: RecordTableModel[Container]) -> list[str]:
    return [
        f"[{group.name}]" if (group := model.group(row)) else model.record(row).name for row in range(model.rowCount())
    ]


def test_rows_stand_under_their_project_and_the_rest_comes_last() -> None:
    _, model = table(container("x"), container("b", "shop"), container("a", "shop"), container("c", "blog"))
    assert shown(model) == ["[blog]", "c", "[shop]", "a", "b", "[]", "x"]
    assert model.index(2, NAME).data() == "shop"
    assert model.index(5, NAME).data() == "No project"
    model.sort(NAME, Qt.SortOrder.DescendingOrder)
    assert shown(model) == ["[shop]", "b", "a", "[blog]", "c", "[]", "x"]
    model.set_grouped(False)
    assert shown(model) == ["x", "c", "b", "a"]


def test_group_tells_its_state_and_follows_the_facts() -> None:
    store, model = table(container("a", "shop"), container("b", "shop", state="exited"))
    assert model.index(0, STATE).data() == "1 of 2 running"
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last, _roles: told.append(first.row()))
    store.apply([container("b", "shop")])
    assert model.index(0, STATE).data() == "2 of 2 running"
    assert told == [0]


def test_closed_group_hides_its_rows_and_still_stands_for_them() -> None:
    store, model = table(container("a", "shop"), container("b", "shop"))
    model.set_open("shop", False)
    store.apply([container("c", "shop")])
    assert shown(model) == ["[shop]"]
    assert [record.name for record in model.members(0)] == ["a", "b", "c"]
    assert model.matching() == 3
    model.set_filter("name:b")
    assert [record.name for record in model.members(0)] == ["b"]
    model.set_open("shop", True)
    assert shown(model) == ["[shop]", "b"]


def test_group_stays_selected_while_rows_come_and_goes_with_its_last() -> None:
    store, model = table(container("a", "shop"))
    selection = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag
    selection.select(model.index(0, 0), flags.Select | flags.Rows)
    store.apply([container("z", "blog")])
    assert [model.group(index.row()).name for index in selection.selectedRows()] == ["shop"]  # type: ignore[union-attr]
    store.apply(removed=["id-a"])
    assert not selection.hasSelection()


def test_any_history_in_groups_ends_as_a_fresh_table(checked: Checked) -> None:
    chance = random.Random(11)
    store, model = table()
    checked(model)
    for _ in range(200):
        names = [f"c{chance.randrange(40)}" for _ in range(chance.choice((1, 3, 20)))]
        match chance.randrange(6):
            case 0 | 1:
                store.apply(
                    container(name, chance.choice(("", "shop", "blog")), state=chance.choice(("running", "exited")))
                    for name in dict.fromkeys(names)
                )
            case 2:
                store.apply(removed=[f"id-{name}" for name in names])
            case 3:
                model.sort(chance.randrange(7), chance.choice(list(Qt.SortOrder)))
            case 4:
                model.set_open(chance.choice(("", "shop")), chance.choice((True, False)))
            case _:
                model.set_filter(chance.choice(("", "c1", "status:exited")))
        fresh = containers_model()
        fresh.follow(store)
        fresh.set_grouped(True)
        fresh._terms, fresh._closed = model._terms, model._closed
        fresh.sort(model._column, Qt.SortOrder.DescendingOrder if model._descending else Qt.SortOrder.AscendingOrder)
        assert shown(model) == shown(fresh)
