"""The terminal of `moorage console`: raw until it is given back, and written to without waiting for it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import sys
import termios
import tty
from collections.abc import Callable

from desktop.terminal.foreign import RESTORE

LAST_WORD_S = 1.0  # for a terminal that takes nothing, at the end
_EMPTY_FOOT = b"\x1b[999;1H\x1b[2K"


class RawTerminal:
    """What is typed comes key by key and without an echo, until this is left.

    One that takes nothing, behind a slow line or stopped, holds nobody up: nothing is drawn while it `is_busy`, and
    `on_drained` tells when it goes on; `on_gone`, that it is no more.
    """

    def __init__(self, source: int, sink: int) -> None:
        self.on_drained: Callable[[], None] = lambda: None
        self.on_gone: Callable[[], None] = lambda: None
        self._source, self._before = source, termios.tcgetattr(source)
        self._sink = _opened_anew(sink)
        self._pending = bytearray()
        self._is_waiting = False

    def __enter__(self) -> RawTerminal:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_waiting()
        self.give_back()
        os.close(self._sink)
        self._sink = -1

    @property
    def is_busy(self) -> bool:
        return bool(self._pending)

    def take(self) -> None:
        with contextlib.suppress(OSError, termios.error):  # it may be gone
            tty.setraw(self._source)

    def give_back(self) -> None:
        """As it was: of what it has not taken yet nothing is of use any more."""
        self._pending = bytearray(RESTORE + _EMPTY_FOOT)
        with contextlib.suppress(OSError, termios.error):
            while self._pending and select.select([], [self._sink], [], LAST_WORD_S)[1]:
                with contextlib.suppress(BlockingIOError):
                    self._push()
            how = termios.TCSANOW if self._pending else termios.TCSAFLUSH  # answers under way are no commands
            termios.tcsetattr(self._source, how, self._before)
        self._pending.clear()

    def write(self, data: bytes) -> None:
        if self._sink < 0:  # it was left, as by the end of copy mode
            return
        self._pending += data
        if not self._is_waiting:
            self._go_on()

    def _go_on(self) -> None:
        was_waiting = self._is_waiting
        try:
            self._push()
        except BlockingIOError:
            if not was_waiting:
                self._is_waiting = True
                asyncio.get_running_loop().add_writer(self._sink, self._go_on)
            return
        except OSError:
            self._pending.clear()
            self.on_gone()
        self._stop_waiting()
        if was_waiting:
            self.on_drained()

    def _push(self) -> None:
        while self._pending:
            del self._pending[: os.write(self._sink, self._pending)]

    def _stop_waiting(self) -> None:
        if self._is_waiting:
            self._is_waiting = False
            asyncio.get_running_loop().remove_writer(self._sink)


def tell(words: str) -> None:
    """On standard error, where anybody takes it."""
    with contextlib.suppress(OSError):
        if select.select([], [sys.stderr.fileno()], [], LAST_WORD_S)[1]:
            os.write(sys.stderr.fileno(), words.encode(errors="replace"))


def _opened_anew(descriptor: int) -> int:
    """For this program alone: whether it waits is a matter of all who share a descriptor, such as the shell."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:  # it is another user's: then it is waited for
        return os.dup(descriptor)
