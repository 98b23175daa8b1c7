"""docker.sock under load: much at once, much in one go, and clients that hang."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import re
import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import docker
import pytest

from tests.helpers.docker_cli import DockerCli
from tests.helpers.guest import DEADLINE_S, Guest

pytestmark = pytest.mark.vm

BIG_IMAGE = "big-image-of-tests"
BLOB_BYTES = 1_000_000_000
CHUNK_BYTES = 1_000_000
LOAD_DEADLINE_S = 800
PING = b"GET /_ping HTTP/1.1\r\nHost: moorage\r\nConnection: close\r\n\r\n"


async def ping(path: Path) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(PING)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_four_hundred_calls_at_once_are_all_answered_again_and_again(running: Guest) -> None:
    """The guest's relay once dropped what came faster than it took it in, and such a call was never answered."""
    for _ in range(3):
        async with asyncio.timeout(DEADLINE_S):
            answers = await asyncio.gather(*(ping(running.files.docker_socket) for _ in range(400)))
        assert {(answer[:15], answer[-2:]) for answer in answers} == {(b"HTTP/1.1 200 OK", b"OK")}


async def test_a_client_that_hangs_in_mid_request_holds_up_nobody(running: Guest) -> None:
    hung = [socket.socket(socket.AF_UNIX) for _ in range(20)]
    try:
        for connection in hung:
            connection.connect(str(running.files.docker_socket))
            connection.sendall(PING[:20])
        async with asyncio.timeout(DEADLINE_S):
            for _ in range(5):
                assert b"200 OK" in await ping(running.files.docker_socket)
        hung[0].sendall(PING[20:])
        hung[0].settimeout(DEADLINE_S)
        assert await asyncio.to_thread(hung[0].recv, 15) == b"HTTP/1.1 200 OK"
    finally:
        for connection in hung:
            connection.close()


def write_image(write: Callable[[bytes], object]) -> str:
    """The archive of an image with one big layer, which is nowhere kept; returns the layer's digest."""
    blob = tarfile.TarInfo("blob")
    blob.size = BLOB_BYTES
    head = blob.tobuf()
    tail = bytes(-BLOB_BYTES % tarfile.BLOCKSIZE + 2 * tarfile.BLOCKSIZE)
    layer = tarfile.TarInfo("layer.tar")
    layer.size = len(head) + BLOB_BYTES + len(tail)
    digest = hashlib.sha256(head)
    write(layer.tobuf() + head)
    for _ in range(BLOB_BYTES // CHUNK_BYTES):
        chunk = os.urandom(CHUNK_BYTES)
        digest.update(chunk)
        write(chunk)
    digest.update(tail)
    write(tail + bytes(-layer.size % tarfile.BLOCKSIZE))
    diff_id = f"sha256:{digest.hexdigest()}"
    write(describe_image(diff_id))
    return diff_id


def describe_image(diff_id: str) -> bytes:
    """The rest of the archive: what only the layer's digest makes complete."""
    config = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [diff_id]}}
    manifest = [{"Config": "config.json", "RepoTags": [f"{BIG_IMAGE}:latest"], "Layers": ["layer.tar"]}]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in (("config.json", config), ("manifest.json", manifest)):
            data = json.dumps(content).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


async def free_mib(guest: Guest) -> int:
    shown = re.search(r"free-(\d+)", await guest.shell("echo free-$(df -m /var/lib | awk 'END { print $4 }')"))
    assert shown is not None
    return int(shown[1])


def load_big_image(cli: DockerCli, path: Path) -> str:
    words = [cli.program, "load", "--quiet"]
    with subprocess.Popen(words, env=cli.environment(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        too_late = threading.Timer(LOAD_DEADLINE_S, process.kill)
        too_late.start()
        try:
            diff_id = write_image(process.stdin.write)
            process.stdin.close()
            assert b"Loaded image" in process.stdout.read()
        finally:
            too_late.cancel()
    assert process.returncode == 0
    return diff_id


@pytest.mark.long
async def test_an_image_of_a_gigabyte_is_loaded(running: Guest, cli: DockerCli, engine: docker.DockerClient) -> None:
    before = await free_mib(running)
    assert before > 4 * BLOB_BYTES >> 20
    start = time.monotonic()
    diff_id = await asyncio.to_thread(load_big_image, cli, running.files.docker_socket)
    took_s = time.monotonic() - start
    print(f"docker load: {BLOB_BYTES / took_s / 1e6:.1f} MB/s, {took_s:.0f} s")
    image = engine.images.get(BIG_IMAGE)
    assert image.attrs["RootFS"]["Layers"] == [diff_id]
    assert image.attrs["Size"] == BLOB_BYTES
    assert before - await free_mib(running) > 0.9 * BLOB_BYTES / 2**20
    engine.images.remove(BIG_IMAGE)
    assert before - await free_mib(running) < 100
