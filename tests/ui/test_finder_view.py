"""A finder whose things come and go while it is open: who has moved to one has it at hand, and Return takes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QWidget

from desktop.models.finder import Entry, find
from desktop.views.finder import Finder


@pytest.fixture
def window() -> Iterator[QWidget]:
    made = QWidget()
    made.resize(700, 500)
    yield made
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_what_comes_later_moves_no_choice(window: QWidget) -> None:
    """The palette's volumes come a moment after it: the row at hand jumped to the first, which Return then did."""
    entries = [Entry("Stop the machine"), Entry("web", "Container", "1"), Entry("web", "Container", "2")]
    finder = Finder(window, "finder", "Find", "Find", lambda text: find(entries, text))
    taken: list[Entry] = []
    finder.answered.connect(taken.append)
    line, rows = finder.findChild(QLineEdit), finder.findChild(QListWidget)
    assert line is not None and rows is not None
    for _ in range(2):
        QTest.keyClick(line, Qt.Key.Key_Down)
    entries[:] = [Entry("data", "Volume", "data"), *map(replaced, entries)]
    finder.refresh()
    assert rows.currentRow() == 3
    entries.pop()
    finder.refresh()
    assert rows.currentRow() == 0  # what was at hand is gone
    QTest.keyClick(line, Qt.Key.Key_Down)
    line.setText("web")
    assert rows.currentRow() == 0  # another text: the best comes first
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert [entry.words for entry in taken] == ["1"]


def replaced(entry: Entry) -> Entry:
    """The same thing as another record of it."""
    return Entry(entry.title, entry.detail, entry.words, object())
