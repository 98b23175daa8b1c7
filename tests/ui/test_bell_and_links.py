"""What a program in a console may do to the desktop: ring, which is told while nobody looks, and show an address, which
is opened after a yes and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton, QSystemTrayIcon

from desktop.app import App
from desktop.core import frames
from desktop.core.engine import Link
from desktop.core.paths import Home, MachineFiles
from desktop.shell import bell, desktop_notices
from desktop.shell.links import offer_link
from desktop.shell.notices import Notices
from desktop.views.notice_stack import NoticeStack
from desktop.views.terminal.widget import BELL_PAUSE_MS
from tests.helpers.fake import fake_machine, play
from tests.helpers.log_watch import LogWatch

from .test_every_widget import running_app, until


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    home.settings_file.write_text('use_context = "no"\n')  # which nobody is asked about then
    with fake_machine(home) as files:
        yield files


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was given to the desktop to open."""
    found: list[str] = []

    def note(url: QUrl) -> bool:
        found.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", note)
    return found


@pytest.fixture
def stack() -> Iterator[tuple[Notices, NoticeStack]]:
    notices, shown = Notices(), NoticeStack()
    notices.said.connect(shown.show_notice)
    yield notices, shown
    shown.deleteLater()
    QCoreApplication.processEvents()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "javascript:alert(1)", "ssh://host/", "http://", "https:///x", "//host/x", "host.org", "",
        "HTTP:x", "ftp://host/", "data:text/html,x", "http://a b/", "mailto:a@b.org", "vscode://x/y",
    ],
)  # fmt: skip
def test_nothing_but_the_web_is_even_offered(
    stack: tuple[Notices, NoticeStack], opened: list[str], address: str
) -> None:
    notices, shown = stack
    offer_link(notices, address)
    assert shown.notices() == [] and opened == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("http://user:pw@example.org:8080/%2F", "http://user:pw@example.org:8080/%2F"),
        ("https://bank.example@evil.example/", "https://bank.example@evil.example/"),
        ("https://xn--e1awd7f.com/\u202ecod", "https://xn--e1awd7f.com/%E2%80%AEcod"),
        ("https://\u0435\u0440\u0456\u0441.com/", "https://xn--e1awd7f.com/"),  # Cyrillic letters that look like epic
        ("https://example.org/" + "x" * 500, "https://example.org/" + "x" * 500),
    ],
)
def test_the_whole_address_is_shown_and_opened_after_a_yes(
    stack: tuple[Notices, NoticeStack], opened: list[str], address: str, told: str
) -> None:
    notices, shown = stack
    offer_link(notices, address)
    (notice,) = shown.notices()
    assert notice.why == told and opened == []
    words = [label.text() for label in shown.findChildren(QLabel)]
    assert any(told in text for text in words) or len(told) > 240  # a long one scrolls in a box of its own
    (button,) = (made for made in shown.findChildren(QPushButton) if made.text() == "Open")
    button.click()
    assert opened == [told] and shown.notices() == []


def test_a_second_link_takes_the_place_of_the_first(stack: tuple[Notices, NoticeStack], opened: list[str]) -> None:
    notices, shown = stack
    for number in range(5):
        offer_link(notices, f"https://example.org/{number}")
    assert [notice.why for notice in shown.notices()] == ["https://example.org/4"]
    assert opened == []


async def test_a_bell_is_told_by_the_tray_while_nobody_looks(
    machine: MachineFiles, logs: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, title, *_: told.append(title))
    monkeypatch.setattr(desktop_notices, "GATHERED_S", 0.05)
    monkeypatch.setattr(bell, "PAUSE_S", 0.5)
    async with running_app(machine.home, logs) as app:
        monkeypatch.setattr(app.tray, "_available", True)
        monkeypatch.setattr(app.tray, "available", lambda: True)
        await play(machine, "running")
        await until(lambda: app.engine.link.link is Link.UP)
        app.window.show_page("console")
        await until(lambda: app.console.terminal is not None)
        app.window.activateWindow()
        await until(app.window.isActiveWindow)
        ring(app)
        await asyncio.sleep(1.5 * BELL_PAUSE_MS / 1000)
        assert rung(app) == []  # whoever looks has seen it
        app.window.hide()
        for _ in range(20):
            ring(app)
        await until(lambda: bool(told))
        assert told == ["The bell of a console rang: Machine"]
        assert len(rung(app)) == 1
        await asyncio.sleep(max(bell.PAUSE_S, BELL_PAUSE_MS / 1000) * 1.5)
        ring(app)
        await until(lambda: len(rung(app)) == 2)


def ring(app: App) -> None:
    app.console.receive(frames.OUTPUT, b"\a")


def rung(app: App) -> list[str]:
    return [notice.what for notice in app.notices.kept if notice.key == "bell"]
