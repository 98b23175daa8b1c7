"""The console of another product's VM, opened raw and for one reader alone; left as it was found."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import stat
import struct
import sys
import termios
import tty
from pathlib import Path

from desktop.core.byte_stream import BACKLOG_BYTES, READ_BYTES, ByteStream
from desktop.core.errors import MachineError

from .openers import openers

_TIOCEXCL = getattr(termios, "TIOCEXCL", 0x540C)
_TIOCNXCL = getattr(termios, "TIOCNXCL", 0x540D)
_TIOCGEXCL = 0x80045440  # Linux only
_HELD = "another program has it open"
_CONNECT_S = 5.0


async def open_console(path: Path) -> TtyConsole | SocketConsole:
    """MachineError where it cannot be had, which names who may have it."""
    try:
        if _is_socket(path):
            async with asyncio.timeout(_CONNECT_S):
                return SocketConsole(*await asyncio.open_unix_connection(path))
        return TtyConsole(await _exclusive_soon(path))
    except TimeoutError as error:
        raise MachineError(f"The console {path} does not answer", _HELD) from error
    except OSError as error:
        is_held = error.errno in (errno.EBUSY, errno.EWOULDBLOCK)
        why = _HELD if is_held else error.strerror or str(error)
        raise MachineError(f"The console {path} cannot be opened", why) from error


def _is_socket(path: Path) -> bool:
    return stat.S_ISSOCK(path.stat().st_mode)


async def _exclusive_soon(path: Path) -> int:
    """In a thread: to see who has it open takes a look at every open file of the user."""
    opening = asyncio.ensure_future(asyncio.to_thread(_exclusive, path))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_give_back)
        raise


def _give_back(opening: asyncio.Future[int]) -> None:
    """Nobody wants it any more."""
    if not opening.cancelled() and opening.exception() is None:
        fcntl.ioctl(opening.result(), _TIOCNXCL)
        os.close(opening.result())


def _exclusive(path: Path) -> int:
    """A descriptor that shares its lines with no other: OSError with EBUSY or EWOULDBLOCK where somebody has it.

    The lock keeps out a second of us, the mark everyone else; root is not kept out by it, so it is looked at first,
    and so is who had it open before and never marked it.
    """
    line = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not os.isatty(line):
            raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
        fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if sys.platform == "linux" and struct.unpack("i", fcntl.ioctl(line, _TIOCGEXCL, b"\0" * 4))[0]:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        if openers(os.ttyname(line)):
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        fcntl.ioctl(line, _TIOCEXCL)
    except BaseException:
        os.close(line)
        raise
    return line


class TtyConsole:
    """A tty, raw while it is ours."""

    has_tty = takes_input = True

    def __init__(self, line: int) -> None:
        """Takes over `line`."""
        self._line = line
        self._before = termios.tcgetattr(line)
        tty.setraw(line, termios.TCSANOW)
        self._loop = asyncio.get_running_loop()
        self._pending = bytearray()
        self._has_some = asyncio.Event()
        self._loop.add_reader(line, self._has_some.set)

    async def read(self) -> bytes:
        """What was printed; nothing when the other side is gone."""
        while self._line >= 0:
            self._has_some.clear()
            try:
                return os.read(self._line, READ_BYTES)
            except BlockingIOError:
                await self._has_some.wait()
            except OSError:
                break
        return b""

    def type(self, data: bytes) -> bool:
        if self._line < 0 or len(self._pending) > BACKLOG_BYTES:
            return False
        self._pending += data
        self._write()
        return True

    async def resize(self, cols: int, rows: int) -> None:
        """The line is another product's: its size is left alone."""

    async def exit_code(self) -> int | None:
        return None

    async def close(self) -> None:
        await self.disconnect()

    async def disconnect(self) -> None:
        """Puts it back as it was. A second call does nothing."""
        line, self._line = self._line, -1
        if line < 0:
            return
        self._loop.remove_reader(line)
        self._loop.remove_writer(line)
        self._has_some.set()
        with contextlib.suppress(OSError, termios.error):
            fcntl.ioctl(line, _TIOCNXCL)
            termios.tcsetattr(line, termios.TCSANOW, self._before)
        os.close(line)

    def _write(self) -> None:
        try:
            while self._pending:
                del self._pending[: os.write(self._line, self._pending)]
        except BlockingIOError:
            self._loop.add_writer(self._line, self._write)
            return
        except OSError:
            self._pending.clear()  # reading tells the end
        self._loop.remove_writer(self._line)


class SocketConsole(ByteStream):
    """A socket that serves one reader at a time: while another has it, this one hears nothing."""

    async def resize(self, cols: int, rows: int) -> None:
        """It is a serial line, which has no size."""
