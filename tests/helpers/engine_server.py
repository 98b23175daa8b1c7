"""A small engine on a unix socket that does what a test tells it, bytes that no engine would send included."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from queue import SimpleQueue
from socketserver import ThreadingUnixStreamServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Answer = tuple[int, Any]


def container(id: str, **changes: Any) -> dict[str, Any]:
    """One element of `GET /containers/json`."""
    return {
        "Id": id, "Names": [f"/{id}-name"], "Image": "busybox", "ImageID": "sha256:aa", "Command": "sleep 1",
        "Created": 1_700_000_000, "Ports": [], "Labels": {}, "State": "running", "Status": "Up 3 minutes",
    } | changes  # fmt: skip


class EngineServer(ThreadingUnixStreamServer):
    """`containers` and `images` are what it lists; `emit` sends events; `answers` overrides a path.

    `api_version` is what it says that it speaks.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), _Handler)
        self.path = path
        self.containers: dict[str, dict[str, Any]] = {}
        self.images: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.answers: dict[str, Callable[[], Answer | bytes]] = {}
        self.streams: list[SimpleQueue[bytes | None]] = []
        self.is_over = False
        self.api_version = "1.51"

    def __enter__(self) -> EngineServer:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over = True
        self.cut()
        self.shutdown()
        self.server_close()
        self.path.unlink(missing_ok=True)

    def emit(self, action: str, id: str, kind: str = "container") -> None:
        message = {"Type": kind, "Action": action, "Actor": {"ID": id}, "timeNano": time.time_ns()}
        self.send(json.dumps(message).encode() + b"\n")

    def send(self, data: bytes) -> None:
        """Raw bytes into every event stream."""
        for stream in self.streams:
            stream.put(data)

    def cut(self) -> None:
        """Ends every event stream without a word."""
        self.send(b"")
        self.streams.clear()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The client went away: that is its right."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: EngineServer

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: Any) -> None:
        """Nowhere: `calls` has them."""

    def do_GET(self) -> None:
        self.server.calls.append(f"{self.command} {unquote(self.path)}")
        url = urlsplit(self.path)
        path = "/" + url.path.lstrip("/").partition("/")[2] if url.path.startswith("/v1.") else url.path
        override = self.server.answers.get(path)
        if override is not None:
            self._answer(override())
        elif path == "/_ping":
            self._answer((200, b"OK"))
        elif path == "/containers/json":
            filters = json.loads(parse_qs(url.query).get("filters", ["{}"])[0])
            wanted = filters.get("id") or list(self.server.containers)
            self._answer((200, [self.server.containers[id] for id in wanted if id in self.server.containers]))
        elif path == "/images/json":
            self._answer((200, self.server.images))
        elif path == "/events":
            self._stream()
        else:
            self._answer((404, {"message": f"page not found: {path}"}))

    do_POST = do_DELETE = do_GET

    def _answer(self, answer: Answer | bytes) -> None:
        if isinstance(answer, bytes):
            self.wfile.write(answer)
            self.close_connection = True
            return
        status, value = answer
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Api-Version", self.server.api_version)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        queue: SimpleQueue[bytes | None] = SimpleQueue()
        self.server.streams.append(queue)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not (self.server.is_over and queue.empty()) and (data := queue.get()):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.close_connection = True
