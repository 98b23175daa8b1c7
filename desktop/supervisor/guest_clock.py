"""The guest's clock: set when the guest goes on after a pause, and when the host's own clock jumped.

A host that slept is such a jump: its clock goes on by the time that it slept, and a guest's does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import sys
import time
from collections.abc import Callable

from desktop.core.errors import MoorageError
from desktop.machine.driver import Vm

log = logging.getLogger("desktop.supervisor")

TRIES = 5
TRY_PAUSE_S = 1.0
LOOK_S = 15.0  # where the system does not tell of jumps
JUMP_S = 0.1

_CLOCK_REALTIME = 0
_TFD_FLAGS = os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0)
_TFD_TIMER_ABSTIME, _TFD_TIMER_CANCEL_ON_SET = 1, 2
_NEVER_S = 1 << 40
_TIMER_BYTES = 8  # what is read of one
_TELLS_OF_JUMPS = sys.platform.startswith("linux")


class GuestClock:
    """Keeps one guest's clock at the host's. While the host's does not jump, it does nothing."""

    def __init__(self, vm: Vm) -> None:
        self._vm = vm
        self._setting: asyncio.Task[None] | None = None
        self._stop_watching = watch_jumps(self._on_jump)

    def close(self) -> None:
        self._stop_watching()
        if self._setting is not None:
            self._setting.cancel()

    def _on_jump(self) -> None:
        log.info("this host's clock jumped, or the host slept: the guest's is set")
        if self._setting is None or self._setting.done():
            self._setting = asyncio.create_task(self._set(), name="guest's clock")

    async def _set(self) -> None:
        """A guest that has just been woken may take its time to answer."""
        for _ in range(TRIES):
            with contextlib.suppress(MoorageError):
                await self._vm.agent.set_time()
                return
            await asyncio.sleep(TRY_PAUSE_S)
        log.warning("the guest's clock could not be set: its agent does not answer")


def watch_jumps(on_jump: Callable[[], None]) -> Callable[[], None]:
    """Calls `on_jump` when the wall clock was set, or went on while all else stood still. Returns what ends that."""
    if _TELLS_OF_JUMPS:
        try:
            return _Timer(on_jump).close
        except OSError as error:
            log.warning("the clocks are compared now and then, since the system does not tell of jumps: %s", error)
    return _Look(on_jump).close


class _Timer:
    """A timer that never ends, unless the kernel cancels it since the clock jumped: it costs nothing."""

    def __init__(self, on_jump: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_jump = on_jump
        self._timer = open_timer()
        self._loop.add_reader(self._timer, self._on_cancelled)

    def close(self) -> None:
        self._loop.remove_reader(self._timer)
        os.close(self._timer)

    def _on_cancelled(self) -> None:
        """To be read is that it was cancelled, an error; from then on it tells of the next jump."""
        with contextlib.suppress(OSError):
            os.read(self._timer, _TIMER_BYTES)
        self._on_jump()


class _Look:
    """Compares two clocks now and then."""

    def __init__(self, on_jump: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_jump = on_jump
        self._ahead_s = _ahead_s()
        self._handle = self._loop.call_later(LOOK_S, self._look)

    def close(self) -> None:
        self._handle.cancel()

    def _look(self) -> None:
        before, self._ahead_s = self._ahead_s, _ahead_s()
        self._handle = self._loop.call_later(LOOK_S, self._look)
        if abs(self._ahead_s - before) > JUMP_S:
            self._on_jump()


def _ahead_s() -> float:
    return time.time() - time.monotonic()


class _TimerSpec(ctypes.Structure):
    """struct itimerspec: an interval, and the end."""

    _fields_ = tuple((name, ctypes.c_long) for name in ("interval_s", "interval_ns", "end_s", "end_ns"))


def open_timer() -> int:
    """A descriptor that becomes readable when the wall clock is set.

    WORKAROUND: Python has timerfd from 3.13 on; may go when no older one is supported.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    timer = libc.timerfd_create(_CLOCK_REALTIME, _TFD_FLAGS)
    if timer < 0:
        raise OSError(ctypes.get_errno(), "timerfd_create")
    spec = _TimerSpec(end_s=_NEVER_S)
    flags = _TFD_TIMER_ABSTIME | _TFD_TIMER_CANCEL_ON_SET
    if libc.timerfd_settime(timer, flags, ctypes.byref(spec), None) < 0:
        error = OSError(ctypes.get_errno(), "timerfd_settime")
        os.close(timer)
        raise error
    return int(timer)
