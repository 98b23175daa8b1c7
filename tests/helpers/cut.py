"""Finds what does not fit its place: words that are cut, things that stick out of what holds them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QToolButton,
    QWidget,
)

_SLACK_PX = 1


def cut() -> list[str]:
    """What is cut in the windows that are shown, each with its place."""
    found = []
    for window in QApplication.topLevelWidgets():
        if window.isVisible() and window.objectName():
            for widget in (window, *window.findChildren(QWidget)):
                if widget.isVisible() and widget.objectName():
                    found += [f"{_place(widget)} {fault}" for fault in _faults(widget)]
    return found


def pressed(bar: QWidget) -> list[str]:
    """The parts of a bar that stand out of it, or on each other, above or below."""
    parts = [part for part in bar.findChildren(QWidget) if part.isVisible() and part.parentWidget() is bar]
    found = [part.objectName() for part in parts if not bar.rect().contains(part.geometry())]
    for one, other in combinations(parts, 2):
        if one.geometry().intersects(other.geometry()):
            found.append(f"{one.objectName()} on {other.objectName()}")
    return found


def _faults(widget: QWidget) -> Iterator[str]:
    match widget:
        case QPushButton() if widget.text() and type(widget) is QPushButton:
            if widget.width() + _SLACK_PX < widget.sizeHint().width():
                yield f"cuts {widget.text()!r}: {widget.width()} of {widget.sizeHint().width()} px"
        case QToolButton() if widget.text() and not widget.icon().isNull() and type(widget) is QToolButton:
            if widget.width() + _SLACK_PX < widget.minimumSizeHint().width():
                yield f"cuts {widget.text()!r}"
        case QLineEdit():
            yield from _faults_of_hint(widget)
        case QComboBox() if widget.objectName() != "setting_console_font":  # names as the system gives them
            yield from _faults_of_choices(widget)
        case QTabBar():
            last = widget.tabRect(widget.count() - 1)
            if last.left() < -_SLACK_PX or last.right() > widget.width():
                yield "has tabs that are out of sight"
        case QLabel() if widget.text():
            yield from _faults_of_label(widget)
        case QScrollArea() if widget.horizontalScrollBar().maximum() > 0:
            yield f"scrolls sideways by {widget.horizontalScrollBar().maximum()} px"
    yield from _sticks_out(widget)


def _faults_of_label(label: QLabel) -> Iterator[str]:
    room = label.contentsRect()
    if label.wordWrap():
        if label.heightForWidth(label.width()) > label.height() + _SLACK_PX:
            yield f"cuts the last line of {label.text()[:60]!r}"
    elif label.minimumSizeHint().width() > label.width() + _SLACK_PX:  # one that ends in an ellipsis wants less
        yield f"cuts {label.text()[:60]!r}: {room.width()} px"


def _faults_of_hint(edit: QLineEdit) -> Iterator[str]:
    option = QStyleOptionFrame()
    edit.initStyleOption(option)
    room = edit.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, edit).width() - 4
    wanted = edit.fontMetrics().horizontalAdvance(edit.placeholderText())
    if wanted > room + _SLACK_PX:
        yield f"cuts its hint {edit.placeholderText()!r}: {room} of {wanted} px"


def _faults_of_choices(box: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
    for text in (box.itemText(number) for number in range(box.count())):
        if box.fontMetrics().horizontalAdvance(text) > room + _SLACK_PX:
            yield f"cuts its choice {text!r}: {room} of {box.fontMetrics().horizontalAdvance(text)} px"


def _sticks_out(widget: QWidget) -> Iterator[str]:
    """To the side of what holds it; what is scrolled up and down may."""
    parent = widget.parentWidget()
    if parent is None or widget.isWindow() or isinstance(parent, QAbstractItemView):
        return
    if isinstance(parent.parentWidget(), QAbstractScrollArea) and not isinstance(parent.parentWidget(), QScrollArea):
        return
    room = QRect(QPoint(0, 0), parent.size()).adjusted(-_SLACK_PX, 0, _SLACK_PX, 0)
    if widget.x() < room.left() or widget.geometry().right() > room.right():
        yield f"sticks out of {parent.objectName() or type(parent).__name__}"


def _place(widget: QWidget) -> str:
    return f"{widget.window().objectName()}/{widget.objectName()}"
