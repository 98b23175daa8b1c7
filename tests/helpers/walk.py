"""Looks at every widget, action and cell of the program for what text from outside could do to it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QMetaType, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QToolTip,
    QWidget,
)

_CONTROLS = (
    QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QAbstractSlider,
)  # fmt: skip
_ROLES = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole, Qt.ItemDataRole.AccessibleTextRole,
)  # fmt: skip
_NOT_SHOWN = ("objectName", "styleSheet", "inputMask")
_OF_MANY_LINES = ("toolTip", "accessibleName", "accessibleDescription", "plainText")
_READ_AS_MARKUP = ("toolTip", "whatsThis")
_DIRECTIONS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_SHORTCUT = re.compile(r"\tCtrl\+Shift\+[A-Z]$")  # which a menu shows at its right
_MARKS = "\u200e\u200f\u061c"


def faults() -> list[str]:
    """What is wrong with anything that there is, shown or hidden, each with the name of its place."""
    found: list[str] = []
    names: Counter[str] = Counter()
    for widget in QApplication.allWidgets():
        if _is_qts_own(widget):
            continue
        place = _place(widget)
        found += [f"{place} {fault}" for fault in _faults_of(widget)]
        for action in widget.actions():
            found += [f"{place} {action.objectName()!r} {fault}" for fault in _faults_of_action(action, widget)]
        if isinstance(widget, QAbstractItemView):
            found += [f"{place} {fault}" for fault in _faults_of_cells(widget)]
        if _is_control(widget):
            names[widget.objectName()] += 1
            if not widget.accessibleName().strip() and not _is_empty_label(widget):
                found.append(f"{place} has no accessible name")
    for action in _actions():
        names[action.objectName()] += 1
    found += [f"{count} controls are called {name!r}" for name, count in names.items() if count > 1]
    return found


def shown_texts() -> Iterator[str]:
    """Every text of a widget that can be seen, and of every action."""
    for widget in QApplication.allWidgets():
        if widget.isVisible():
            yield from _texts(widget).values()
    for action in _actions():
        yield action.text()


def _faults_of(widget: QWidget) -> Iterator[str]:
    many = isinstance(widget, QLabel) and widget.wordWrap()
    typed = ("text", "displayText") if isinstance(widget, QLineEdit) and not widget.isReadOnly() else ()
    for name, text in _texts(widget).items():
        if name not in typed:
            yield from _faults_of_text(name, text, many or name in _OF_MANY_LINES)
    if isinstance(widget, QLabel | QMessageBox) and widget.textFormat() is not Qt.TextFormat.PlainText:
        yield "could show markup"
    if isinstance(widget, QTextEdit):
        yield "shows markup"
    if isinstance(widget, QComboBox):
        for index in range(widget.count()):
            yield from _faults_of_text(f"item {index}", widget.itemText(index), False)


def _faults_of_action(action: QAction, widget: QWidget) -> Iterator[str]:
    if action.isSeparator() or action.objectName().startswith("_q_"):
        return
    for name, text in _texts(action).items():
        if name not in _READ_AS_MARKUP or not isinstance(widget, QMenu) or widget.toolTipsVisible():
            yield from _faults_of_text(name, _SHORTCUT.sub("", text), False)
    if "a&b" in action.text():
        yield "takes an ampersand for a shortcut"
    if not action.text().strip():
        yield "has no text"


def _faults_of_cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    if model is None or isinstance(view, QHeaderView):
        return
    for column in range(model.columnCount(QModelIndex())):
        title = model.headerData(column, Qt.Orientation.Horizontal)
        yield from _faults_of_text(f"header {column}", str(title or ""), False)
        for row in range(model.rowCount(QModelIndex())):
            index = model.index(row, column)
            for role in _ROLES:
                text = index.data(role)
                if text is not None:
                    yield from _faults_of_text(f"cell {row},{column} {role.name}", str(text), False)
            if isinstance(view, QTableView) and view.isVisible():
                yield from _faults_of_text("toolTip", _tooltip_of(view, index), True)


def _faults_of_text(name: str, text: str, many_lines: bool) -> Iterator[str]:
    obeyed = {f"U+{ord(char):04X}" for char in set(text) if _is_control_character(char, many_lines)}
    if obeyed:
        yield f"{name} holds {', '.join(sorted(obeyed))}: {text[:60]!r}"
    if name in _READ_AS_MARKUP and GuiQt.mightBeRichText(text):
        inner = text.removeprefix("<span>").removesuffix("</span>").replace("<br>", "")
        if not text.startswith("<span>") or "<" in inner:
            yield f"{name} is read as markup: {text[:60]!r}"


def _is_control_character(char: str, many_lines: bool) -> bool:
    if char == "\n" and many_lines:
        return False
    kind = unicodedata.category(char)
    return kind in ("Cc", "Cs") or char in _MARKS or unicodedata.bidirectional(char) in _DIRECTIONS


def _texts(thing: QObject) -> dict[str, str]:
    """The string properties that Qt knows of it, whatever kind it is."""
    found = {}
    about = thing.metaObject()
    for number in range(about.propertyCount()):
        known = about.property(number)
        if known.metaType().id() == QMetaType.Type.QString.value and known.name() not in _NOT_SHOWN:
            found[known.name()] = str(thing.property(known.name()) or "")
    return found


def _tooltip_of(view: QTableView, index: QModelIndex) -> str:
    """What hovering over a cell shows."""
    view.scrollTo(index)
    place = view.visualRect(index).center()
    QToolTip.hideText()
    QApplication.sendEvent(
        view.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place + QPoint(0, 0)))
    )
    text = QToolTip.text()
    QToolTip.hideText()
    return text


def _actions() -> list[QAction]:
    """Every action once; a menu's own is not one to be chosen."""
    found = {
        action: None
        for widget in QApplication.allWidgets()
        if not _is_qts_own(widget)
        for action in widget.actions()
        if not action.isSeparator() and action.menu() is None and not action.objectName().startswith("_q_")
    }
    return list(found)


def _is_empty_label(widget: QWidget) -> bool:
    """Hidden until it has something to say, which is its accessible name then."""
    return isinstance(widget, QLabel) and not widget.text() and not widget.isVisible()


def _is_control(widget: QWidget) -> bool:
    return isinstance(widget, _CONTROLS) or widget.focusPolicy() is not Qt.FocusPolicy.NoFocus


def _is_qts_own(widget: QWidget) -> bool:
    """Parts that Qt makes for itself inside others, and the file dialog."""
    kind = widget.metaObject().className()
    if kind in ("QTipLabel", "QTableCornerButton") or widget.objectName().startswith("qt_"):
        return True
    if isinstance(widget, QHeaderView | QFileDialog):
        return True
    if widget.objectName() in ("ScrollLeftButton", "ScrollRightButton"):  # of each QTabBar
        return True
    parent = widget.parentWidget()
    while parent is not None:
        name = parent.objectName()
        if isinstance(parent, QFileDialog) or parent.metaObject().className() == "QComboBoxPrivateContainer":
            return True
        if name in ("qt_scrollarea_hcontainer", "qt_scrollarea_vcontainer"):
            return True
        parent = parent.parentWidget()
    return kind == "QComboBoxPrivateContainer"


def _place(widget: QWidget) -> str:
    names = []
    while widget is not None:
        names.append(widget.objectName() or type(widget).__name__)
        widget = widget.parentWidget()
    return "/".join(reversed(names[:3]))
