"""Bare HTTP over a unix socket, to see answers that the SDK hides."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path
from typing import Any, NamedTuple


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def words(self) -> str:
        """The engine's error words."""
        return str(json.loads(self.body)["message"])

    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """Calls over one connection that is kept."""

    def __init__(self, path: Path) -> None:
        self._connection = _Connection("localhost", timeout=240)
        self._connection.path = str(path)

    def __call__(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        sent = json.dumps(body).encode() if body is not None else None
        json_type = {"Content-Type": "application/json"} if body is not None else {}
        self._connection.request(method, path, sent, {**json_type, **(headers or {})})
        response = self._connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())

    def close(self) -> None:
        self._connection.close()


class _Connection(http.client.HTTPConnection):
    path = ""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)
