"""Pull, push, save, load and build against the fake that ships: what is told, what is left where they fail."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import tarfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from desktop.core.engine import Link
from desktop.core.job import Job, JobState
from desktop.core.paths import Home, MachineFiles
from desktop.engine import transfers
from desktop.engine.client import EngineClient
from desktop.services.engine import EngineService
from desktop.services.jobs import Jobs
from desktop.services.transfers import Transfers
from tests.helpers.engine_server import EngineServer
from tests.helpers.fake import fake_machine, play


class Rig:
    def __init__(self, files: MachineFiles) -> None:
        self.files = files
        self.engine, self.jobs = EngineService(), Jobs()
        self.transfers = Transfers(self.engine, files.docker_socket)

    def tags(self) -> set[str]:
        return {tag for image in self.engine.images for tag in image.tags}

    async def until(self, what: Callable[[], Any]) -> None:
        async with asyncio.timeout(60):
            while not what():
                await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def rig(home: Home) -> AsyncIterator[Rig]:
    with fake_machine(home) as files:
        await play(files, "running")
        await play(files, "registry")
        made = Rig(files)
        following = asyncio.create_task(made.engine.follow(files.engine_socket))
        await made.until(lambda: made.engine.link.link is Link.UP)
        yield made
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def test_pull_tells_its_layers_and_brings_the_image(rig: Rig) -> None:
    seen: list[Job] = []
    rig.jobs.store.changed.connect(lambda delta: seen.extend(delta.updated))
    await play(rig.files, "registry=0.1")
    job = await rig.jobs.run("pull", "team/app:1", rig.transfers.pull("team/app:1", "linux/arm64"))
    assert (job.state, job.error, job.done_bytes) == (JobState.DONE, "", 12_000_000)
    assert any(each.running and 0 < (each.fraction or 0) < 1 and each.bytes_s > 0 for each in seen)
    assert any(line.endswith("Pull complete") for line in rig.jobs.lines(job.id)), rig.jobs.lines(job.id)
    await rig.until(lambda: "team/app:1" in rig.tags())


async def test_cancelled_pull_is_over_for_the_engine_too(rig: Rig) -> None:
    await play(rig.files, "registry=0.3")
    running = asyncio.create_task(rig.jobs.run("pull", "slow:1", rig.transfers.pull("slow:1")))
    await rig.until(lambda: any(job.done_bytes for job in rig.jobs.running()))
    rig.jobs.cancel(rig.jobs.running()[0].id)
    assert (await running).state is JobState.CANCELLED
    await play(rig.files, "registry=0.001")
    await rig.jobs.run("pull", "other:1", rig.transfers.pull("other:1"))
    await rig.until(lambda: "other:1" in rig.tags())
    assert "slow:1" not in rig.tags()


async def test_pull_that_waits_for_an_engine_that_hangs_can_be_cancelled(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.engine.long_call.END_DEADLINE_S", 600.0)  # after which its thread is left behind
    await play(rig.files, "engine-hangs")
    running = asyncio.create_task(rig.jobs.run("pull", "a:1", rig.transfers.pull("a:1")))
    await rig.until(rig.jobs.running)
    await asyncio.sleep(0.1)
    rig.jobs.cancel(rig.jobs.running()[0].id)
    async with asyncio.timeout(60):
        assert (await running).state is JobState.CANCELLED


@pytest.mark.parametrize(
    ("scene", "words", "next_step"),
    [
        ("registry-cut", "it closed the connection", ""),
        ("registry-login", "pull access denied", "type `docker login ghcr.io` and try again"),
        ("calm", "no such host", ""),
    ],
)
async def test_pull_that_fails_keeps_why(rig: Rig, scene: str, words: str, next_step: str) -> None:
    await play(rig.files, scene)
    job = await rig.jobs.run("pull", "ghcr.io/a/b", rig.transfers.pull("ghcr.io/a/b"))
    assert job.state is JobState.FAILED
    assert job.error == "ghcr.io/a/b could not be pulled"
    assert words in job.why, job.why
    assert next_step in job.next_step and bool(next_step) == bool(job.next_step)


async def test_name_that_is_none_is_refused_in_words(rig: Rig) -> None:
    job = await rig.jobs.run("pull", "a", rig.transfers.pull("https://ghcr.io/a"))
    assert job.why.startswith("Repository name cannot contain a scheme"), job.why


async def test_push_tells_its_layers_or_that_a_login_is_needed(rig: Rig) -> None:
    tag = min(rig.tags())
    done = await rig.jobs.run("push", tag, rig.transfers.push(tag))
    assert (done.state, done.done_bytes) == (JobState.DONE, 12_000_000)
    await play(rig.files, "registry-login")
    failed = await rig.jobs.run("push", tag, rig.transfers.push(tag))
    assert "no basic auth credentials" in failed.why and "`docker login`" in failed.next_step


async def test_login_comes_from_a_credential_helper(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = tmp_path / "docker-credential-tell"
    helper.write_text(f'#!/bin/sh\ncat >>{tmp_path}/asked\necho \'{{"Username": "u", "Secret": "s"}}\'\n')
    helper.chmod(0o755)
    (tmp_path / "config.json").write_text(json.dumps({"credHelpers": {"ghcr.io": "tell"}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    job = await rig.jobs.run("pull", "ghcr.io/a/b", rig.transfers.pull("ghcr.io/a/b"))
    assert job.state is JobState.DONE
    assert (tmp_path / "asked").read_text().strip() == "ghcr.io"


async def test_login_that_makes_no_sense_stops_no_pull_of_a_public_image(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text('{"auths": {"docker.io": 7}}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    job = await rig.jobs.run("pull", "nginx", rig.transfers.pull("nginx"))
    assert job.state is JobState.DONE
    assert any(line.startswith("docker's login cannot be used") for line in rig.jobs.lines(job.id))


async def test_saved_file_is_private_whole_and_can_be_loaded(rig: Rig, tmp_path: Path) -> None:
    tag, file = min(rig.tags()), tmp_path / "saved.tar"
    (image,) = [image for image in rig.engine.images if tag in image.tags]
    job = await rig.jobs.run("save", file.name, rig.transfers.save({image.id: image.tags}, file, 5000))
    assert (job.state, job.done_bytes) == (JobState.DONE, file.stat().st_size)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await rig.engine.remove_image(image.id, force=True)
    loaded = await rig.jobs.run("load", file.name, rig.transfers.load(file))
    assert (loaded.state, loaded.done_bytes) == (JobState.DONE, file.stat().st_size)
    await rig.until(lambda: tag in rig.tags())


def one_of(rig: Rig) -> dict[str, tuple[str, ...]]:
    image = next(iter(rig.engine.images))
    return {image.id: image.tags}


def saved_image(file: Path) -> tuple[str, list[str] | None]:
    """Its id, and its tags."""
    with tarfile.open(file) as tar:
        found = tar.extractfile("manifest.json")
        assert found is not None
        (manifest,) = json.load(found)
    return f"sha256:{manifest['Config'].removesuffix('.json')}", manifest["RepoTags"]


async def test_the_image_that_was_chosen_is_saved_though_its_tag_has_moved(rig: Rig, tmp_path: Path) -> None:
    """A build or a pull may end while a file is chosen."""
    chosen, other, *_ = rig.engine.images
    (tag,), file = chosen.tags, tmp_path / "saved.tar"
    work = rig.transfers.save({chosen.id: chosen.tags}, file, 0)
    await rig.jobs.run("save", "x", work)
    assert saved_image(file) == (chosen.id, [tag])
    await rig.engine.tag_image(other.id, tag)
    job = await rig.jobs.run("save", "x", work)
    assert job.state is JobState.DONE and saved_image(file) == (chosen.id, None)
    assert rig.jobs.lines(job.id)[-1] == f"{tag} names another image by now, and is not in the file"


async def test_a_tag_that_moves_while_the_engine_looks_for_it_is_seen(tmp_path: Path) -> None:
    tagged, bare = ([{"Id": "sha256:aa", "RepoTags": tags}] for tags in (["t:1"], []))
    with EngineServer(tmp_path / "e.sock") as server:
        server.answers["/images/get"] = lambda: (200, bytes(1024))
        async with EngineClient(server.path) as client:
            answers = [tagged, bare]
            server.answers["/images/json"] = lambda: (200, answers.pop(0) if answers else bare)
            await client.transfer(transfers.save, {"sha256:aa": ("t:1",)}, tmp_path / "a.tar", 0, Silent())
    assert [call.partition("names=")[2] for call in server.calls if "names=" in call] == ["t:1", "sha256:aa"]


class Silent:
    def bytes(self, done: int, total: int = 0) -> None: ...
    def line(self, text: str) -> None: ...


@pytest.mark.parametrize("before", [None, b"mine"])
async def test_save_that_is_cut_leaves_no_half_file(rig: Rig, tmp_path: Path, before: bytes | None) -> None:
    file = tmp_path / "saved.tar"
    if before is not None:
        file.write_bytes(before)
    await play(rig.files, "registry-cut")
    job = await rig.jobs.run("save", file.name, rig.transfers.save(one_of(rig), file, 5000))
    assert job.state is JobState.FAILED and "closed the connection" in job.why, job.why
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([before] if before is not None else [])


async def test_where_a_file_cannot_be_written_or_read_that_is_said(rig: Rig, tmp_path: Path) -> None:
    nowhere = tmp_path / "none/saved.tar"
    saved = await rig.jobs.run("save", "x", rig.transfers.save(one_of(rig), nowhere, 0))
    assert "No such file or directory" in saved.why
    loaded = await rig.jobs.run("load", "x", rig.transfers.load(nowhere))
    assert "No such file or directory" in loaded.why
    (tmp_path / "bad.tar").write_text("no tar")
    bad = await rig.jobs.run("load", "x", rig.transfers.load(tmp_path / "bad.tar"))
    assert "Error processing tar file" in bad.why


async def test_build_sends_the_folder_but_what_dockerignore_names(rig: Rig, tmp_path: Path) -> None:
    for name in ("Dockerfile", "kept", "secret"):
        (tmp_path / name).write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / ".dockerignore").write_text("secret\n")
    job = await rig.jobs.run("build", "mine:1", rig.transfers.build(tmp_path, "mine:1"))
    lines = rig.jobs.lines(job.id)
    assert job.state is JobState.DONE, job.error
    assert "Step 2/2 : COPY . /" in lines and " ---> kept" in lines and " ---> secret" not in lines
    await rig.until(lambda: "mine:1" in rig.tags())


async def test_build_that_the_engine_refuses_keeps_why(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "only").write_text("")
    refused = await rig.jobs.run("build", "m", rig.transfers.build(tmp_path, "m"))
    assert "Cannot locate specified Dockerfile" in refused.why
    missing = await rig.jobs.run("build", "m", rig.transfers.build(tmp_path / "none", "m"))
    assert "there is no such folder" in missing.why
    wrong = await rig.jobs.run("build", "m", rig.transfers.build(tmp_path, "No Tag"))
    assert "invalid reference format" in wrong.why


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A credential helper that writes down how it was called, named in docker's configuration; what it wrote."""
    told = tmp_path / "told"
    program = tmp_path / "docker-credential-keep"
    program.write_text(f"#!/bin/sh\necho \"$1\" > {told}\ncat >> {told}\n[ ! -e {tmp_path}/broken ] || exit 1\n")
    program.chmod(0o755)
    (tmp_path / "config.json").write_text(json.dumps({"credsStore": "keep"}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return told


@pytest.mark.parametrize(
    ("host", "server"),
    [
        ("docker.io", "https://index.docker.io/v1/"),
        ("index.docker.io", "https://index.docker.io/v1/"),
        ("https://index.docker.io/v1/", "https://index.docker.io/v1/"),
        (" https://registry-1.docker.io ", "https://index.docker.io/v1/"),
        ("localhost:5000", "localhost:5000"),
        ("http://localhost:5000/", "localhost:5000"),
        ("https://registry.example/v2/team", "registry.example"),
    ],
)
async def test_login_is_kept_by_dockers_helper_and_nowhere_else(
    rig: Rig, helper: Path, host: str, server: str
) -> None:
    before = (helper.parent / "config.json").read_bytes()
    job = await rig.jobs.run("login", host, rig.transfers.log_in(host, "me", "right"))
    assert (job.state, job.error) == (JobState.DONE, "")
    act, _, typed = helper.read_text().partition("\n")
    assert (act, json.loads(typed)) == ("store", {"ServerURL": server, "Username": "me", "Secret": "right"})
    assert (helper.parent / "config.json").read_bytes() == before
    assert "right" not in str(job) + str(rig.jobs.lines(job.id))


async def test_login_is_kept_by_the_helper_of_its_registry_however_that_is_written(rig: Rig, helper: Path) -> None:
    settings = {"credsStore": "gone", "credHelpers": {"registry.example": "keep"}}
    (helper.parent / "config.json").write_text(json.dumps(settings))
    work = rig.transfers.log_in("https://registry.example/v2/", "me", "right")
    job = await rig.jobs.run("login", "https://registry.example/v2/", work)
    assert job.state is JobState.DONE and json.loads(helper.read_text().partition("\n")[2])["Username"] == "me"


def test_login_is_not_called_back_since_the_helper_may_have_it_by_then() -> None:
    assert not Job(id="1", verb="login", subject="docker.io").can_cancel


async def test_login_that_the_registry_refuses_reaches_no_helper(rig: Rig, helper: Path) -> None:
    job = await rig.jobs.run("login", "docker.io", rig.transfers.log_in("docker.io", "me", "wrong"))
    assert job.state is JobState.FAILED and "incorrect username or password" in job.why
    assert not helper.exists()


async def test_login_without_a_helper_is_refused_in_words(rig: Rig, helper: Path) -> None:
    config = helper.parent / "config.json"
    for text, why in (("{}", "names no credential helper"), ('{"credsStore": "gone"}', "helper gone is not")):
        config.write_text(text)
        job = await rig.jobs.run("login", "docker.io", rig.transfers.log_in("docker.io", "me", "right"))
        assert job.state is JobState.FAILED and why in job.why and "credsStore" in job.next_step
        assert config.read_text() == text


async def test_helper_that_fails_is_told(rig: Rig, helper: Path) -> None:
    (helper.parent / "broken").touch()
    job = await rig.jobs.run("login", "docker.io", rig.transfers.log_in("docker.io", "me", "right"))
    assert job.state is JobState.FAILED and "credential helper failed" in job.why and "right" not in str(job)


async def test_save_that_the_engine_breaks_off_is_no_file(tmp_path: Path) -> None:
    """dockerd ends such an answer as any other, with its error in place of the rest."""
    broken = bytes(512) + b'{"errorDetail":{"message":"input/output error"},"error":"input/output error"}'
    with EngineServer(tmp_path / "e.sock") as server:
        server.answers["/images/get"] = lambda: (200, broken)
        engine, jobs = EngineService(), Jobs()
        following = asyncio.create_task(engine.follow(server.path))
        async with asyncio.timeout(60):
            while engine.link.link is not Link.UP:
                await asyncio.sleep(0.01)
        file = tmp_path / "saved.tar"
        file.write_text("mine")
        job = await jobs.run("save", "x", Transfers(engine, server.path).save({"sha256:aa": ()}, file, 5000))
        assert (job.state, job.error) == (JobState.FAILED, "saved.tar could not be saved")
        assert job.why == "The engine's answer makes no sense: its tar has no end"
        assert file.read_text() == "mine"
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
