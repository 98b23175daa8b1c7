"""Desktop notifications: one for many events, none while the window is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from desktop.shell import desktop_notices
from desktop.shell.desktop_notices import DesktopNotices
from desktop.views.notice_stack import Notice


async def until(what: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.01)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop_notices, "GATHERED_S", 0.05)
    monkeypatch.setattr(desktop_notices, "PAUSE_S", 0.1)


async def test_many_events_are_one_notification(quick: None) -> None:
    shown: list[Notice] = []
    desktop = DesktopNotices(shown.append, lambda: True)
    for number in range(500):
        desktop.on_notice(Notice(f"{number}", kind="error" if number == 250 else "note"))
    await until(lambda: shown)
    assert len(shown) == 1 and shown[0].kind == "error"
    assert "500" in shown[0].what and shown[0].why.splitlines() == ["250", "0", "1", "…"]
    desktop.on_notice(Notice("alone"))
    await until(lambda: len(shown) == 2)
    assert shown[1].what == "alone"


async def test_nothing_is_told_that_is_seen_or_true_no_more(quick: None) -> None:
    shown: list[Notice] = []
    hidden = True
    desktop = DesktopNotices(shown.append, lambda: hidden)
    desktop.on_notice(Notice("took itself back", key="a"))
    desktop.on_notice(Notice("first", key="b"))
    desktop.on_notice(Notice("again", key="b"))
    desktop.withdraw("a")
    await until(lambda: shown)
    assert [notice.what for notice in shown] == ["again"]
    desktop.on_notice(Notice("seen in the window"))
    hidden = False
    desktop.on_notice(Notice("told in the window"))
    await until(lambda: desktop._timer is None)
    assert len(shown) == 1
