"""Rows of the engine proxy: docker.sock beside QEMU's own channel, by turns and in one run."""

from __future__ import annotations

import http.client
import io
import json
import socket
import statistics
import tarfile
import time
from functools import cache
from pathlib import Path

from rig import Rig
from row import Row

RUNS = 5
FILE_BYTES = 32 << 20
PINGS = 60


def rows() -> list[Row]:
    return [
        Row("proxy_throughput_ratio", "", ">= 0.85", _throughput_ratios),
        Row("proxy_added_ms", "ms", "<= 1", _added_ms),
    ]


class Connection(http.client.HTTPConnection):
    """HTTP to a unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=120)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _call(path: Path, method: str, url: str, body: bytes = b"", kind: str = "application/json") -> bytes:
    connection = Connection(path)
    connection.request(method, url, body, {"Content-Type": kind})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {url}: {answer.status} {data[:300]!r}")
    return data


def _throughput_ratios(rig: Rig) -> list[float]:
    """The raw channel's time for a file there and back, by the proxy's."""
    files = rig.running.files
    wish = json.dumps({"Image": "busybox", "Cmd": ["true"]}).encode()
    container = json.loads(_call(files.docker_socket, "POST", "/containers/create", wish))["Id"]
    ratios = []
    for run in range(RUNS + 1):
        sockets = (files.channel_socket, files.docker_socket)
        took = {path: _there_and_back(path, container) for path in (sockets if run % 2 else sockets[::-1])}
        if run:  # the first one warms caches
            ratios.append(took[files.channel_socket] / took[files.docker_socket])
            rates = [2 * FILE_BYTES / took[path] / 1e6 for path in sockets]
            rig.say(f"channel {rates[0]:.1f} MB/s, through the proxy {rates[1]:.1f} MB/s")
    _call(files.docker_socket, "DELETE", f"/containers/{container}?force=true")
    return ratios


def _there_and_back(path: Path, container: str) -> float:
    begun = time.monotonic()
    _call(path, "PUT", f"/containers/{container}/archive?path=/", _archive(), "application/x-tar")
    _call(path, "GET", f"/containers/{container}/archive?path=/file")
    return time.monotonic() - begun


@cache
def _archive() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        member = tarfile.TarInfo("file")
        member.size = FILE_BYTES
        tar.addfile(member, io.BytesIO(bytes(range(256)) * (FILE_BYTES >> 8)))
    return archive.getvalue()


def _added_ms(rig: Rig) -> list[float]:
    """What `GET /_ping` on a connection of its own takes longer through the proxy."""
    files = rig.running.files
    added = []
    for _ in range(RUNS):
        took: dict[Path, list[float]] = {files.channel_socket: [], files.docker_socket: []}
        for ping in range(PINGS):
            for path in list(took)[:: 1 if ping % 2 else -1]:
                begun = time.perf_counter()
                _call(path, "GET", "/_ping")
                took[path].append(1000 * (time.perf_counter() - begun))
        raw, proxied = (statistics.median(times) for times in took.values())
        rig.say(f"_ping by the channel {raw:.2f} ms, through the proxy {proxied:.2f} ms")
        added.append(proxied - raw)
    return added
