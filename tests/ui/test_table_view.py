"""Groups, columns and what is kept of them: the containers pane, offscreen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from desktop.core.engine import Container, EngineLink, Link
from desktop.core.machine import MachineStatus, State
from desktop.core.store import Store
from desktop.models.container_columns import containers_model
from desktop.views.cell_delegate import PADDING_PX
from desktop.views.container_pane import ContainerPane
from desktop.views.state_mark import SIZE_PX
from desktop.views.table_memory import TableMemory
from tests.helpers.shell_pty import until

IMAGE, CPU = 1, 4


def container(name: str, project: str = "", state: str = "running") -> Container:
    labels = (("com.docker.compose.project", project),) if project else ()
    return Container(id=f"id-{name}", name=name, image="busybox", state=state, labels=labels)


class Shown:
    def __init__(self, memory: Path) -> None:
        self.store: Store[Container] = Store(lambda record: record.id)
        self.pane = ContainerPane(containers_model())
        self.pane.remember_in(QSettings(str(memory), QSettings.Format.IniFormat))
        self.pane.model.follow(self.store)
        self.wishes: list[Any] = []
        self.pane.act_requested.connect(lambda act, ids: self.wishes.append((act, ids)))
        self.pane.resize(1000, 500)
        self.pane.show_situation(MachineStatus(state=State.RUNNING), EngineLink(Link.UP))
        self.pane.show()
        self.store.apply(
            [container("web", "shop"), container("db", "shop"), container("job", "shop", "exited"), container("x")]
        )
        while not self.pane.table.isVisible():
            QTest.qWait(5)

    def menu(self, *names: str) -> None:
        """Triggers entries of the View menu."""
        for name in names:
            button = self.pane.findChild(QPushButton, "containers_view")
            assert button is not None
            button.click()
            menu = self.pane.findChild(QMenu, "containers_view_menu")
            assert menu is not None
            inner = [action for made in menu.findChildren(QMenu) for action in made.actions()]
            next(action for action in (*menu.actions(), *inner) if action.objectName() == name).trigger()
            menu.close()
            QTest.qWait(0)

    def rows(self) -> list[str]:
        model = self.pane.model
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def close(self) -> None:
        memory = self.pane.table.findChild(TableMemory)
        assert memory is not None
        memory.save()
        self.pane.close()
        self.pane.deleteLater()


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    made = Shown(tmp_path / "window.ini")
    yield made
    made.close()


def test_the_page_takes_keys_when_it_is_shown(shown: Shown) -> None:
    shown.pane.activateWindow()
    shown.pane.setFocus()  # as the window does with a page
    QTest.keyClick(shown.pane.focusWidget() or shown.pane, Qt.Key.Key_Down)
    QTest.keyClick(shown.pane.focusWidget() or shown.pane, Qt.Key.Key_Return)
    assert [act for act, _ in shown.wishes] == ["logs"]


def test_act_on_a_group_goes_to_all_of_it_that_fits(shown: Shown) -> None:
    shown.menu("containers_group_action")
    assert shown.rows() == ["shop", "db", "job", "web", "No project", "x"]
    shown.pane.table.selectRow(0)
    stop = shown.pane.findChild(QPushButton, "containers_stop")
    assert stop is not None
    stop.click()
    assert shown.wishes == [("stop", ["id-db", "id-web"])]


def test_row_that_is_selected_with_its_group_counts_once(shown: Shown) -> None:
    shown.menu("containers_group_action")
    shown.pane.table.selectAll()
    assert [record.name for record in shown.pane.selected()] == ["db", "job", "web", "x"]


def test_group_closes_and_opens_by_keys_and_by_its_arrow(shown: Shown) -> None:
    shown.menu("containers_group_action")
    table = shown.pane.table
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert shown.rows() == ["shop", "No project", "x"]
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert len(shown.rows()) == 6
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert len(shown.rows()) == 3
    cell = table.visualRect(shown.pane.model.index(0, 0))
    where = QPoint(cell.left() + PADDING_PX + 4, cell.center().y())
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert len(shown.rows()) == 6
    assert shown.wishes == []


def test_arrow_of_a_group_is_seen_when_it_is_selected(shown: Shown) -> None:
    """In the colour of the words beside it, as it is when it is not selected."""
    shown.menu("containers_group_action")
    table = shown.pane.table
    palette = QPalette()
    for role, colour in ((QPalette.ColorRole.Highlight, "#0000ff"), (QPalette.ColorRole.HighlightedText, "#ffff00")):
        palette.setColor(role, colour)
    table.setPalette(palette)
    table.selectRow(0)
    cell = table.visualRect(shown.pane.model.index(0, 0))
    image = table.viewport().grab(QRect(cell.left() + PADDING_PX, cell.top(), SIZE_PX, cell.height())).toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    assert max(colour.red() for colour in colours) > 120


def test_view_is_as_it_was_left(tmp_path: Path) -> None:
    first = Shown(tmp_path / "left.ini")
    first.menu("containers_group_action", "containers_column_image")
    first.pane.table.sortByColumn(CPU, Qt.SortOrder.DescendingOrder)
    first.pane.table.horizontalHeader().resizeSection(0, 333)
    first.close()
    second = Shown(tmp_path / "left.ini")
    table, header = second.pane.table, second.pane.table.horizontalHeader()
    assert second.rows()[0] == "shop"
    assert table.isColumnHidden(IMAGE)
    assert not table.isColumnHidden(CPU)
    assert table.columnWidth(0) == 333
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (CPU, Qt.SortOrder.DescendingOrder)
    second.menu("containers_column_image")
    assert not table.isColumnHidden(IMAGE)
    second.close()


def test_columns_are_sorted_and_moved_without_a_mouse(shown: Shown) -> None:
    header = shown.pane.table.horizontalHeader()
    shown.menu("containers_sort_state")
    assert shown.rows() == ["db", "web", "x", "job"]
    shown.menu("containers_sort_descending")
    assert shown.rows() == ["job", "db", "web", "x"]
    shown.menu("containers_sort_name")
    assert shown.rows() == ["x", "web", "job", "db"]
    shown.menu("containers_column_image", "containers_left_state")  # over the one that is hidden
    assert [header.logicalIndex(place) for place in range(3)] == [2, 0, IMAGE]
    shown.menu("containers_right_state", "containers_right_state")
    assert [header.logicalIndex(place) for place in range(4)] == [0, IMAGE, 3, 2]


def test_left_is_where_it_is_seen(shown: Shown) -> None:
    shown.pane.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    header = shown.pane.table.horizontalHeader()
    shown.menu("containers_left_name")
    assert [header.logicalIndex(place) for place in range(2)] == [IMAGE, 0]


def test_what_another_version_left_is_no_guide(tmp_path: Path) -> None:
    memory = QSettings(str(tmp_path / "old.ini"), QSettings.Format.IniFormat)
    memory.setValue("containers/columns", "name size")
    memory.setValue("containers/header", b"what is this")
    memory.sync()
    shown = Shown(tmp_path / "old.ini")
    assert not any(shown.pane.table.isColumnHidden(number) for number in range(7))
    shown.close()


def test_change_is_kept_without_an_orderly_end(shown: Shown, tmp_path: Path) -> None:
    shown.menu("containers_column_cpu")

    def is_kept() -> bool:
        kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        kept.sync()
        return kept.value("containers/header") is not None

    until(is_kept)


def test_keys_alone_lead_to_a_row_and_its_menu(shown: Shown) -> None:
    """The focus came before the first rows, and was nowhere."""
    table = shown.pane.table
    shown.pane.activateWindow()
    table.setFocus(Qt.FocusReason.ShortcutFocusReason)
    until(table.hasFocus)
    shown.store.apply([], [record.id for record in shown.store])
    table.selectionModel().clear()
    table.setFocus(Qt.FocusReason.ShortcutFocusReason)
    shown.store.apply([container("a"), container("b")])
    table.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert table.currentIndex().row() == 0 and not table.selectionModel().hasSelection()
    by_key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(40, 40), QPoint(40, 40))
    QGuiApplication.sendEvent(table, by_key)
    (menu,) = (each for each in table.findChildren(QMenu) if each.isVisible())
    assert [record.name for record in shown.pane.selected()] == ["a"]
    menu.close()
