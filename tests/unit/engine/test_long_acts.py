"""What takes its time with a container."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from desktop.engine import sdk
from desktop.engine.client import EngineClient
from tests.helpers.engine_server import Answer, EngineServer
from tests.helpers.guest import wait_for

STOPS = 8


async def test_a_kill_waits_for_no_stops(tmp_path: Path) -> None:
    may_go, begun = threading.Event(), 0

    def stopped() -> Answer:
        nonlocal begun
        begun += 1
        may_go.wait()
        return 200, {}

    with EngineServer(tmp_path / "e.sock") as engine:
        engine.answers = {"/containers/a/stop": stopped, "/containers/a/kill": lambda: (200, {})}
        async with EngineClient(engine.path) as client:
            stops = [asyncio.create_task(client.stop("a")) for _ in range(STOPS)]
            await wait_for(lambda: begun == STOPS)
            try:
                await asyncio.wait_for(client.kill("a"), 60)
            finally:
                may_go.set()
            await asyncio.gather(*stops)


@pytest.mark.parametrize(
    "call", [("stop", "a"), ("restart", "a"), ("commit", "a", "b:1"), ("remove", "a"), ("remove_image", "a")]
)
async def test_what_may_take_minutes_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[str, ...]
) -> None:
    """Of a database with a long stop timeout, or a large container, it was told that the engine does not answer."""
    monkeypatch.setattr(sdk, "ACT_DEADLINE_S", 0.05)

    def late() -> Answer:
        time.sleep(0.4)
        return 200, {}

    with EngineServer(tmp_path / "e.sock") as engine:
        for path in (f"/containers/a/{call[0]}", "/commit", "/containers/a", "/images/a"):
            engine.answers[path] = late
        async with EngineClient(engine.path) as client:
            await getattr(client, call[0])(*call[1:])
