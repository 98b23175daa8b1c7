"""The strip over the consoles: where its plus stands."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTabBar, QToolButton

from desktop.views.console_strip import ConsoleStrip
from desktop.views.theme import LIGHT, style_sheet
from tests.helpers.shell_pty import until


@pytest.mark.usefixtures("application")
def test_the_plus_follows_the_last_tab_and_stays_in_sight() -> None:
    strip = ConsoleStrip("Machine")
    strip.resize(700, 34)
    strip.show()
    bar, plus = strip.findChild(QTabBar, "console_tabs"), strip.findChild(QToolButton, "console_new")
    assert bar is not None and plus is not None

    def follows() -> bool:
        right = bar.mapTo(strip, QPoint(bar.tabRect(bar.count() - 1).right(), 0)).x()
        return 0 <= plus.x() - right <= 10

    until(follows)
    strip.add("web", "Close web", lambda: None)
    until(follows)
    for number in range(12):
        strip.add(f"shell {number}", "Close it", lambda: None)
    until(lambda: plus.geometry().right() <= strip.width())
    strip.add("a container with a long name", "Close it", lambda: None)
    until(lambda: bar.tabRect(bar.count() - 1).width() >= 120)  # it is scrolled, and names are not cut to nothing
    while strip.count > 1:
        strip.remove(strip.count - 1)
    until(follows)
    strip.deleteLater()
    QApplication.processEvents()


@pytest.mark.usefixtures("application")
def test_a_second_tab_takes_no_room_from_the_terminals() -> None:
    """Else the guest's tty had another size with it, and its programs drew themselves anew."""
    strip = ConsoleStrip("Machine")
    strip.setStyleSheet(style_sheet(LIGHT, QApplication.font().pointSizeF()))
    strip.show()
    before = strip.sizeHint().height()
    strip.add("web", "Close web", lambda: None)
    QTest.qWait(50)
    assert strip.sizeHint().height() == before
    strip.deleteLater()


def test_a_name_is_left_as_it_was_with_escape_and_whole_in_the_tabs_hint() -> None:
    strip = ConsoleStrip("Machine")
    strip.resize(700, 34)
    strip.show()
    strip.add("<b>web</b>", "Close web", lambda: None)
    bar = strip.findChild(QTabBar, "console_tabs")
    assert bar is not None
    left: list[bool] = []
    strip.renamed.connect(lambda: (left.append(True), bar.setFocus()))
    strip.activateWindow()
    for typed in ("", "other"):
        strip.rename(lambda: 1)
        line = strip.findChild(QLineEdit, "console_rename")
        assert line is not None
        until(line.hasFocus)
        QTest.keyClicks(line, typed)
        QTest.keyClick(line, Qt.Key.Key_Escape)
        until(lambda: strip.findChild(QLineEdit, "console_rename") is None)
    assert (left, bar.tabText(1)) == ([True, True], "<b>web</b>")
    assert bar.tabToolTip(1) == "<span>&lt;b&gt;web&lt;/b&gt;</span>"
    strip.deleteLater()
    QApplication.processEvents()
