"""Models need no screen; what Qt's own model tester finds wrong fails a test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtTest import QAbstractItemModelTester

from tests.helpers import qt_watch

Checked = Callable[[QAbstractItemModel], None]


@pytest.fixture
def checked() -> Checked:
    """Puts a model under the eyes of Qt's tester for as long as it lives."""
    qt_watch.messages_to_log()
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    return lambda model: QAbstractItemModelTester(model, mode, model)  # type: ignore[return-value]
