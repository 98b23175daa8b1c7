"""What an engine tells of a container, as a tree of names and values. Values of the environment are hidden."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.core.text import visible

HIDDEN = "••••••"
CHILDREN_SHOWN, ROWS_SHOWN = 2000, 10_000
"""Of one value, and of the whole tree: a search looks at every row."""
CELL_LIMIT = 1000
VALUE_ROLE = Qt.ItemDataRole.UserRole + 1
"""Text for the clipboard; hidden is what the tree hides."""
_ENVIRONMENT = ("Config", "Env")
_Index = QModelIndex | QPersistentModelIndex


class _Node:
    """A name with its value; its children are made when they are asked for."""

    def __init__(self, name: str, value: Any, parent: _Node | None = None, row: int = 0, is_secret: bool = False):
        self.name, self.value, self.parent, self.row, self.is_secret = name, value, parent, row, is_secret
        self._room: list[int] = [ROWS_SHOWN] if parent is None else parent._room  # for so many more in the tree
        self._children: list[_Node] | None = None

    def path(self) -> tuple[str, ...]:
        return () if self.parent is None else (*self.parent.path(), self.name)

    def children(self) -> list[_Node]:
        if self._children is None:
            parts = _parts(self)[: min(CHILDREN_SHOWN, self._room[0])]
            self._room[0] -= len(parts)
            self._children = [
                _Node(name, value, self, row, is_secret) for row, (name, value, is_secret) in enumerate(parts)
            ]
        return self._children


class DetailTree(QAbstractItemModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = _Node("", {})
        self._reveals = False

    @property
    def answer(self) -> Any:
        return self._root.value

    def show_answer(self, answer: Any) -> None:
        self.beginResetModel()
        self._root = _Node("", answer)
        self.endResetModel()

    def set_revealed(self, revealed: bool) -> None:
        """Whether values of the environment are shown."""
        self.beginResetModel()
        self._reveals = revealed
        self.endResetModel()

    def raw(self) -> str:
        """All of it as JSON; hidden is what the tree hides."""
        answer = self._root.value if self._reveals else _without_environment(self._root.value)
        return json.dumps(answer, indent=2, ensure_ascii=False)

    def path(self, index: _Index) -> tuple[str, ...]:
        return self._node(index).path()

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        children = self._node(parent).children()
        if 0 <= row < len(children) and 0 <= column < 2:
            return self.createIndex(row, column, children[row])
        return QModelIndex()

    def parent(self, index: _Index = QModelIndex()) -> QModelIndex:  # type: ignore[override] # noqa: B008
        node = self._node(index).parent
        if node is None or node.parent is None:
            return QModelIndex()
        return self.createIndex(node.row, 0, node)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.column() > 0 else len(self._node(parent).children())

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        translate = QCoreApplication.translate
        return translate("Detail", "Name") if section == 0 else translate("Detail", "Value")

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self._node(index)
        if role == VALUE_ROLE:
            return as_text(node.value if self._reveals else _hidden(node))
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(node.name if index.column() == 0 else self._shown(node), CELL_LIMIT)
        return None

    def _shown(self, node: _Node) -> str:
        if node.is_secret and not self._reveals:
            return HIDDEN
        if isinstance(node.value, (dict, list)) and node.value:
            return ""
        return as_text(node.value)

    def _node(self, index: _Index) -> _Node:
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, _Node) else self._root


def as_text(value: Any) -> str:
    """For the clipboard: text as it is, all else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2 if value else None, ensure_ascii=False)


def _parts(node: _Node) -> list[tuple[str, Any, bool]]:
    if isinstance(node.value, dict):
        return [(str(name), value, False) for name, value in node.value.items()]
    if not isinstance(node.value, list):
        return []
    if node.path() == _ENVIRONMENT:
        return [(*_variable(entry), True) for entry in node.value]
    return [(str(number), value, False) for number, value in enumerate(node.value)]


def _variable(entry: Any) -> tuple[str, str]:
    name, _, value = entry.partition("=") if isinstance(entry, str) else ("?", "", as_text(entry))
    return name, value


def _hidden(node: _Node) -> Any:
    """A node's value without what the tree hides below it."""
    path = node.path()
    if node.is_secret:
        return HIDDEN
    if path and path == _ENVIRONMENT[: len(path)]:
        value = node.value
        for name in reversed(path):
            value = {name: value}
        value = _without_environment(value)
        for name in path:
            value = value[name]
        return value
    return node.value


def _without_environment(answer: Any) -> Any:
    config = answer.get("Config") if isinstance(answer, dict) else None
    if not isinstance(config, dict) or not isinstance(config.get("Env"), list):
        return answer
    hidden = [f"{_variable(entry)[0]}={HIDDEN}" for entry in config["Env"]]
    return {**answer, "Config": {**config, "Env": hidden}}
