"""Ctrl+1 and on: a page's own keys show it, with the focus in it to be seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from desktop.core.paths import Home
from desktop.shell.window import MainWindow
from desktop.views.lazy_page import LazyPage
from desktop.views.side_bar import PAGES

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(home: Home) -> Iterator[MainWindow]:
    made = MainWindow(QSettings(str(home.base / "window.ini"), QSettings.Format.IniFormat))
    for page in PAGES:
        tree = QTreeWidget()
        tree.addTopLevelItem(QTreeWidgetItem(["row"]))
        made.add_page(page, tree)
    made.show_page("overview")
    made.show()
    made.activateWindow()
    QTest.qWaitForWindowActive(made)
    yield made
    made.close()
    made.deleteLater()


def test_the_focus_is_in_the_page_and_seen_whether_it_was_shown_or_not(window: MainWindow) -> None:
    button = window.findChild(QWidget, "page_tasks")
    assert isinstance(button, QWidget)
    pages = (
        (window._pages["overview"], Qt.Key.Key_2, "containers"),
        (button, Qt.Key.Key_2, "containers"),
        (window._pages["containers"], Qt.Key.Key_4, "volumes"),
    )
    for before, key, page in pages:
        before.setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.keyClick(window, key, CTRL)
        assert window.page() == page
        assert window.focusWidget() is window._pages[page]
        assert window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # a style draws the focus only then


def test_the_keys_of_the_notices_open_them_once(window: MainWindow) -> None:
    asked = list[None]()
    window.side_bar.notices_requested.connect(lambda: asked.append(None))
    QTest.keyClick(window, Qt.Key.Key_9, CTRL)
    QTest.qWait(200)
    assert asked == [None]


def test_a_page_that_is_made_when_it_is_shown_is_there_at_once(window: MainWindow) -> None:
    """A log that was opened at the first look at its page did not get the focus."""
    tree = QTreeWidget()
    place = LazyPage("place", lambda: tree)
    window.add_page("place", place)
    window._stack.setCurrentWidget(place)
    assert tree.isVisible()
