"""Answers with which an engine, and so a guest, would reach further than its socket."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from desktop.core.errors import EngineError
from desktop.engine import sdk, transfers
from desktop.engine.client import EngineClient
from desktop.engine.long_call import LongSdk, carry_out
from tests.helpers.engine_server import EngineServer, container


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineServer]:
    with EngineServer(tmp_path / "e.sock") as server:
        yield server


@pytest.fixture
def others() -> Iterator[tuple[str, list[str]]]:
    """A server of this computer's loopback, which nothing in the guest can reach, and who asked it for what."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        do_POST = do_DELETE = do_PUT = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/private", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_answer_leads_to_another_server(
    engine: EngineServer, others: tuple[str, list[str]], status: int
) -> None:
    """What listens at the loopback of this computer is none of the guest's business."""
    address, asked = others
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n".encode()
    async with EngineClient(engine.path) as client:
        for path in ("/containers/json", "/containers/a/start", "/containers/a", "/images/a/history", "/events"):
            engine.answers[path] = lambda: head
        of_one = (client.start, client.remove, client.history)
        for call in (client.containers, *(partial(each, "a") for each in of_one)):
            with pytest.raises(EngineError):
                await call()
        with pytest.raises(EngineError):
            async with client.events():
                pass
    assert asked == []


async def test_an_answer_without_end_is_read_no_further_than_memory_allows(
    engine: EngineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sdk, "ANSWER_LIMIT", 1 << 20)
    body = b"[" + b" " * (3 << 20) + b"]"
    async with EngineClient(engine.path) as client:
        engine.containers["a"] = container("a")
        assert len(await client.containers()) == 1
        engine.answers["/containers/json"] = lambda: (200, body)
        with pytest.raises(EngineError, match="sent more than"):
            await client.containers()
        engine.answers["/containers/json"] = lambda: (500, body)
        with pytest.raises(EngineError, match="sent more than"):
            await client.containers()
        del engine.answers["/containers/json"]
        assert len(await client.containers()) == 1


async def test_of_one_container_no_more_is_read_than_one_has(engine: EngineServer) -> None:
    """A hundred megabytes are quickly sent, and held up the window until they were parsed."""
    few, many = (json.dumps({"Id": "a", "Path": "x" * size}).encode() for size in (1 << 20, sdk.DETAIL_LIMIT))
    async with EngineClient(engine.path) as client:
        for path, ask in (("/containers/a/json", client.inspect), ("/images/b/json", client.inspect_with_image)):
            engine.answers["/containers/a/json"] = lambda: (200, b'{"Image": "b"}')
            engine.answers[path] = lambda: (200, few)
            assert "xxx" in str(await ask("a"))
            engine.answers[path] = lambda: (200, many)
            if ask == client.inspect:
                with pytest.raises(EngineError, match="sent more than"):
                    await ask("a")
            else:
                assert await ask("a") == ({"Image": "b"}, None)


async def test_the_words_of_a_refusal_have_an_end(engine: EngineServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a stream was asked for they were read without one."""
    monkeypatch.setattr(sdk, "REFUSAL_LIMIT", 1 << 20)
    async with EngineClient(engine.path) as client:
        for size, words in ((1 << 10, "no stream"), (3 << 20, "sent more than")):
            body = json.dumps({"message": "no stream" + " " * size}).encode()
            engine.answers["/events"] = engine.answers["/containers/json"] = lambda body=body: (500, body)  # type: ignore[misc]
            with pytest.raises(EngineError, match=words):
                async with client.events():
                    pass
            with pytest.raises(EngineError, match=words):
                await client.containers()


async def test_no_answer_is_unpacked(engine: EngineServer, tmp_path: Path) -> None:
    """Packed twice, a few kilobytes are more than there is memory."""
    packed = gzip.compress(gzip.compress(bytes(1 << 20)))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    engine.answers["/containers/json"] = engine.answers["/images/get"] = lambda: head + packed
    async with EngineClient(engine.path) as client:
        with pytest.raises(EngineError, match="no JSON"):
            await client.containers()
        with pytest.raises(EngineError, match="its tar has no end"):
            await client.transfer(transfers.save, {"a": ()}, tmp_path / "a.tar", 0, Silent())
    assert not (tmp_path / "a.tar").exists()


class Silent:
    def bytes(self, done: int, total: int = 0) -> None: ...


@pytest.mark.parametrize("version", ["1.\u00b2", "", ".", "1.", "9" * 5000, "v1.51", "-1.5"])
async def test_a_version_that_is_none_is_told(engine: EngineServer, version: str) -> None:
    engine.api_version = version
    with pytest.raises(EngineError, match="no Docker engine"):
        async with EngineClient(engine.path):
            pass


async def test_a_message_without_end_is_read_no_further(engine: EngineServer) -> None:
    """Of what a pull says: the SDK's own reader keeps, and looks through again, all of it."""
    endless = b"300000\r\n" + b" " * (3 << 20)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    engine.answers["/images/create"] = lambda: head + endless
    with pytest.raises(EngineError, match="bytes a line"):
        await carry_out("pull", LongSdk(engine.path, "1.51"), lambda sdk: transfers.pull(sdk, "a", "", Silent()))
