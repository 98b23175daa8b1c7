"""The console as a serial line: `<vms>/<name>/tty`, a pty for screen, minicom, picocom and socat.

It replays nothing, and nothing piles up while nobody has it open. We keep a descriptor of its slave side, raw and
without echo. When the last other one closes, unread bytes go, the line is made raw again, and the exclusive mark
that GNU screen leaves behind is cleared: TIOCEXCL outlives screen and shuts out every later one that is not root.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import select
import struct
import sys
import termios
import tty
from collections.abc import Callable
from pathlib import Path

from desktop.core.errors import MachineError

from .opens import OpenWatch

log = logging.getLogger("desktop.supervisor")

READ_BYTES = 4096  # what a pty gives at once
BACKLOG_BYTES = 1 << 20
"""What a reader of the line may be behind; one that is further behind loses what it has not read."""

_TIOCEXCL = getattr(termios, "TIOCEXCL", 0x540C)
_TIOCNXCL = getattr(termios, "TIOCNXCL", 0x540D)
_TIOCGEXCL = 0x80045440  # Linux only


class Tty:
    """A pty at a lasting path. `write` takes the guest's output; `on_input` gets what is typed."""

    def __init__(
        self, link: Path, on_input: Callable[[bytes], None], on_use: Callable[[], None] = lambda: None
    ) -> None:
        """`on_use` is called when `in_use` has changed."""
        self._link = link
        self._on_input, self._on_use = on_input, on_use
        self._pending = bytearray()
        self._is_reading = self._is_writing = False
        self._master = self._slave = -1
        self.in_use = False
        """Whether anybody else has the line open."""

    def open(self) -> None:
        """Makes the pty and leads the path to it, in place of an earlier one."""
        self._loop = asyncio.get_running_loop()
        try:
            self._master, self._slave = os.openpty()
        except OSError as error:
            raise MachineError("No pty is to be had for the console", str(error)) from error
        os.set_blocking(self._master, False)
        self._name = os.ttyname(self._slave)
        os.fchmod(self._slave, 0o600)
        tty.setraw(self._slave, termios.TCSANOW)
        self._watch = OpenWatch(self._name, self._on_change)
        self.resume_input()
        aside = self._link.with_name(f".{self._link.name}.new")
        try:
            aside.unlink(missing_ok=True)
            aside.symlink_to(self._name)
            os.replace(aside, self._link)
        except OSError as error:
            self.close()
            raise MachineError(f"The console's path {self._link} cannot be made", str(error)) from error

    def close(self) -> None:
        """Hangs up on whoever has the line open. A second call does nothing."""
        if self._master < 0:
            return
        self._watch.close()
        self._stop_writing()
        self.pause_input()
        with contextlib.suppress(OSError):
            if os.readlink(self._link) == self._name:
                self._link.unlink()
        for descriptor in (self._master, self._slave):
            os.close(descriptor)
        self._master = self._slave = -1
        self._pending.clear()
        self.in_use = False

    def pause_input(self) -> None:
        """Lets typed bytes wait in the line."""
        if self._is_reading:
            self._is_reading = False
            self._loop.remove_reader(self._master)

    def resume_input(self) -> None:
        if not self._is_reading and self._master >= 0:
            self._is_reading = True
            self._loop.add_reader(self._master, self._readable)

    def write(self, data: bytes) -> None:
        """Hands the guest's output to whoever has the line open; never waits for them."""
        if not self.in_use:
            return
        self._pending += data
        if len(self._pending) > BACKLOG_BYTES:
            log.info("who has %s open does not read; %d bytes are dropped", self._link, len(self._pending))
            self._pending.clear()
        elif not self._is_writing:
            self._flush_pending()

    def _flush_pending(self) -> None:
        try:
            while self._pending:
                del self._pending[: os.write(self._master, self._pending)]
        except BlockingIOError:
            if not self._is_writing:
                self._is_writing = True
                self._loop.add_writer(self._master, self._flush_pending)
            return
        self._stop_writing()

    def _stop_writing(self) -> None:
        if self._is_writing:
            self._is_writing = False
            self._loop.remove_writer(self._master)

    def _readable(self) -> None:
        try:
            data = os.read(self._master, READ_BYTES)
        except BlockingIOError:
            return
        if not self.in_use:  # its opening was missed, in the moment in which we looked; or it is gone again
            self._on_change(False, True)
        self._on_input(data)

    def _on_change(self, opened: bool, closed: bool) -> None:
        before = self.in_use
        self._look(closed)
        if self.in_use is not before:
            self._on_use()

    def _look(self, closed: bool) -> None:
        if not closed:
            self.in_use = True
            return
        tty.setraw(self._slave, termios.TCSANOW)
        self.in_use = self._is_held_by_others()
        if not self.in_use:
            self._stop_writing()
            self._pending.clear()
            termios.tcflush(self._slave, termios.TCIFLUSH)

    def _is_held_by_others(self) -> bool:
        """Looks away for a moment: only when our own descriptor is closed does the other side tell."""
        is_exclusive = self._is_exclusive()
        fcntl.ioctl(self._slave, _TIOCNXCL)
        os.close(self._slave)
        self._watch.swallow()  # that was us
        poll = select.poll()
        poll.register(self._master, 0)
        is_held = not any(event & select.POLLHUP for _, event in poll.poll(0))
        try:
            self._slave = os.open(self._name, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:  # in that very moment somebody has opened the line and shut the door
            log.warning("a new console line is made: %s", error)
            self._loop.call_soon(self._renew)
            return True
        if self._watch.swallow():  # somebody else, since we looked
            self._loop.call_soon(self._look_again)
        if is_held and is_exclusive:
            fcntl.ioctl(self._slave, _TIOCEXCL)
        return is_held

    def _look_again(self) -> None:
        if self._slave >= 0:
            self._on_change(False, True)

    def _is_exclusive(self) -> bool:
        if sys.platform != "linux":
            return False
        return bool(struct.unpack("i", fcntl.ioctl(self._slave, _TIOCGEXCL, bytes(4)))[0])

    def _renew(self) -> None:
        self._slave = os.dup(self._master)  # to have something to close
        self.close()
        self.open()
