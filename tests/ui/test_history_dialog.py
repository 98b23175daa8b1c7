"""An image's history in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel

from desktop.core.disk_use import Layer
from desktop.views.history_dialog import HistoryDialog


@pytest.mark.parametrize(("count", "words"), [(1, "1 layer, 5.0 MB"), (2, "2 layers, 10.0 MB")])
def test_layers_are_counted(count: int, words: str) -> None:
    dialog = HistoryDialog(None, "app:1")
    summary = dialog.findChild(QLabel, "history_summary")
    assert summary is not None and summary.text() == "Reading…"
    dialog.show_layers([Layer(number=number, size_bytes=5_000_000) for number in range(count)])
    assert summary.text() == words
    dialog.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
