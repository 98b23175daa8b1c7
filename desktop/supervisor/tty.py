"""The console as a serial line: `<vms>/<name>/tty`, a pty for screen, minicom, picocom and socat.

It replays nothing. We keep its slave side open, raw and without echo. At each open and close by others it is
flushed, made raw again, and the exclusive mark that GNU screen leaves behind is cleared: TIOCEXCL outlives screen
and shuts out every later one that is not root.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import termios
import tty
from collections.abc import Callable
from pathlib import Path

from .opens import OpenWatch

log = logging.getLogger("desktop.supervisor")

READ_BYTES = 1 << 16
BACKLOG_BYTES = 1 << 20
"""What a reader of the pty may be behind; one that is further behind loses what it has not read."""

TIOCNXCL = getattr(termios, "TIOCNXCL", 0x540D)


class Tty:
    """A pty at a lasting path. Use `write` for the guest's output; `on_input` gets what is typed."""

    def __init__(self, link: Path, on_input: Callable[[bytes], None]) -> None:
        self._link = link
        self._on_input = on_input
        self._pending = bytearray()
        self._writing = False

    def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        name = os.ttyname(self._slave)
        with contextlib.suppress(OSError):
            os.fchmod(self._slave, 0o600)
        self._make_raw()
        self._watch = OpenWatch(name, self._on_opened, self._on_closed)
        self._loop.add_reader(self._master, self._readable)
        aside = self._link.with_name(f".{self._link.name}.new")
        aside.unlink(missing_ok=True)
        aside.symlink_to(name)
        os.replace(aside, self._link)

    def close(self) -> None:
        self._watch.close()
        self._stop_writing()
        self._loop.remove_reader(self._master)
        with contextlib.suppress(OSError):
            if os.readlink(self._link) == os.ttyname(self._slave):
                self._link.unlink()
        os.close(self._master)
        os.close(self._slave)

    def write(self, data: bytes) -> None:
        """Hands the guest's output to whoever has the line open; never waits for them."""
        if not self._watch.openers:
            return
        self._pending += data
        if len(self._pending) > BACKLOG_BYTES:
            log.info("whoever has %s open does not read; %d bytes are dropped", self._link, len(self._pending))
            self._pending.clear()
        if not self._writing:
            self._flush_pending()

    def _flush_pending(self) -> None:
        try:
            while self._pending:
                del self._pending[: os.write(self._master, self._pending)]
        except BlockingIOError:
            self._writing = True
            self._loop.add_writer(self._master, self._writable)

    def _writable(self) -> None:
        self._stop_writing()
        self._flush_pending()

    def _stop_writing(self) -> None:
        if self._writing:
            self._writing = False
            self._loop.remove_writer(self._master)

    def _readable(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if data := os.read(self._master, READ_BYTES):
                self._on_input(data)

    def _on_opened(self) -> None:
        if self._watch.openers == 1:
            self._make_clean()

    def _on_closed(self) -> None:
        if not self._watch.openers:
            self._make_clean()

    def _make_clean(self) -> None:
        self._stop_writing()
        self._pending.clear()
        termios.tcflush(self._slave, termios.TCIFLUSH)
        self._make_raw()
        fcntl.ioctl(self._slave, TIOCNXCL)

    def _make_raw(self) -> None:
        tty.setraw(self._slave, termios.TCSANOW)
