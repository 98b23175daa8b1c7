"""A console broker between a socket that stands for QEMU's and viewers that speak the real frames."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.paths import MachineFiles, private_folder
from desktop.supervisor.broker import ConsoleBroker
from desktop.terminal.session import TerminalSession

DEADLINE_S = 60.0


async def until(condition: Callable[[], object], deadline_s: float = DEADLINE_S) -> None:
    async with asyncio.timeout(deadline_s):
        while not condition():
            await asyncio.sleep(0.005)


class Guest:
    """QEMU's end of console.sock: prints, there and into its own copy; keeps what is typed unless told not to read."""

    def __init__(self, spare: Path) -> None:
        self._spare = spare
        self.typed = b""
        self.reading = asyncio.Event()
        self.reading.set()
        self._writer: asyncio.StreamWriter | None = None

    @property
    def is_joined(self) -> bool:
        return self._writer is not None

    async def print(self, data: bytes) -> None:
        """Returns when the socket has taken all of it, as QEMU would go on only then."""
        assert self._writer is not None
        self._writer.write(data)
        await self.print_unread(data)
        await self._writer.drain()

    async def print_unread(self, data: bytes) -> None:
        """What nobody is there to read goes into the copy only."""
        with self._spare.open("ab") as spare:
            spare.write(data)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(0)
        self._writer = writer
        try:
            while data := await reader.read(4096):
                self.typed += data
                await self.reading.wait()
        except ConnectionError:
            pass
        finally:
            self._writer = None
            writer.close()


class Onlooker:
    """A viewer: real frames in, a real terminal session behind."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._decoder = frames.Decoder()
        self.session = TerminalSession(self.send)
        self.on_frame: Callable[[bytes, bytes], None] = self._show
        self.frames: list[tuple[bytes, bytes]] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.has_ended = False
        self._task = asyncio.create_task(self._read())

    @property
    def text(self) -> str:
        return self.session.screen.contents()

    def of(self, kind: bytes) -> list[bytes]:
        return [payload for found, payload in self.frames if found == kind]

    @property
    def info(self) -> dict[str, object]:
        found: dict[str, object] = msgspec.json.decode(self.of(frames.INFO)[-1])
        return found

    def send(self, kind: bytes, payload: bytes) -> None:
        self._writer.write(frames.encode(kind, payload))

    def stop_reading(self) -> None:
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.wait({self._task})
        self._writer.transport.abort()
        self.session.close()

    def _show(self, kind: bytes, payload: bytes) -> None:
        self.session.receive(kind, payload)
        self.session.work()

    async def _read(self) -> None:
        try:
            while data := await self._reader.read(1 << 16):
                for frame in self._decoder.feed(data):
                    self.frames.append(frame)
                    self.on_frame(*frame)
        except ConnectionError:
            pass
        self.has_ended = True


class ConsoleRig:
    """A broker that is open, and what stands around it."""

    def __init__(self, files: MachineFiles) -> None:
        self.files = files
        self.guest = Guest(files.console_spare)
        self.sizes: list[tuple[int, int]] = []
        self.breaks = 0
        self.broker = ConsoleBroker(files, self._resize, self._break)
        self._onlookers: list[Onlooker] = []
        self._attached: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._is_dead = False

    async def power_on(self) -> None:
        """A QEMU that listens anew, and the broker joined to it."""
        await self.broker.reset()
        await self.start_guest()
        await self.join()

    async def start_guest(self) -> None:
        self.guest = Guest(self.files.console_spare)
        self.files.console_socket.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self.guest.serve, self.files.console_socket, backlog=1)

    async def join(self) -> None:
        await self.broker.connect()
        await until(lambda: self.guest.is_joined)

    async def power_off(self) -> None:
        if self._server is not None:
            self._server.close()
        if not self._is_dead:
            await self.broker.disconnected()
        await until(lambda: not self.guest.is_joined)

    def die(self) -> None:
        """As by SIGKILL: nothing more is read, and nothing more is written."""
        self._is_dead = True
        self.broker._line.close()
        if (writing := self.broker._recorder._writing) is not None:
            writing.cancel()

    async def attach(
        self, replay: str = "snapshot", cols: int = 80, rows: int = 24, read_only: bool = False, settle: bool = True
    ) -> Onlooker:
        path = self.files.folder / "attach.sock"
        joined = asyncio.get_running_loop().create_future()
        server = await asyncio.start_unix_server(lambda *ends: joined.set_result(ends), path)
        onlooker = Onlooker(*await asyncio.open_unix_connection(path))
        reader, writer = await joined
        server.close()
        path.unlink(missing_ok=True)  # from Python 3.13 on the server took it away
        self._onlookers.append(onlooker)
        request = ConsoleRequest(replay=replay, cols=cols, rows=rows, read_only=read_only)
        task = asyncio.create_task(self._serve(reader, writer, request))
        self._attached.add(task)
        if settle:
            await until(lambda: any(kind in (frames.SNAPSHOT, frames.REPLAY) for kind, _ in onlooker.frames))
        return onlooker

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: ConsoleRequest) -> None:
        try:
            await self.broker.attach(reader, writer, request)
        finally:
            writer.close()

    async def close(self) -> None:
        for onlooker in self._onlookers:
            await onlooker.leave()
        await self.power_off()
        if self._attached:
            await asyncio.wait(self._attached)
        for task in self._attached:
            task.result()
        await self.broker.close()

    async def _break(self) -> None:
        self.breaks += 1

    def _resize(self, cols: int, rows: int) -> None:
        self.sizes.append((cols, rows))


@asynccontextmanager
async def console_rig(files: MachineFiles) -> AsyncIterator[ConsoleRig]:
    private_folder(files.folder)
    rig = ConsoleRig(files)
    await rig.broker.open()
    try:
        yield rig
    finally:
        await rig.close()
