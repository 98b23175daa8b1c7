"""Images that come and go on a real engine, with a real registry, and what their end leaves on the disk."""

from __future__ import annotations

import asyncio
import io
import json
import os
import tarfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import docker
import pytest
import pytest_asyncio
from docker.models.containers import Container

from desktop.core.engine import Link
from desktop.core.job import Job, JobState
from desktop.services.disk_room import DiskRoom
from desktop.services.engine import EngineService
from desktop.services.jobs import Jobs, Work
from desktop.services.machine import MachineService
from desktop.services.transfers import Transfers
from tests.helpers import registry_way
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.guest import DEADLINE_S, Guest, wait_for
from tests.helpers.python_image import python_tar, words_of
from tests.helpers.registry_image import CLOSED_PORT, CLOSED_WORDS, PASSWORD, PORT, USER, WORDS, registry_tar

pytestmark = [pytest.mark.vm, pytest.mark.long]

REGISTRY = f"localhost:{PORT}"
MIB = 1 << 20
BLOB_BYTES, FAR_BYTES = 12 * MIB, 3 * MIB


class Rig:
    def __init__(self, guest: Guest) -> None:
        files = guest.files
        self.engine, self.jobs = EngineService(), Jobs()
        self.transfers = Transfers(self.engine, files.docker_socket)
        self.room = DiskRoom(self.engine, MachineService(files))

    async def done(self, verb: str, subject: str, work: Work) -> Job:
        job = await self.jobs.run(verb, subject, work)
        assert job.state is JobState.DONE, (job, self.jobs.lines(job.id))
        return job


@pytest_asyncio.fixture
async def rig(running: Guest, engine: docker.DockerClient) -> AsyncIterator[Rig]:
    made = Rig(running)
    following = asyncio.create_task(made.engine.follow(running.files.engine_socket))
    await wait_for(lambda: made.engine.link.link is Link.UP)
    yield made
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


@pytest.fixture
def registry(engine: docker.DockerClient, tmp_path: Path) -> str:
    """Runs in the machine, on its own loopback: the host's cannot be reached from there. Its container's id."""
    return str(run_registry(engine, tmp_path, WORDS).id)


def run_registry(engine: docker.DockerClient, folder: Path, words: Sequence[str]) -> Container:
    engine.api.import_image_from_data(registry_tar(folder), repository="registry-of-tests")
    container = engine.containers.run(
        "registry-of-tests", list(words), detach=True, network_mode="host", name="registry-of-tests"
    )
    while b"listening on" not in container.logs():
        container.reload()
        assert container.status == "running", container.logs()
    return container


async def test_built_pushed_pulled_saved_loaded_cut_off_and_freed(
    rig: Rig, registry: str, engine: docker.DockerClient, tmp_path: Path
) -> None:
    tag = f"{REGISTRY}/built:1"
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "Dockerfile").write_text(f"FROM {IMAGE}\nCOPY . /built\n")
    (folder / "blob").write_bytes(os.urandom(BLOB_BYTES))
    (folder / "secret").write_text("no")
    (folder / ".dockerignore").write_text("secret\n")
    try:
        built = await rig.done("build", tag, rig.transfers.build(folder, tag))
        assert any(line.startswith("Step 2/2") for line in rig.jobs.lines(built.id)) and built.done_bytes > BLOB_BYTES
        sent = engine.containers.run(tag, "ls -A /built", remove=True).split()
        assert sent == [b".dockerignore", b"Dockerfile", b"blob"]
        id = engine.images.get(tag).id
        pushed = await rig.done("push", tag, rig.transfers.push(tag))
        assert pushed.done_bytes > BLOB_BYTES
        engine.images.remove(tag)
        pulled = await rig.done("pull", tag, rig.transfers.pull(tag))
        assert engine.images.get(tag).id == id and pulled.done_bytes > BLOB_BYTES
        assert any(line.endswith("Pull complete") for line in rig.jobs.lines(pulled.id))
        history = await rig.engine.client.history(tag) if rig.engine.client else []
        assert "COPY" in history[0].created_by
        assert history[0].size_bytes >= BLOB_BYTES
        file = tmp_path / "saved.tar"
        saved = await rig.done("save", file.name, rig.transfers.save({id: [tag]}, file, 0))
        assert saved.done_bytes == file.stat().st_size > BLOB_BYTES and file.stat().st_mode & 0o777 == 0o600
        engine.images.remove(tag)
        await rig.done("load", file.name, rig.transfers.load(file))
        assert engine.images.get(tag).id == id
        await _cut_off(rig, registry, engine, tag)
        await _free(rig)
    finally:
        for left in engine.containers.list(all=True, filters={"id": registry}):
            left.remove(force=True)
        for image in (tag, "registry-of-tests"):
            if engine.images.list(image):
                engine.images.remove(image, force=True)


