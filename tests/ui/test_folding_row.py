"""Buttons that have no room in their line are in the menu at its end, and do the same there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QMenu, QPushButton

from desktop.views.card import button
from desktop.views.folding_row import FoldingRow


class Row:
    def __init__(self) -> None:
        self.clicked: list[str] = []
        names = ("first", "second", "third")
        self.buttons = [button(name, name, lambda name=name: self.clicked.append(name)) for name in names]
        self.buttons[2].setCheckable(True)
        self.row = FoldingRow("row", self.buttons)
        self.row.show()

    def at(self, width: int) -> list[str]:
        """What is seen in a line so wide."""
        self.row.resize(width, 40)
        return [made.objectName() for made in self.row.findChildren(QPushButton) if made.isVisible()]

    def menu(self) -> QMenu:
        found = self.row.findChild(QMenu, "row_menu")
        assert found is not None
        found.aboutToShow.emit()
        return found


@pytest.fixture
def made() -> Iterator[Row]:
    row = Row()
    yield row
    row.row.close()
    row.row.deleteLater()


def test_what_has_no_room_is_in_the_menu(made: Row) -> None:
    whole = made.row.sizeHint().width()
    assert made.at(whole) == ["first", "second", "third"]
    assert made.at(whole - 1) == ["first", "second", "row_more"] or made.at(whole - 1) == ["first", "row_more"]
    assert made.at(made.row.minimumSizeHint().width()) == ["first", "row_more"]
    actions = made.menu().actions()
    assert [action.text() for action in actions] == ["second", "third"]
    actions[0].trigger()
    assert made.clicked == ["second"]
    assert made.at(whole) == ["first", "second", "third"]


def test_what_is_switched_on_is_so_in_the_menu_too(made: Row) -> None:
    made.at(made.row.minimumSizeHint().width())
    third = made.menu().actions()[1]
    assert third.isCheckable() and not third.isChecked()
    third.trigger()
    assert made.buttons[2].isChecked() and made.menu().actions()[1].isChecked()
