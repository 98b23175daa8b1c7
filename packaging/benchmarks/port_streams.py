"""One stream to and from a container, through slirp and through passt by turns: MB/s, as JSON lines.

Run in a network namespace that has an address beside its loopback, FAR, at which containers find this program.
`python port_streams.py ROUNDS HOME...`, with a base folder for slirp and one for passt.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import docker
from docker.models.containers import Container

from desktop.client.supervisor import SupervisorClient
from desktop.core.paths import Home, private_folder
from desktop.core.settings import Network
from desktop.machine.process import is_locked
from desktop.services.preferences import Preferences
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.moorage import end_supervisor

FAR = "10.77.0.1"
PORT = 8080
BYTES = 32 << 20
BLOCK = bytes(1 << 16)
_SILENCE = "/tmp/silence"  # a pipe that nothing comes from, nor an end
_TAKE = f"mkfifo {_SILENCE}; while :; do nc -l -p 80 <>{_SILENCE} >/dev/null; done"


class Side:
    """A machine with one network, and a container in it that takes what comes at its published port."""

    def __init__(self, home: Home, network: Network, port: int) -> None:
        self.network = network
        self.client = SupervisorClient(home.machine())
        self._port = port
        Preferences(home).save(network=network, shares=[], memory_mib=1024)

    def start(self) -> None:
        files = self.client.files
        for folder in (files.home.base, files.folder, files.sockets, files.logs):
            private_folder(folder)
        words = [sys.executable, "-m", "desktop.supervisor", "--detach"]
        subprocess.run([*words, "--home", str(files.home.base), "--machine", files.name], check=True)
        status = asyncio.run(self.client.start())
        if any("passt" in warning for warning in status.warnings):
            raise RuntimeError(str(status.warnings))
        self._engine = docker.DockerClient(base_url=f"unix://{files.docker_socket}", timeout=240)
        self._engine.api.import_image_from_data(busybox_tar(), repository=IMAGE)
        self._container: Container = self._engine.containers.run(
            IMAGE, ["sh", "-c", _TAKE], detach=True, ports={"80/tcp": self._port}
        )

    def end(self) -> None:
        if is_locked(self.client.files.supervisor_lock):
            asyncio.run(end_supervisor(self.client))

    def into_port(self) -> float:
        """MB/s from the host to the container's published port, up to its last byte."""
        with _connected("127.0.0.1", self._port) as stream:
            return BYTES / _sent_in(stream) / 1e6

    def out(self, is_upload: bool) -> float:
        """MB/s of a connection that the container makes, from its first byte to its last."""
        with socket.create_server((FAR, 0)) as listener:
            address = f"{FAR} {listener.getsockname()[1]}"
            script = f"nc {address} <>{_SILENCE} >/dev/null"
            if is_upload:
                script = f"dd if=/dev/zero bs=64k count={BYTES >> 16} 2>/dev/null | nc {address}"
            caller = threading.Thread(target=self._container.exec_run, args=(["sh", "-c", script],))
            caller.start()
            stream, _ = listener.accept()
            with stream:
                took_s = _received_in(stream) if is_upload else _sent_in(stream)
            caller.join()
        return BYTES / took_s / 1e6


def _connected(address: str, port: int) -> socket.socket:
    """As soon as the port is published, and the container listens again."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            stream = socket.create_connection((address, port), 0.5)
            if not stream.recv(1):
                stream.close()
        except TimeoutError:  # it is held
            stream.settimeout(120)
            return stream
        except ConnectionError:
            time.sleep(0.1)
    raise RuntimeError("the container does not listen")


def _received_in(stream: socket.socket) -> float:
    begun = None
    while stream.recv(len(BLOCK)):
        begun = begun or time.monotonic()
    assert begun is not None
    return time.monotonic() - begun


def _sent_in(stream: socket.socket) -> float:
    begun = time.monotonic()
    for _ in range(BYTES // len(BLOCK)):
        stream.sendall(BLOCK)
    stream.shutdown(socket.SHUT_WR)
    stream.recv(1)  # its end: all has come
    return time.monotonic() - begun


def main() -> None:
    rounds, *homes = sys.argv[1:]
    sides = [
        Side(Home(Path(home)), network, PORT + number)
        for number, (home, network) in enumerate(zip(homes, Network, strict=True))
    ]
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with contextlib.ExitStack() as machines:
        for side in sides:
            machines.callback(side.end)
            side.start()
        for turn in range(int(rounds) + 1):
            rates = {
                side.network: (side.into_port(), side.out(is_upload=True), side.out(is_upload=False))
                for side in (sides if turn % 2 else reversed(sides))
            }
            if turn:  # the first one warms caches
                print(json.dumps(rates), flush=True)


if __name__ == "__main__":
    main()
