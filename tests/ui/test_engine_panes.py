"""The containers and images panes: real widgets over real stores, offscreen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QToolTip, QWidget

from desktop.core.engine import Container, EngineLink, Image, Link, Port
from desktop.core.machine import MachineStatus, State
from desktop.core.store import Store
from desktop.models.container_columns import containers_model
from desktop.models.image_columns import images_model
from desktop.views.container_pane import ContainerPane
from desktop.views.filter_bar import LEAST_FILTER_PX
from desktop.views.image_pane import ImagePane
from desktop.views.plain import PlainLabel

RUNNING, UP = MachineStatus(state=State.RUNNING), EngineLink(Link.UP)


def container(name: str, **changes: Any) -> Container:
    return replace(Container(id=f"id-{name}", name=name, image="busybox", state="running"), **changes)


class Shown:
    """A pane in a window of its own, and the wishes that it said."""

    def __init__(self) -> None:
        self.store: Store[Container] = Store(lambda record: record.id)
        self.pane = ContainerPane(containers_model())
        self.pane.model.follow(self.store)
        self.wishes: list[Any] = []
        self.pane.act_requested.connect(lambda act, ids: self.wishes.append((act, ids)))
        self.pane.verb_requested.connect(lambda verb: self.wishes.append(f"{verb} machine"))
        self.pane.console_requested.connect(lambda: self.wishes.append("console"))
        self.pane.retry_requested.connect(lambda: self.wishes.append("retry"))
        self.pane.link_requested.connect(lambda link: self.wishes.append(link))
        self.pane.resize(1000, 500)
        self.pane.show_situation(RUNNING, UP)
        self.pane.show()

    def put(self, *records: Container) -> None:
        self.store.apply(records)
        until(lambda: self.part(QLineEdit, "containers_filter").isEnabled())

    def part(self, kind: type[Any], name: str) -> Any:
        found = self.pane.findChild(kind, name)
        assert found is not None, name
        return found

    def button(self, act: str) -> QPushButton:
        return self.part(QPushButton, f"containers_{act}")

    def select(self, *names: str) -> None:
        table = self.pane.table
        table.clearSelection()
        for name in names:
            index = self.pane.model.index(self.pane.model.place(f"id-{name}"), 0)
            flags = QItemSelectionModel.SelectionFlag
            table.selectionModel().select(index, flags.Select | flags.Rows)

    def face(self) -> str:
        label = self.part(QLabel, "containers_face_what")
        return label.text() if label.isVisible() else ""


@pytest.fixture
def shown() -> Iterator[Shown]:
    made = Shown()
    yield made
    made.pane.close()
    made.pane.deleteLater()


def until(what: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        QTest.qWait(5)


@pytest.mark.parametrize(
    ("state", "link", "words", "wish"),
    [
        (State.STOPPED, Link.OFF, "The machine is stopped", "start machine"),
        (State.FAILED, Link.OFF, "The machine failed", "start machine"),
        (State.SUSPENDED, Link.OFF, "The machine is suspended", "start machine"),
        (State.STARTING, Link.OFF, "The machine is starting", "console"),
        (State.STOPPING, Link.LOST, "The machine is stopping", "console"),
        (State.RUNNING, Link.CONNECTING, "Connecting to the engine", "console"),
        (State.RUNNING, Link.LOST, "The engine does not answer", "retry"),
    ],
)
def test_each_situation_has_its_face_and_the_button_that_helps(
    shown: Shown, state: State, link: Link, words: str, wish: str
) -> None:
    shown.pane.show_situation(MachineStatus(state=state, detail="disk full\nmore"), EngineLink(link, "Why."))
    assert shown.face() == words
    shown.part(QPushButton, "containers_face_button").click()
    assert shown.wishes == [wish]


def test_while_the_rest_is_read_rows_are_there_and_nothing_is_done_with_them(shown: Shown) -> None:
    shown.pane.show_situation(RUNNING, EngineLink(Link.READING))
    assert shown.face() == "Connecting to the engine"
    shown.put(container("web"), container("db"))
    shown.select("web")
    summary = shown.part(QLabel, "containers_summary")
    assert shown.face() == "" and summary.text() == "2 so far, more are being read"
    assert not shown.button("stop").isEnabled() and not shown.button("run").isEnabled()
    shown.pane.show_situation(RUNNING, UP)
    assert summary.text() == "2 of 2 running" and shown.button("stop").isEnabled()


def test_empty_engine_offers_to_run_one(shown: Shown) -> None:
    assert shown.face() == "No containers yet"
    shown.part(QPushButton, "containers_face_button").click()
    assert shown.wishes == [("run", [])]
    shown.put(container("a"))
    assert shown.face() == ""


def test_acts_are_offered_where_they_fit(shown: Shown) -> None:
    shown.put(
        container("up"), container("down", state="exited"), container("busy", busy="stopping"),
        container("going", busy="removing"),
    )  # fmt: skip
    offered = {}
    for name in ("up", "down", "busy", "going"):
        shown.select(name)
        acts = ("start", "stop", "restart", "remove")
        offered[name] = [act for act in acts if shown.button(act).isEnabled()]
    assert offered == {
        "up": ["stop", "restart", "remove"],
        "down": ["start", "restart", "remove"],
        "busy": ["remove"],
        "going": [],
    }


def test_act_goes_to_the_selected_rows_it_fits_and_changes_no_row(shown: Shown) -> None:
    shown.put(container("a"), container("b", state="exited"), container("c"))
    shown.select("a", "b", "c")
    shown.button("stop").click()
    assert shown.wishes == [("stop", ["id-a", "id-c"])]
    assert shown.pane.model.index(0, 2).data() == "Running"


def test_offers_follow_the_facts(shown: Shown) -> None:
    shown.put(container("a"))
    shown.select("a")
    shown.store.apply([container("a", state="exited")])
    until(lambda: shown.button("start").isEnabled() and not shown.button("stop").isEnabled())


def test_lost_engine_greys_the_rows_and_says_why(shown: Shown) -> None:
    shown.put(container("a"))
    shown.select("a")
    shown.pane.show_situation(RUNNING, EngineLink(Link.LOST, "Nobody listens on its socket."))
    assert shown.face() == ""
    assert not shown.pane.table.isEnabled()
    assert not shown.button("stop").isEnabled()
    assert "Nobody listens" in shown.part(QLabel, "containers_lost_words").text()
    shown.part(QPushButton, "containers_lost_retry").click()
    assert shown.wishes == ["retry"]
    shown.pane.show_situation(RUNNING, UP)
    assert shown.button("stop").isEnabled()


def test_who_was_in_the_rows_is_there_again_when_the_engine_is_back(shown: Shown) -> None:
    shown.put(container("a"))
    shown.pane.activateWindow()
    until(shown.pane.isActiveWindow)
    shown.pane.table.setFocus()
    shown.pane.show_situation(RUNNING, EngineLink(Link.LOST))
    assert shown.part(QPushButton, "containers_lost_retry").hasFocus()
    shown.pane.show_situation(RUNNING, UP)
    assert shown.pane.table.hasFocus()
    edit = shown.part(QLineEdit, "containers_filter")
    edit.setFocus()
    shown.pane.show_situation(RUNNING, EngineLink(Link.LOST))
    shown.pane.setFocus()  # who comes from a container meanwhile: rows that are greyed take no focus
    assert shown.part(QPushButton, "containers_lost_retry").hasFocus()
    edit.setFocus()
    for link in (EngineLink(Link.LOST), UP):
        shown.pane.show_situation(RUNNING, link)
        assert edit.hasFocus()


def test_keys_filter_then_act(shown: Shown) -> None:
    shown.put(container("web"), container("db"), container("webmail"))
    shown.pane.activateWindow()
    shown.pane.table.setFocus()
    QTest.keyClick(shown.pane.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    edit = shown.part(QLineEdit, "containers_filter")
    assert edit.hasFocus()
    QTest.keyClicks(edit, "web")
    assert shown.pane.model.rowCount() == 2
    assert shown.part(QLabel, "containers_summary").text() == "2 of 3"
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert shown.pane.table.hasFocus()
    QTest.keyClick(shown.pane.table, Qt.Key.Key_Delete)
    assert shown.wishes == [("remove", ["id-web"])]


def test_filter_without_a_match_offers_to_clear_it(shown: Shown) -> None:
    shown.put(container("web"))
    QTest.keyClicks(shown.part(QLineEdit, "containers_filter"), "<b>x")
    assert shown.face() == "Nothing matches “<b>x”"
    shown.part(QPushButton, "containers_face_button").click()
    assert shown.pane.model.rowCount() == 1


def test_menu_acts_and_copies_without_blocking(shown: Shown) -> None:
    shown.put(container("a"), container("b"))
    shown.select("a", "b")
    shown.pane.table.customContextMenuRequested.emit(QPoint(20, 20))
    menu = shown.part(QMenu, "containers_menu")
    by_name = {action.text(): action for action in menu.actions()}
    by_name["Copy ID"].trigger()
    assert QGuiApplication.clipboard().text() == "id-a\nid-b"
    by_name["Restart"].trigger()
    assert shown.wishes == [("restart", ["id-a", "id-b"])]
    menu.close()


def published(*ports: int) -> tuple[Port, ...]:
    return tuple(Port(80, "tcp", address, port) for port in ports for address in ("0.0.0.0", "::"))


def click_ports(shown: Shown, name: str, right_of_start_px: int) -> None:
    table, model = shown.pane.table, shown.pane.model
    column = next(number for number, column in enumerate(model.columns) if column.key == "ports")
    cell = table.visualRect(model.index(model.place(f"id-{name}"), column))
    where = QPoint(cell.left() + right_of_start_px, cell.center().y())
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)


def test_click_on_a_published_port_opens_it_and_beside_its_words_nothing(shown: Shown) -> None:
    shown.put(container("a", ports=published(8080)), container("b", ports=(Port(80),)))
    click_ports(shown, "a", 20)
    assert shown.wishes == ["http://127.0.0.1:8080/"]
    click_ports(shown, "a", 150)
    click_ports(shown, "b", 20)
    assert len(shown.wishes) == 1


def test_of_several_published_ports_one_is_chosen(shown: Shown) -> None:
    shown.put(container("a", ports=published(8080, 9090)))
    click_ports(shown, "a", 20)
    menu = shown.part(QMenu, "links_menu")
    assert [action.text() for action in menu.actions()] == [
        "Open http://127.0.0.1:8080/", "Open http://127.0.0.1:9090/"
    ]  # fmt: skip
    menu.actions()[1].trigger()
    assert shown.wishes == ["http://127.0.0.1:9090/"]
    menu.close()


def test_menu_opens_published_ports_of_the_selected_rows(shown: Shown) -> None:
    shown.put(container("a", ports=published(8080)), container("b"))
    shown.select("a", "b")
    shown.pane.table.customContextMenuRequested.emit(QPoint(20, 20))
    menu = shown.part(QMenu, "containers_menu")
    next(action for action in menu.actions() if action.text().startswith("Open http")).trigger()
    assert shown.wishes == ["http://127.0.0.1:8080/"]
    menu.close()


def test_a_name_of_stacked_marks_stays_in_its_row(shown: Shown) -> None:
    shown.put(container("a"), container("b"), container("c"))
    QTest.qWait(1)
    table = shown.pane.table
    above = table.visualRect(shown.pane.model.index(0, 0)).united(table.visualRect(shown.pane.model.index(1, 0)))
    before = table.viewport().grab().toImage().copy(above)
    shown.put(replace(container("c"), name="c" + "\u0301" * 60))
    QTest.qWait(1)
    assert table.viewport().grab().toImage().copy(above) == before


def test_tooltip_of_foreign_text_is_no_markup(shown: Shown) -> None:
    shown.put(container("a", image="<img src=/etc/passwd>\x1b"))
    table = shown.pane.table
    where = table.visualRect(shown.pane.model.index(0, 1)).center()
    event = QHelpEvent(QEvent.Type.ToolTip, where, table.viewport().mapToGlobal(where))
    QApplication.sendEvent(table.viewport(), event)
    assert "&lt;img" in QToolTip.text() and "<U+001B>" not in QToolTip.text()
    assert "&lt;U+001B&gt;" in QToolTip.text()
    QToolTip.hideText()


def test_samples_are_wished_only_while_rows_are_on_the_screen(shown: Shown) -> None:
    told: list[bool] = []
    shown.pane.shown_changed.connect(told.append)
    shown.put(container("a"))
    shown.pane.hide()
    shown.pane.show()
    shown.pane.show_situation(MachineStatus(state=State.STOPPED), EngineLink())
    assert told == [True, False, True, False]


def test_figures_are_measured_of_what_is_in_sight(shown: Shown) -> None:
    shown.put(*(container(f"c{number:03}") for number in range(200)))
    table, asked = shown.pane.table, list[None]()
    shown.pane.sight_changed.connect(lambda: asked.append(None))
    until(lambda: table.verticalScrollBar().maximum() > 0)
    first = shown.pane.measured()
    assert first is not None and "id-c000" in first and len(first) < 50
    table.scrollToBottom()
    last = shown.pane.measured()
    assert last is not None and "id-c199" in last and not first & last and asked
    QTest.keyClicks(shown.part(QLineEdit, "containers_filter"), "c007")
    until(lambda: shown.pane.measured() == {"id-c007"})
    cpu, memory = (next(n for n, c in enumerate(table.columns) if c.key == key) for key in ("cpu", "memory"))
    table.show_column(cpu, False)
    assert shown.pane.measured() == {"id-c007"}
    table.show_column(memory, False)
    assert shown.pane.measured() == set()
    table.show_column(cpu, True)
    table.sortByColumn(cpu, Qt.SortOrder.DescendingOrder)
    assert shown.pane.measured() is None


def test_narrow_pane_puts_its_buttons_under_the_filter(shown: Shown) -> None:
    shown.pane.resize(470, 400)
    until(lambda: shown.button("start").y() > shown.part(QLineEdit, "containers_filter").geometry().bottom())


@pytest.mark.parametrize("width", [470, 658, 700, 800, 860, 1000, 1600])
def test_the_bar_has_room_for_its_words_and_for_those_that_are_typed(shown: Shown, width: int) -> None:
    shown.pane.resize(width, 400)
    shown.put(*(container(f"c{number}") for number in range(12)))
    summary, edit = shown.part(PlainLabel, "containers_summary"), shown.part(QLineEdit, "containers_filter")
    until(lambda: summary.text().startswith("12"))
    until(lambda: summary.width() >= summary.sizeHint().width() and edit.width() >= LEAST_FILTER_PX)


@pytest.mark.parametrize("width", [658, 800, 1000, 1600])
def test_every_column_is_in_sight(shown: Shown, width: int) -> None:
    shown.pane.resize(width, 500)
    shown.put(container("web"))
    header, viewport = shown.pane.table.horizontalHeader(), shown.pane.table.viewport()
    until(lambda: header.length() == pytest.approx(viewport.width(), abs=6))


@pytest.mark.parametrize(("width", "least"), [(470, 130), (658, 86), (760, 130), (1000, 190)])
def test_the_name_keeps_its_room_longest(shown: Shown, width: int, least: int) -> None:
    shown.pane.resize(width, 500)
    shown.put(container("web"))
    header, viewport = shown.pane.table.horizontalHeader(), shown.pane.table.viewport()
    until(lambda: header.sectionSize(0) >= least - 2)  # of rounding
    if width > 650:  # where one need not scroll
        until(lambda: header.length() == pytest.approx(viewport.width(), abs=6))
    assert header.sectionSize(0) >= least - 2


def test_every_control_has_a_name_and_its_words(shown: Shown) -> None:
    shown.put(container("a"))
    for kind in (QPushButton, QLineEdit):
        for control in shown.pane.findChildren(kind):
            assert control.objectName() and control.accessibleName(), control
    controls: list[QWidget] = [shown.pane, shown.pane.table]
    assert all(control.objectName() and control.accessibleName() for control in controls)


def test_images_pane_removes_what_is_selected() -> None:
    store: Store[Image] = Store(lambda record: record.id)
    pane = ImagePane(images_model())
    pane.model.follow(store)
    wishes: list[Any] = []
    pane.act_requested.connect(lambda act, ids: wishes.append((act, ids)))
    pane.show_situation(RUNNING, UP)
    pane.show()
    store.apply([Image(id="sha256:1", tags=("a:1",), size_bytes=1_200_000), Image(id="sha256:2", busy="removing")])
    until(lambda: pane.table.isVisible())
    pane.table.selectAll()
    pane.findChild(QPushButton, "images_remove").click()
    assert wishes == [("remove", ["sha256:1"])]
    until(lambda: pane.findChild(QLabel, "images_summary").text() == "2 images, at most 1.2 MB")
    pane.show_total(900_000)
    assert pane.findChild(QLabel, "images_summary").text() == "2 images, 900.0 kB"
    pane.close()
    pane.deleteLater()
