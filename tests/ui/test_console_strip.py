"""The strip over the consoles: where its plus stands."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QToolButton

from desktop.views.console_strip import ConsoleStrip


@pytest.mark.usefixtures("application")
def test_the_plus_follows_the_last_tab_and_stays_in_sight() -> None:
    strip = ConsoleStrip("Machine")
    strip.resize(700, 34)
    strip.show()
    bar, plus = strip.findChild(QTabBar, "console_tabs"), strip.findChild(QToolButton, "console_new")
    assert bar is not None and plus is not None

    def gap() -> int:
        """From the right edge of the last tab to the plus."""
        QTest.qWait(20)
        right = bar.mapTo(strip, QPoint(bar.tabRect(bar.count() - 1).right(), 0)).x()
        return plus.x() - right

    assert 0 <= gap() <= 10
    strip.add("web", "Close web", lambda: None)
    assert 0 <= gap() <= 10
    for number in range(12):
        strip.add(f"shell {number}", "Close it", lambda: None)
    QTest.qWait(20)
    assert plus.geometry().right() <= strip.width()
    while strip.count > 1:
        strip.remove(strip.count - 1)
    assert 0 <= gap() <= 10
    strip.deleteLater()
    QApplication.processEvents()
