"""A container's own input and output, as `docker attach` joins them: looked at, typed to, and left without a trace."""

from __future__ import annotations

import asyncio

from desktop.core.byte_stream import ByteStream

from .attach import Attached
from .client import EngineClient
from .stdcopy import Frames
from .stream import joined


class Attachment(ByteStream):
    """One viewer of a container's own terminal, or of its two streams where it has none."""

    def __init__(
        self, client: EngineClient, container: str, attached: Attached,
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
    ) -> None:  # fmt: skip
        super().__init__(reader, writer, attached.begun.early)
        self._client, self._container = client, container
        self.has_tty, self.takes_input = attached.has_tty, attached.takes_input
        self._frames = Frames()

    @classmethod
    async def open(cls, client: EngineClient, container: str, cols: int, rows: int) -> Attachment:
        """EngineError where the container does not run."""
        attached = await client.begin_attach(container)
        made = cls(client, container, attached, *await joined(attached.begun))
        if made.has_tty:
            try:
                await made._have_it_painted(cols, rows)
            except BaseException:
                await made.disconnect()
                raise
        return made

    async def read(self) -> bytes:
        """What is printed, for a terminal's screen; nothing when the container has ended."""
        while data := await super().read():
            if self.has_tty:
                return data
            if shown := self._unframed(data):
                return shown
        return b""

    def type(self, data: bytes) -> bool:
        """Lines end as a program expects them where no terminal does that."""
        return self.takes_input and super().type(data if self.has_tty else data.replace(b"\r", b"\n"))

    async def resize(self, cols: int, rows: int) -> None:
        if self.has_tty:
            await self._client.resize(self._container, cols, rows)

    async def _have_it_painted(self, cols: int, rows: int) -> None:
        """Another size and back: the engine keeps no picture, and a full-screen program paints itself anew."""
        for width in (cols + 1, cols):
            await self.resize(width, rows)

    def _unframed(self, data: bytes) -> bytes:
        shown = b"".join(content for _, content in self._frames.feed(data))
        return shown.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
