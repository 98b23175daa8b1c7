"""The engine through docker.sock as programs use it: streams that are joined, archives, builds, events."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import socket
import tarfile
import threading
import time
from collections.abc import Iterator
from typing import Any

import docker
import pytest
from docker.models.containers import Container
from docker.utils.socket import frames_iter

from tests.helpers.busybox_image import BUSYBOX, IMAGE
from tests.helpers.guest import DEADLINE_S

pytestmark = [pytest.mark.vm, pytest.mark.long]


@pytest.fixture
def sleeper(engine: docker.DockerClient) -> Iterator[Container]:
    container = engine.containers.run(IMAGE, ["sleep", "600"], detach=True)
    yield container
    container.remove(force=True)


def tar_of(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o755
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


@contextlib.contextmanager
def conversation(attached: Any) -> Iterator[socket.socket]:
    """The socket below what the SDK attached to. The response goes first: it complains once that is closed."""
    stream: socket.socket = attached._sock
    stream.settimeout(DEADLINE_S)
    yield stream
    attached._response.close()
    stream.close()


def read_until(stream: socket.socket, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        more = stream.recv(4096)
        assert more, seen
        seen += more
    return seen


def test_attached_streams_carry_everything_and_close_one_way_at_a_time(engine: docker.DockerClient) -> None:
    sent = os.urandom(4 << 20)
    container = engine.containers.create(IMAGE, ["cat"], stdin_open=True)
    attached = container.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
    with conversation(attached) as stream:
        container.start()

        def send() -> None:
            stream.sendall(sent)
            stream.shutdown(socket.SHUT_WR)

        sending = threading.Thread(target=send)
        sending.start()
        received = b"".join(data for _, data in frames_iter(attached, tty=False))
        sending.join()
    assert received == sent
    assert container.wait(timeout=DEADLINE_S)["StatusCode"] == 0
    container.remove()


def test_exec_on_a_terminal_is_resized_and_tells_its_exit_code(engine: docker.DockerClient, sleeper: Container) -> None:
    id = engine.api.exec_create(sleeper.id, ["sh"], tty=True, stdin=True)["Id"]
    with conversation(engine.api.exec_start(id, tty=True, socket=True)) as stream:
        read_until(stream, b"# ")
        engine.api.exec_resize(id, height=33, width=101)
        stream.sendall(b"stty size; exit 7\n")
        assert b"33 101" in read_until(stream, b"33 101")
        while stream.recv(4096):
            pass
    assert engine.api.exec_inspect(id)["ExitCode"] == 7


def test_build_sends_its_context(engine: docker.DockerClient) -> None:
    recipe = b"""
FROM scratch
COPY busybox /bin/busybox
COPY data /data
RUN ["/bin/busybox", "sh", "-c", "busybox sha256sum </data >/sum"]
CMD ["/bin/busybox", "cat", "/sum"]
"""
    data = os.urandom(1 << 20)
    context = io.BytesIO(tar_of(Dockerfile=recipe, busybox=BUSYBOX.read_bytes(), data=data))
    image, _ = engine.images.build(fileobj=context, custom_context=True, rm=True, tag="built-by-sdk")
    assert engine.containers.run(image, remove=True).decode().split()[0] == hashlib.sha256(data).hexdigest()
    engine.images.remove("built-by-sdk")


def test_archives_pass_both_ways_unchanged(sleeper: Container) -> None:
    data = os.urandom(8 << 20)
    assert sleeper.put_archive("/tmp", tar_of(data=data))
    chunks, described = sleeper.get_archive("/tmp/data")
    with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
        found = archive.extractfile("data")
        assert found is not None and found.read() == data
    assert described["size"] == len(data)


def test_events_tell_of_a_run(engine: docker.DockerClient) -> None:
    name = f"seen-{time.monotonic_ns()}"
    # With those before: the engine answers a moment before it listens itself.
    events = engine.events(decode=True, filters={"container": name}, since=int(time.time()) - 600)
    engine.containers.run(IMAGE, ["true"], name=name, remove=True)
    seen = []
    for event in events:
        seen.append(event["Action"])
        if seen[-1] == "destroy":
            break
    events.close()
    assert [action for action in seen if action != "attach"] == ["create", "start", "die", "destroy"]