@pytest.fixture
def way(engine: docker.DockerClient, registry: str) -> Iterator[Callable[[str], None]]:
    """`way(mode)`: what the way to the registry is like from now on; see `registry_way`."""
    engine.api.import_image_from_data(python_tar(registry_way), repository="way-of-tests")
    with ExitStack() as stack:
        for image in ("way-of-tests", "registry-of-tests"):
            stack.callback(engine.images.remove, image, force=True)
        stack.callback(engine.containers.get(registry).remove, force=True)
        words = list(words_of(registry_way))
        container = engine.containers.run("way-of-tests", words, detach=True, network_mode="host")
        stack.callback(container.remove, force=True)
        while b"listening on" not in container.logs():
            container.reload()
            assert container.status == "running", container.logs()

        def become(mode: str) -> None:
            assert container.put_archive("/", _mode_tar(mode))

        yield become


def _mode_tar(mode: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(registry_way.MODE)
        entry.size = len(mode)
        archive.addfile(entry, io.BytesIO(mode.encode()))
    return buffer.getvalue()


async def test_slow_cut_and_refused_transfers_are_told_and_tried_again(
    rig: Rig, way: Callable[[str], None], engine: docker.DockerClient, tmp_path: Path
) -> None:
    tag = f"localhost:{registry_way.PORT}/far:1"
    (tmp_path / "blob").write_bytes(os.urandom(FAR_BYTES))
    engine.api.import_image_from_data(busybox_tar({"blob": tmp_path / "blob"}), repository=tag)
    id = engine.images.get(tag).id
    push, pull = rig.transfers.push(tag), rig.transfers.pull(tag)
    try:
        way(f"cut {FAR_BYTES // 2}")
        await _cut(rig, "push", tag, push)
        way("401 Unauthorized")
        await _refused(rig, "push", tag, push)
        way("open")
        await rig.done("push", tag, push)
        engine.images.remove(tag)
        way("401 Unauthorized")
        await _refused(rig, "pull", tag, pull)
        way(f"cut {FAR_BYTES // 2}")
        await _cut(rig, "pull", tag, pull)
        assert not engine.images.list(tag)
        way(f"slow {FAR_BYTES // 2}")
        seen: list[Job] = []
        disconnect = rig.jobs.store.changed.connect(lambda delta: seen.extend(delta.updated))
        await rig.done("pull", tag, pull)
        disconnect()
        half_done = {job.done_bytes for job in seen if job.step == "Downloading" and 0 < (job.fraction or 0) < 1}
        assert len(half_done) > 2 and any(job.bytes_s > 0 and job.left_s for job in seen), seen
        assert engine.images.get(tag).id == id
    finally:
        if engine.images.list(tag):
            engine.images.remove(tag, force=True)


async def test_registry_that_asks_who_is_there(
    rig: Rig, engine: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = f"localhost:{CLOSED_PORT}"
    tag, kept = f"{host}/closed:1", keep_logins(tmp_path, monkeypatch)
    registry = run_registry(engine, tmp_path, CLOSED_WORDS)
    engine.images.get(IMAGE).tag(tag)
    id, push, pull = engine.images.get(tag).id, rig.transfers.push(tag), rig.transfers.pull(tag)
    try:
        await _refused(rig, "push", tag, push)
        await _refused(rig, "pull", tag, pull)
        wrong = await rig.jobs.run("login", host, rig.transfers.log_in(host, USER, "wrong"))
        assert wrong.state is JobState.FAILED and "401 Unauthorized" in wrong.why and not kept.exists(), wrong
        await rig.done("login", host, rig.transfers.log_in(host, USER, PASSWORD))
        await rig.done("push", tag, push)
        engine.images.remove(tag)
        await rig.done("pull", tag, pull)
        assert engine.images.get(tag).id == id
        kept.write_text(json.dumps({"Username": USER, "Secret": "changed"}))
        await _refused(rig, "pull", tag, pull, "authentication required")
    finally:
        registry.remove(force=True)
        for image in (tag, "registry-of-tests"):
            if engine.images.list(image):
                engine.images.remove(image, force=True)


def keep_logins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A credential helper for all registries; the file that has what it keeps."""
    kept, helper = folder / "kept", folder / "docker-credential-keep"
    acts = f'store) cat >{kept};; get) cat {kept} || {{ echo "credentials not found in native keychain"; exit 1; }};;'
    helper.write_text(f'#!/bin/sh\ncase "$1" in {acts} esac 2>/dev/null\n')
    helper.chmod(0o755)
    (folder / "config.json").write_text(json.dumps({"credsStore": "keep"}))
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return kept


async def _cut(rig: Rig, verb: str, tag: str, work: Work) -> None:
    """The engine tries again by itself, which is told, and finds that the way is closed."""
    steps = set[str]()
    disconnect = rig.jobs.store.changed.connect(lambda delta: steps.update(job.step for job in delta.updated))
    job = await rig.jobs.run(verb, tag, work)
    disconnect()
    assert job.state is JobState.FAILED and registry_way.SAID_AFTER_A_CUT in job.why, job
    assert "Retrying" in steps and job.done_bytes < job.total_bytes, (steps, job)


async def _refused(rig: Rig, verb: str, tag: str, work: Work, why: str = "no basic auth credentials") -> None:
    job = await rig.jobs.run(verb, tag, work)
    assert job.state is JobState.FAILED and why in job.why, job
    assert f"docker login {tag.partition('/')[0]}`" in job.next_step


async def _cut_off(rig: Rig, registry: str, engine: docker.DockerClient, tag: str) -> None:
    """A registry that stands still, and one that is gone."""
    engine.images.remove(tag)
    engine.containers.get(registry).pause()
    pulling = asyncio.create_task(rig.jobs.run("pull", tag, rig.transfers.pull(tag)))
    await wait_for(lambda: bool(rig.jobs.running()))
    await asyncio.sleep(0.3)
    rig.jobs.cancel(rig.jobs.running()[0].id)
    async with asyncio.timeout(DEADLINE_S):
        assert (await pulling).state is JobState.CANCELLED
    engine.containers.get(registry).unpause()
    engine.containers.get(registry).kill()
    gone = await rig.jobs.run("pull", tag, rig.transfers.pull(tag))
    assert gone.state is JobState.FAILED and "connection refused" in gone.why, gone
    assert not engine.images.list(tag)


async def _free(rig: Rig) -> None:
    """The registry that was killed held the blob in its own layer, the build's cache as much."""
    found = {each.kind: each.bytes for each in await rig.room.reclaimable()}
    assert found["containers"] > BLOB_BYTES - MIB, found
    freed = await rig.done("prune", "", rig.room.prune(["containers", "cache"]))
    assert freed.freed_bytes is not None and freed.freed_bytes >= found["containers"] - MIB, (freed, found)
    assert freed.host_bytes is not None and freed.host_bytes > BLOB_BYTES * 2 // 3, freed
