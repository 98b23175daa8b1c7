"""The files of a container as the window passes them on: no name and no size is another one on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.core.container_files import Entry, Kind, Listing, Preview
from desktop.views.detail.files_tab import FilesTab
from tests.helpers.shell_pty import until

LARGE = 3 << 30


@pytest.fixture
def tab() -> Iterator[FilesTab]:
    made = FilesTab()
    made.show_running(True)
    yield made
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def show(tab: FilesTab, *entries: Entry) -> None:
    tab.show_listing(Listing(path="/data", entries=entries))


def pressed(tab: FilesTab, name: str) -> None:
    button = tab.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    button.click()


def test_a_file_of_more_than_two_gigabytes_is_saved(tab: FilesTab, tmp_path: Path) -> None:
    show(tab, Entry(name="dump.sql", kind=Kind.FILE, size_bytes=LARGE))
    wanted: list[tuple[Any, ...]] = []
    tab.save_wanted.connect(lambda *what: wanted.append(what))
    pressed(tab, "files_save")
    dialog = tab.findChild(QFileDialog, "files_save_dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "dump.sql"))
    assert wanted == [("/data/dump.sql", False, str(tmp_path / "dump.sql"), LARGE)]


def test_a_name_that_fills_all_its_room_is_saved_with_an_ending(tab: FilesTab) -> None:
    """With one more letter this computer has no such file; the dialog proposed it all the same."""
    show(tab, Entry(name="漢" * 85, kind=Kind.FOLDER))
    pressed(tab, "files_save")
    dialog = tab.findChild(QFileDialog, "files_save_dialog")
    assert dialog is not None
    (proposed,) = dialog.selectedFiles()
    assert proposed.endswith(".tar") and len(Path(proposed).name.encode()) <= 255


def test_a_name_that_is_no_utf8_stays_itself(tab: FilesTab, tmp_path: Path) -> None:
    """As a `str` of Qt it would lose that byte, and be the name of the other file."""
    show(tab, Entry(name="a\udcffb", kind=Kind.FILE), Entry(name="ab", kind=Kind.FILE))
    wanted: list[Any] = []
    for signal in (tab.delete_wanted, tab.path_wanted):
        signal.connect(wanted.append)
    tab.save_wanted.connect(lambda path, *_: wanted.append(path))
    tab.table.setCurrentIndex(tab.model.index(tab.model.row_of("a\udcffb"), 0))
    pressed(tab, "files_delete")
    tab.table.activated.emit(tab.table.currentIndex())
    pressed(tab, "files_save")
    dialog = tab.findChild(QFileDialog, "files_save_dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "ab"))
    assert wanted == ["/data/a\udcffb"] * 3
    show(tab)
    tab.show_listing(Listing(path="/data/\udcff"))
    tab.send_wanted.connect(lambda folder, _files: wanted.append(folder))
    tab.send_wanted.emit(tab.folder, [str(tmp_path)])
    assert wanted[-1] == "/data/\udcff"


def test_a_click_on_a_header_leaves_the_file_at_hand(tab: FilesTab) -> None:
    show(tab, Entry(name="a", kind=Kind.FILE, size_bytes=1), Entry(name="b", kind=Kind.FILE, size_bytes=2))
    tab.table.setCurrentIndex(tab.model.index(tab.model.row_of("a"), 0))
    tab.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert tab.model.row_of("b") == 0
    assert tab.model.entry(tab.table.currentIndex()) == Entry(name="a", kind=Kind.FILE, size_bytes=1)
    assert [index.row() for index in tab.table.selectionModel().selectedRows()] == [1]


@pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning")
def test_nothing_is_dropped_where_no_folder_could_be_read(tab: FilesTab, tmp_path: Path) -> None:
    """It would go into the folder before, which the line above does not say."""
    show(tab, Entry(name="a", kind=Kind.FILE))
    sent: list[tuple[Any, ...]] = []
    tab.send_wanted.connect(lambda *what: sent.append(what))
    assert dropped(tab, tmp_path) and len(sent) == 1
    tab.show_waiting("/other")
    assert not dropped(tab, tmp_path)
    tab.show_problem("There is no /other in the container.")
    assert not dropped(tab, tmp_path) and len(sent) == 1


def dropped(tab: FilesTab, path: Path) -> bool:
    """Whether it was taken."""
    mime, where = QMimeData(), QPoint(5, 5)
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, copy, mime, left, none)
    enter.ignore()
    QApplication.sendEvent(tab, enter)
    drop = QDropEvent(where.toPointF(), copy, mime, left, none)
    drop.ignore()
    QApplication.sendEvent(tab, drop)
    return enter.isAccepted() or drop.isAccepted()


def test_what_the_line_does_not_say_any_more_is_neither_saved_nor_deleted(tab: FilesTab) -> None:
    """A file was read, and another one is being read or could not be."""
    show(tab, Entry(name="a", kind=Kind.FILE))
    tab.show_preview(Preview(path="/data/a", text="a"))
    wanted: list[Any] = []
    for signal in (tab.delete_wanted, tab.path_wanted):
        signal.connect(wanted.append)
    for say in (lambda: tab.show_waiting("/etc/b"), lambda: tab.show_problem("There is no /etc/b in the container.")):
        say()
        pressed(tab, "files_delete")
        pressed(tab, "files_save")
        assert wanted == [] and tab.findChild(QFileDialog, "files_save_dialog") is None
    pressed(tab, "files_again")
    assert wanted == ["/etc/b"]
    tab.show_waiting("/bin/b")
    tab.show_preview(Preview(path="/bin/b", text=None))  # no text: it can be saved
    pressed(tab, "files_delete")
    assert wanted == ["/etc/b", "/bin/b"]


def test_the_file_at_hand_stays_it_where_the_folder_is_read_again(tab: FilesTab) -> None:
    """An upload ends at any time: Delete and Save were about the first one after that."""
    show(tab, *(Entry(name=name, kind=Kind.FILE) for name in "bcdef"))
    tab.table.setCurrentIndex(tab.model.index(tab.model.row_of("d"), 0))
    tab.show_waiting("/data")
    show(tab, *(Entry(name=name, kind=Kind.FILE) for name in "abcdef"))
    assert at_hand(tab) == "d"
    tab.show_waiting("/data")
    show(tab, *(Entry(name=name, kind=Kind.FILE) for name in "abcef"))
    assert at_hand(tab) == "e"
    tab.show_listing(Listing(path="/other", entries=(Entry(name="x", kind=Kind.FILE), Entry(name="y", kind=Kind.FILE))))
    assert at_hand(tab) == "x"
    tab.show_listing(Listing(path="/", entries=(Entry(name="a", kind=Kind.FILE), Entry(name="b", kind=Kind.FILE))))
    tab.table.setCurrentIndex(tab.model.index(1, 0))
    tab.begin()  # another container
    assert not tab.model.has("b") and not tab.model.tells_all_of("/")
    tab.show_listing(Listing(path="/", entries=(Entry(name="a", kind=Kind.FILE), Entry(name="b", kind=Kind.FILE))))
    assert at_hand(tab) == "a"


def test_a_menu_acts_on_the_file_it_was_opened_for(tab: FilesTab) -> None:
    show(tab, *(Entry(name=name, kind=Kind.FILE) for name in "ab"))
    wanted: list[str] = []
    tab.delete_wanted.connect(wanted.append)
    tab.table.setCurrentIndex(tab.model.index(1, 0))
    tab.table.customContextMenuRequested.emit(QPoint())
    show(tab, Entry(name="a", kind=Kind.FILE))
    menu = tab.findChild(QMenu, "files_menu")
    assert isinstance(menu, QMenu)
    menu.actions()[-1].trigger()
    assert wanted == []


def path_line(tab: FilesTab) -> QLineEdit:
    """With the keyboard in it."""
    line = tab.findChild(QLineEdit, "files_path")
    assert isinstance(line, QLineEdit)
    line.setFocus()
    until(line.hasFocus)
    return line


def test_a_path_that_is_being_typed_is_not_written_over(tab: FilesTab) -> None:
    tab.show()
    tab.activateWindow()
    line = path_line(tab)
    line.selectAll()
    QTest.keyClicks(line, "/va")
    tab.show_waiting("/data")
    show(tab, Entry(name="a", kind=Kind.FILE))
    QTest.keyClicks(line, "r")
    assert line.text() == "/var"
    wanted: list[str] = []
    tab.path_wanted.connect(wanted.append)
    QTest.keyClick(line, Qt.Key.Key_Return)
    tab.show_waiting("/var")
    tab.show_listing(Listing(path="/run"))  # where the link leads
    assert wanted == ["/var"] and line.text() == "/run"
    tab.show_listing(Listing(path="/a \udcff "))
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert wanted[1:] == ["/a \udcff "]


def test_escape_in_the_path_line_sets_it_back_and_leads_to_the_files(tab: FilesTab) -> None:
    """It closed the whole pane, with what was typed."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(tab)
    left: list[bool] = []
    back = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
    back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    back.activated.connect(lambda: left.append(True))
    show(tab, Entry(name="a", kind=Kind.FILE))
    page.show()
    page.activateWindow()
    line = path_line(tab)
    QTest.keyClicks(line, "/etc")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (left, line.text(), tab.table.hasFocus()) == ([], "/data", True)
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Escape)  # nothing was typed
    assert (left, tab.table.hasFocus()) == ([], True)
    QTest.keyClick(tab.table, Qt.Key.Key_Escape)
    assert left == [True]
    tab.setParent(None)
    page.deleteLater()


def at_hand(tab: FilesTab) -> str:
    entry = tab.model.entry(tab.table.currentIndex())
    return entry.name if entry is not None else ""
