"""Text of a container's that is read and copied, and the words that stand in its place where there is none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QTreeView

from ..plain import PlainLabel


def text_view(name: str, words: str) -> QPlainTextEdit:
    """`words` are for a screen reader. What is foreign and for programs reads from left to right in every language."""
    made = QPlainTextEdit()
    made.setObjectName(name)
    made.setAccessibleName(words)
    made.setProperty("role", "lines")
    made.setReadOnly(True)
    made.setUndoRedoEnabled(False)
    made.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    made.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return made


def read_left_to_right(tree: QTreeView) -> None:
    """A table of paths, commands and the like: in every language, its headers over their cells."""
    tree.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    flags = Qt.AlignmentFlag
    tree.header().setDefaultAlignment(flags.AlignLeft | flags.AlignVCenter | flags.AlignAbsolute)


def problem_label(name: str) -> PlainLabel:
    made = PlainLabel(name=name, role="name", wrap=True)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
