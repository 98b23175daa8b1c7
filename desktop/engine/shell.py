"""A shell in a running container, as `docker exec -it` opens one: found by trying, read and typed to."""

from __future__ import annotations

import asyncio
import contextlib
import os

from desktop.core.byte_stream import READ_BYTES, ByteStream
from desktop.core.errors import EngineError

from .client import EngineClient
from .exec import Begun
from .stream import joined

FIRST_WORD_S = 10.0

_BASH_OR_SH = "command -v bash >/dev/null 2>&1 && exec bash; exec sh"
_TRIED: tuple[tuple[str, ...], ...] = (
    ("sh", "-c", _BASH_OR_SH),
    ("/bin/sh", "-c", _BASH_OR_SH),  # where the image's own PATH does not lead there
    ("bash",),
    ("/busybox/sh",),
)
_REFUSED = b"OCI runtime exec failed"
"""dockerd joins the connection before it begins the program, so that a failure comes as the program's output."""

_MARK = "MOORAGE_SHELL"
_HANG_UP = (
    f'for p in /proc/[0-9]*; do grep -q "{_MARK}=$0" "$p/environ" && kill -HUP "${{p#/proc/}}"; done >/dev/null 2>&1'
)
"""WORKAROUND, while the Engine API cannot signal what an exec began, and leaves it running when its terminal goes:
what began with the shell is known by a variable, and is told that the terminal hung up."""


class ExecShell(ByteStream):
    """A program on a terminal of its own that an engine has begun."""

    def __init__(
        self, client: EngineClient, begun: Begun, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super().__init__(reader, writer, begun.early)
        self._client, self._id = client, begun.id

    async def resize(self, cols: int, rows: int) -> None:
        await self._client.resize_exec(self._id, cols, rows)

    async def exit_code(self) -> int | None:
        """With what it ended; None while it still runs."""
        return await self._client.exec_exit_code(self._id)


class ContainerShell(ExecShell):
    """One shell. `open` it; `close` ends it and what runs in its terminal."""

    def __init__(
        self, client: EngineClient, container: str, mark: str, begun: Begun,
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
    ) -> None:  # fmt: skip
        super().__init__(client, begun, reader, writer)
        self._container, self._mark = container, mark

    @classmethod
    async def open(cls, client: EngineClient, container: str, cols: int, rows: int) -> ContainerShell:
        """The first shell of those tried that the container has; EngineError where it has none."""
        opening = asyncio.ensure_future(cls._open(client, container, cols, rows))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:  # a program that a thread has begun by then would be nobody's
            with contextlib.suppress(EngineError):
                await (await opening).close()
            raise

    @classmethod
    async def _open(cls, client: EngineClient, container: str, cols: int, rows: int) -> ContainerShell:
        mark = os.urandom(8).hex()
        for argv in _TRIED:
            env = ("TERM=xterm-256color", f"{_MARK}={mark}")
            begun = await client.begin_exec(container, argv, env, (cols, rows))
            shell = cls(client, container, mark, begun, *await joined(begun))
            if await shell._has_begun():
                return shell
            await shell.disconnect()
        raise EngineError("No shell was found in the container", "its image brings none")

    async def close(self) -> None:
        """Ends it and what runs in it, as a terminal that is closed does."""
        await self.disconnect()
        with contextlib.suppress(EngineError):  # the container or the engine is gone, and the shell with it
            await self._client.begin_unwatched_exec(self._container, ("sh", "-c", _HANG_UP, self._mark))

    async def _has_begun(self) -> bool:
        """Whether what it says first is not that there is no such program."""
        try:
            async with asyncio.timeout(FIRST_WORD_S):
                while len(self._unread) < len(_REFUSED) and _REFUSED.startswith(self._unread):
                    data = await self._reader.read(READ_BYTES)
                    if not data:
                        return bool(self._unread) and not self._unread.startswith(_REFUSED)
                    self._unread += data
        except (TimeoutError, OSError):
            return True  # one that is silent; what became of it shows in reading
        return not self._unread.startswith(_REFUSED)
