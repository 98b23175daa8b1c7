"""Tests of what is on the screen, without a screen: coroutines run on Qt's own loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from tests.helpers import qt_watch


@pytest.fixture(scope="session", autouse=True)
def application() -> Iterator[QApplication]:
    qt_watch.messages_to_log()
    application = QApplication(["moorage"])
    application.setQuitOnLastWindowClosed(False)
    yield application


def pytest_asyncio_loop_factories(config: Any, item: Any) -> Mapping[str, Callable[[], qasync.QEventLoop]]:
    return {"qt": lambda: qasync.QEventLoop(QApplication.instance(), set_running_loop=False)}
