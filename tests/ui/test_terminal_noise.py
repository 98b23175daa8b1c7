"""Nonsense in the widget, also through the broker: it paints on, stays small, and answers only what is on the list."""

from __future__ import annotations

import random
import time

import psutil
import pytest

from desktop.core import frames
from desktop.core.paths import Home
from desktop.terminal.replies import are_allowed
from desktop.views.terminal.widget import TerminalWidget
from tests.helpers.console_rig import console_rig
from tests.helpers.console_rig import until as soon
from tests.helpers.log_watch import LogWatch
from tests.helpers.noise import REFUSED, noise
from tests.helpers.shell_pty import until

SOAK_S = 600
MOST_GROWTH_BYTES = 32 << 20
OF_A_MOMENT_BYTES = 96 << 20
"""In a few seconds on a busy machine what is made once is most of it; what leaks is told by the long run."""
FOCUS = {b"\x1b[I", b"\x1b[O"}  # what the widget itself tells a program that wants to know


def most_growth_bytes(seconds: float) -> int:
    return MOST_GROWTH_BYTES if seconds == SOAK_S else OF_A_MOMENT_BYTES


@pytest.mark.parametrize("seconds", [3, pytest.param(SOAK_S, marks=pytest.mark.soak)])
def test_nothing_falls_and_nothing_grows(seconds: float) -> None:
    sent: list[tuple[bytes, bytes]] = []
    widget = TerminalWidget(lambda kind, payload: sent.append((kind, payload)))
    widget.show()
    chance, begun, grown_from = random.Random(3), time.monotonic(), 0
    widget.receive(frames.OUTPUT, b"".join(b"line %d\r\n" % number for number in range(12_000)))
    for number, data in enumerate(noise(2)):
        widget.receive(frames.OUTPUT, data)
        if number % 10 == 0:
            until(lambda: not widget.queued_bytes)
            widget.display.grab()
            widget.display.scroll_to(chance.randrange(300))
        if number % 40 == 0:
            widget.resize(chance.randrange(40, 1500), chance.randrange(40, 900))
            replies = {payload for kind, payload in sent if kind == frames.REPLY} - FOCUS
            assert all(map(are_allowed, replies)), replies
            sent.clear()
        if not grown_from and time.monotonic() - begun > seconds / 3:
            grown_from = psutil.Process().memory_info().rss
        if time.monotonic() - begun > seconds:
            break
    widget.receive(frames.OUTPUT, b"\x18\x1b\\\x1bc\x1b[?3lthe end")
    until(lambda: widget.session.screen.text() == "the end")
    assert psutil.Process().memory_info().rss - grown_from < most_growth_bytes(seconds)
    widget.close_terminal()
    widget.deleteLater()


@pytest.mark.parametrize("seconds", [2, pytest.param(SOAK_S, marks=pytest.mark.soak)])
async def test_nothing_falls_between_broker_and_widget(home: Home, logs: LogWatch, seconds: float) -> None:
    """The guest prints as fast as broker and window read; the window stays attached and shows what came last."""
    logs.allow(REFUSED)
    async with console_rig(home.machine()) as rig:
        await rig.power_on()
        onlooker = await rig.attach()
        widget = TerminalWidget(onlooker.send)
        onlooker.on_frame = widget.receive
        widget.show()
        onlooker.send(frames.TYPED, b"x")  # answers are those of who typed last
        await soon(lambda: rig.guest.typed == b"x")
        begun, grown_from, answered = time.monotonic(), 0, 0
        for number, data in enumerate(noise(4)):
            await rig.guest.print(data)
            if number % 20 == 0:
                await soon(lambda: not widget.queued_bytes)
                widget.display.grab()
                onlooker.frames.clear()
                typed, rig.guest.typed = rig.guest.typed, b""
                answered += len(typed)
                assert b"aGVsbG8" not in typed and b"a title" not in typed  # neither clipboard nor title is read
            if not grown_from and time.monotonic() - begun > seconds / 3:
                grown_from = psutil.Process().memory_info().rss
            if time.monotonic() - begun > seconds:
                break
        await rig.guest.print(b"\x18\x1b\\\x1bc\x1b[?3lthe end")
        await soon(lambda: widget.session.screen.text() == "the end")
        assert answered and not onlooker.has_ended
        assert psutil.Process().memory_info().rss - grown_from < most_growth_bytes(seconds)
        widget.close_terminal()
        widget.deleteLater()
