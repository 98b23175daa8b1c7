"""The tree of what an engine tells of a container."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex

from desktop.models.detail_tree import ROWS_SHOWN, DetailTree


def rows_below(model: DetailTree, parent: QModelIndex) -> int:
    count = model.rowCount(parent)
    return count + sum(rows_below(model, model.index(row, 0, parent)) for row in range(count))


def test_a_tree_has_no_more_rows_than_a_search_can_look_at() -> None:
    """A few megabytes of empty lists held up the window for a quarter of a minute at each letter."""
    model = DetailTree()
    model.show_answer([[[] for _ in range(200)] for _ in range(200)])
    assert rows_below(model, QModelIndex()) == ROWS_SHOWN
    model.show_answer([[[] for _ in range(2)] for _ in range(2)])  # the next one has all its room again
    assert rows_below(model, QModelIndex()) == 6
