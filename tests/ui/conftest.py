"""Tests of what is on the screen, without a screen: coroutines run on Qt's own loop."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.shell import language
from desktop.shell.garbage import collect_what_is_due
from tests.helpers import qt_watch
from tests.helpers.translations import compile_into


@pytest.fixture(scope="session", autouse=True)
def application() -> Iterator[QApplication]:
    qt_watch.messages_to_log()
    application = QApplication.instance() or QApplication(["moorage"])  # another folder's tests may have begun it
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(False)
    yield application


@pytest.fixture(scope="module", autouse=True)
def collecting_here() -> Iterator[None]:
    """As in the app: Qt objects in cyclic garbage end the process when another thread collects them. No wider: a
    folder without `__init__.py` is no package, and what comes after it would never be collected."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def collected(collecting_here: None) -> Iterator[None]:
    yield
    collect_what_is_due()


@pytest.fixture(autouse=True)
def no_key_held(application: QApplication) -> Iterator[None]:
    """After a click with Ctrl or Shift Qt takes these for held, and the next test's rows would be selected so."""
    yield
    if application.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        widget = QWidget()
        QTest.keyClick(widget, Qt.Key.Key_Space)
        widget.deleteLater()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translations")
    compile_into(folder)
    return folder


@pytest.fixture
def speak(
    compiled: Path, application: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], None]]:
    """`speak(code)`: the app's language from here to the end of the test."""
    monkeypatch.setattr(language, "translations", lambda: compiled)
    before, direction, loaded = QLocale(), application.layoutDirection(), []
    yield lambda code: loaded.extend(language.load_language(application, code))
    for translator in loaded:
        application.removeTranslator(translator)
    QLocale.setDefault(before)
    application.setLayoutDirection(direction)


def pytest_asyncio_loop_factories(config: Any, item: Any) -> Mapping[str, Callable[[], qasync.QEventLoop]]:
    return {"qt": lambda: qasync.QEventLoop(QApplication.instance(), set_running_loop=False)}
