"""A client that is left while it still connects keeps no socket."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.engine.errors import EngineGone
from desktop.engine.sdk import Sdk, blocking
from tests.helpers.engine_server import EngineServer

ROOT = Path(__file__).resolve().parents[3]
LEFT = """
import asyncio, sys, threading
from pathlib import Path
from desktop.engine.client import EngineClient
from tests.helpers.leaks import held

async def leave(client):
    connecting = asyncio.create_task(client.__aenter__())
    while "desktop.engine.sdk" not in sys.modules:  # which takes a while from here on
        await asyncio.sleep(0)
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)

client, before = EngineClient(Path(sys.argv[1])), held().descriptors
asyncio.run(leave(client))
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join()
print(sorted(held().descriptors - before))
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineServer]:
    with EngineServer(tmp_path / "e.sock") as server:
        yield server


def test_client_that_is_left_before_it_connects_keeps_no_socket(engine: EngineServer) -> None:
    left = subprocess.run([sys.executable, "-c", LEFT, engine.path], cwd=ROOT, capture_output=True, text=True)
    assert (left.stdout, left.stderr, left.returncode) == ("[]\n", "", 0)


def test_closed_sdk_connects_no_more(engine: EngineServer) -> None:
    sdk = Sdk(engine.path)
    blocking(sdk.negotiate)
    sdk.close()
    for call in (sdk.negotiate, sdk.ping):  # an address that was called before, and one that was not
        with pytest.raises(EngineGone, match="it was disconnected"):
            blocking(call)
