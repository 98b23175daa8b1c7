"""The engine through docker.sock as people use it: the docker command line, with buildx and compose."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

import docker
import pytest

from desktop.engine.context import NAME, DockerContexts
from tests.helpers.busybox_image import BUSYBOX, IMAGE
from tests.helpers.docker_cli import DockerCli
from tests.helpers.guest import Guest
from tests.helpers.terminal_program import TerminalProgram

pytestmark = pytest.mark.vm

DEADLINE_S = 240
DOCKERFILE = """
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "sh", "-c", "echo built-$((40 + 2)) >/made"]
CMD ["/bin/busybox", "cat", "/made"]
"""
COMPOSE = f"""
services:
  one: &service
    image: {IMAGE}
    command: ["sh", "-c", "echo up-as-$$(hostname); exec sleep 600"]
    hostname: host-one
    init: true
  two:
    <<: *service
    hostname: host-two
"""


class Docker:
    """`docker` at the shared machine's socket."""

    def __init__(self, cli: DockerCli, socket: Path) -> None:
        self._cli = cli
        self._socket = socket
        self.environment = cli.environment(socket)

    def __call__(self, *words: str, **options: Any) -> str:
        return self.bytes(*words, **options).decode()

    def bytes(self, *words: str, **options: Any) -> bytes:
        return self._cli.run(*words, socket=self._socket, **options).stdout

    def on_terminal(self, *words: str) -> TerminalProgram:
        return TerminalProgram([self._cli.program, *words], self.environment)

    @contextmanager
    def reading(self, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
        """A command that prints while it runs; it is not waited for."""
        with subprocess.Popen([self._cli.program, *words], env=self.environment, stdout=subprocess.PIPE) as process:
            assert process.stdout
            try:
                yield process, process.stdout
            finally:
                process.kill()


@pytest.fixture
def run(cli: DockerCli, running: Guest, engine: docker.DockerClient) -> Docker:
    return Docker(cli, running.files.docker_socket)


@pytest.fixture
def sleeper(run: Docker) -> Iterator[str]:
    id = run("run", "-d", IMAGE, "sleep", "600").strip()
    yield id
    run("rm", "-f", id)


@pytest.fixture
def context(tmp_path: Path) -> str:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "busybox").write_bytes(BUSYBOX.read_bytes())
    (tmp_path / "busybox").chmod(0o755)
    return str(tmp_path)


def test_the_written_context_is_the_clis_own(run: Docker, cli: DockerCli, running: Guest, sleeper: str) -> None:
    """Written by the code that a start runs; read, used and put back by the command itself."""
    contexts = DockerContexts({"DOCKER_CONFIG": str(cli.config)})
    contexts.write(running.files.docker_socket)
    assert sleeper[:12] in cli.run("--context", NAME, "ps").stdout.decode()
    (described,) = json.loads(cli.run("context", "inspect", NAME).stdout)
    assert described["Name"] == NAME
    assert described["Endpoints"]["docker"]["Host"] == f"unix://{running.files.docker_socket}"
    assert cli.run("context", "show").stdout == b"default\n"
    contexts.use(running.files.docker_socket)
    assert cli.run("context", "show").stdout.decode().strip() == NAME
    assert cli.run("compose", "ls", "--format", "json").returncode == 0
    assert sleeper[:12] in cli.run("ps").stdout.decode()
    contexts.stop_using()
    assert cli.run("context", "show").stdout == b"default\n"
    contexts.remove(running.files.docker_socket)
    assert NAME not in cli.run("context", "ls", "--format", "{{.Name}}").stdout.decode().split()


def test_twenty_megabytes_pass_through_a_container_unchanged(run: Docker) -> None:
    data = os.urandom(20 << 20)
    assert run.bytes("run", "-i", "--rm", IMAGE, "cat", stdin=data) == data


def follow_size(terminal: TerminalProgram) -> None:
    """The command line listens for a new size only some time after the prompt is there: it is told again."""
    assert terminal.prints("# ", DEADLINE_S), terminal.unread
    terminal.type("while [ \"$(stty size)\" = '24 80' ]; do usleep 50000; done; stty size | tr ' ' x; exit 5\r")
    terminal.resize(41, 97)
    deadline = time.monotonic() + DEADLINE_S
    while not terminal.prints("41x97", 1):
        assert time.monotonic() < deadline, terminal.unread
        terminal.announce_size()
    assert terminal.wait() == 5


def test_a_container_on_a_terminal_follows_its_size(run: Docker) -> None:
    with run.on_terminal("run", "-it", "--rm", IMAGE, "sh") as terminal:
        follow_size(terminal)


def test_exec_on_a_terminal_follows_its_size(run: Docker, sleeper: str) -> None:
    with run.on_terminal("exec", "-it", sleeper, "sh") as terminal:
        follow_size(terminal)


def test_cp_both_ways(run: Docker, sleeper: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(os.urandom(5 << 20))
    run("cp", str(tmp_path / "there"), f"{sleeper}:/tmp/file")
    run("cp", f"{sleeper}:/tmp/file", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == (tmp_path / "there").read_bytes()


def test_events_and_logs_follow_a_container_to_its_end(run: Docker) -> None:
    script = "echo begun; until [ -e /tmp/end ]; do usleep 50000; done; echo ended; exit 3"
    id = run("run", "-d", IMAGE, "sh", "-c", script).strip()
    words = ("events", "--since", "10m", "--filter", f"container={id}", "--format", "{{.Action}}")
    with run.reading(*words) as (_, events), run.reading("logs", "-f", id) as (follower, log):
        assert log.readline() == b"begun\n"
        run("exec", id, "touch", "/tmp/end")
        assert log.read() == b"ended\n"
        assert follower.wait(DEADLINE_S) == 0
        told = list(iter(lambda: events.readline().strip(), b"die"))
    assert b"start" in told
    run("rm", id)


@pytest.mark.parametrize("words", [["build"], ["buildx", "build", "--builder", "default"]], ids=["legacy", "buildx"])
def test_build(run: Docker, context: str, words: list[str]) -> None:
    """buildx talks HTTP/2 to the engine, over connections that it has upgraded."""
    kind = {"DOCKER_BUILDKIT": "0" if words == ["build"] else "1"}
    run(*words, "--no-cache", "-t", "built-by-cli", context, environment=kind)
    assert run("run", "--rm", "built-by-cli") == "built-42\n"
    run("rmi", "built-by-cli")


def test_compose_brings_two_up_that_know_each_other(run: Docker, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    compose = partial(run, "compose", "-p", "pair-of-tests", "-f", str(tmp_path / "compose.yaml"))
    compose("up", "-d")
    try:
        assert {row.split()[0] for row in compose("ps", "--format", "{{.Service}} {{.State}}").splitlines()} == {
            "one", "two",
        }  # fmt: skip
        assert "1 packets received" in compose("exec", "-T", "one", "ping", "-c", "1", "two")
        assert "1 packets received" in compose("exec", "-T", "two", "ping", "-c", "1", "one")
        logs = compose("logs", "--no-color")
        assert "up-as-host-one" in logs and "up-as-host-two" in logs
    finally:
        compose("down", "-t", "5")
    label = "label=com.docker.compose.project=pair-of-tests"
    assert run("ps", "-aq", "--filter", label) == run("network", "ls", "-q", "--filter", label) == ""
