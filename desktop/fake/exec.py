"""Programs run inside a pretended container: a shell on a terminal, begun, typed to and hung up."""

from __future__ import annotations

import asyncio
import re
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from .containers import Container
from .files import Files
from .http import Answer, ApiError, Hijacked, Request
from .output import STDOUT
from .shell import BANNER, Shell

_SHELLS = ("sh", "/bin/sh", "ash", "/bin/ash")
_MARKED = re.compile(r"MOORAGE_SHELL=(?:\$0|\w+)")


@dataclass
class Exec:
    id: str
    container: Container
    argv: list[str]
    env: list[str]
    is_watched: bool
    exit_code: int | None = None
    size: tuple[int, int] = (80, 24)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    begun: bool = False
    shell: Shell | None = None

    @property
    def running(self) -> bool:
        return self.begun and self.exit_code is None

    def end(self, exit_code: int) -> None:
        if self.exit_code is None:
            self.exit_code = exit_code
            self.ended.set()


class Execs:
    """All that were made, as dockerd keeps them for a while."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._all: dict[str, Exec] = {}

    def create(self, container: Container, wish: dict[str, Any]) -> Answer:
        if container.state == "paused":
            raise ApiError(409, f"Container {container.id} is paused, unpause the container before exec")
        if container.state != "running":
            raise ApiError(409, f"container {container.id} is not running")
        argv = wish.get("Cmd") or []
        if not argv:
            raise ApiError(400, "No exec command specified")
        made = Exec(secrets.token_hex(32), container, argv, wish.get("Env") or [], bool(wish.get("AttachStdout")))
        made.size = _size(wish) or made.size
        self._all[made.id] = made
        return Answer(201, {"Id": made.id})

    def get(self, id: str) -> Exec:
        found = self._all.get(id)
        if found is None:
            raise ApiError(404, f"No such exec instance: {id}")
        return found

    def state(self, id: str) -> Answer:
        item = self.get(id)
        return Answer(
            200,
            {
                "ID": item.id, "ContainerID": item.container.id, "Running": item.running, "ExitCode": item.exit_code,
                "OpenStdin": item.is_watched, "OpenStdout": item.is_watched, "OpenStderr": item.is_watched,
                "ProcessConfig": {"tty": item.is_watched, "entrypoint": item.argv[0], "arguments": item.argv[1:]},
                "Pid": item.container.pid if item.running else 0, "CanRemove": False, "DetachKeys": "",
            },
        )  # fmt: skip

    def resize(self, request: Request, id: str) -> Answer:
        item = self.get(id)
        if not item.running:
            raise ApiError(500, f"exec {id} is not running")
        item.size = int(request.query.get("w") or 0), int(request.query.get("h") or 0)
        if item.shell is not None:
            item.shell.size = item.size
        return Answer(200)

    def start(self, request: Request, id: str) -> Answer | Hijacked:
        item, wish = self.get(id), request.json()
        if item.begun:
            raise ApiError(409, f"Exec command {id} has already been run")
        item.begun, item.size = True, _size(wish) or item.size
        if wish.get("Detach"):
            self._hang_up(item)
            return Answer(200)
        return Hijacked(lambda reader, writer: self._talk(item, reader, writer))

    async def _talk(self, item: Exec, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """As with dockerd, the program goes on when who watched it goes."""
        argv = item.argv[item.argv[0] == "/busybox" :]
        if argv[0] in ("find", "rm") and "distroless" not in item.container.image:
            said, code = self._files.run(item.container, argv)
            writer.write(struct.pack(">BxxxL", STDOUT, len(said)) + said)
            item.end(code)
            return
        is_machines = argv[0] == "nsenter"  # which leads out of the container
        if not is_machines and (item.argv[0] not in _SHELLS or "distroless" in item.container.image):
            writer.write(_no_such_program(item.argv[0]))
            item.end(127)
            return
        prompt = b"moorage:~# " if is_machines else f"{item.container.id[:12]}:/# ".encode()
        banner = BANNER if is_machines else b""
        shell = item.shell = Shell(writer.write, prompt=prompt, banner=banner, on_exit=item.end)
        shell.start(item.size)
        typing = asyncio.ensure_future(_type(shell, reader))
        waits = {asyncio.ensure_future(event.wait()) for event in (item.ended, item.container.ended)} | {typing}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        if item.container.ended.is_set():
            item.end(137)
        await writer.drain()

    def _hang_up(self, item: Exec) -> None:
        """The one script that is understood: it tells what carries a mark that its terminal is gone."""
        item.end(0)
        if "kill -HUP" in " ".join(item.argv) and _MARKED.search(" ".join(item.argv)):
            for other in self._all.values():
                if other.container is item.container and f"MOORAGE_SHELL={item.argv[-1]}" in other.env:
                    other.end(129)

    @property
    def running(self) -> list[Exec]:
        return [item for item in self._all.values() if item.running]


async def _type(shell: Shell, reader: asyncio.StreamReader) -> None:
    while data := await reader.read(4096):
        shell.type(data)


def _size(wish: dict[str, Any]) -> tuple[int, int] | None:
    size = wish.get("ConsoleSize")
    return (int(size[1]), int(size[0])) if isinstance(size, list) and len(size) == 2 else None


def _no_such_program(name: str) -> bytes:
    return (
        f'OCI runtime exec failed: exec failed: unable to start container process: exec: "{name}": '
        "executable file not found in $PATH: unknown\r\n"
    ).encode()
