"""One hypervisor process: started so that it outlives us, watched and signalled without mistaking another for it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from desktop.core.errors import DeadlineExceeded, MachineError

KILL_DEADLINE_S = 10.0
END_S = 1.0  # from the last word of a process to its end

StartTime = Callable[[int], float | None]
"""When a process was started, as the system tells it; None where there is no such process."""


def take_lock(path: Path) -> int | None:
    """A locked descriptor that only one holds at a time, or None where another holds it.

    The lock lives as long as any process has the descriptor: handed to QEMU, it ends with QEMU.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    descriptor = take_lock(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


class Process:
    """A process by a handle that can never come to mean another one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._exit_code: int | None = None
        self._handle = _open_handle(pid)
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._handle, self._on_end)

    @classmethod
    def known(cls, pid: int, started_s: float, start_time: StartTime) -> Process | None:
        """That which was started then, if it lives. First the handle, then the look: a pid may be reused between."""
        try:
            found = cls(pid)
        except OSError:
            return None
        if start_time(pid) == started_s:
            return found
        found.close()
        return None

    async def wait(self) -> None:
        await self._ended.wait()

    @property
    def alive(self) -> bool:
        return not self._ended.is_set()

    async def was_killed(self) -> bool:
        """Whether it ends now by SIGKILL, as by a system that is out of memory."""
        await self._wait_for(END_S)
        return self._exit_code == -signal.SIGKILL

    @property
    def exit_words(self) -> str:
        """How it ended, as far as can be known: only a parent is told."""
        code = self._exit_code
        if code is None or code == 0:
            return ""
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    async def end(self, patience_s: float) -> None:
        """Returns when it is gone: by itself, as one that follows another does, or by force after so long."""
        await self._wait_for(patience_s)
        await self.kill()

    async def kill(self) -> None:
        """Ends it by force and returns when it is gone."""
        if self.alive:
            _send(self._handle, self.pid, signal.SIGKILL)
        try:
            async with asyncio.timeout(KILL_DEADLINE_S):
                await self.wait()
        except TimeoutError as error:
            raise DeadlineExceeded(
                f"Process {self.pid} does not end", f"it was killed {KILL_DEADLINE_S:.0f} s ago"
            ) from error

    def close(self) -> None:
        """Lets go of the process; it lives on."""
        if self._handle >= 0:
            asyncio.get_running_loop().remove_reader(self._handle)
            os.close(self._handle)
            self._handle = -1

    async def _wait_for(self, patience_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self.wait()

    def _on_end(self) -> None:
        self.close()
        with contextlib.suppress(ChildProcessError):  # then it was another's child
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._exit_code = os.waitstatus_to_exitcode(status) if pid else None
        self._ended.set()


def spawn(
    arguments: Sequence[str], environment: Mapping[str, str], output: Path, keep: Sequence[int] = ()
) -> Process:
    """Starts a program in a session of its own with its output in a file; `keep` are descriptors it inherits.

    Not asyncio's subprocess: that one kills its child when the loop closes.
    """
    log = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        child = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(environment), cwd="/",
            start_new_session=True, umask=0o077, pass_fds=tuple(keep),
        )  # fmt: skip
    except OSError as error:
        raise MachineError(f"{arguments[0]} cannot be started", error.strerror or str(error)) from error
    finally:
        os.close(log)
    try:
        process = Process(child.pid)
    except BaseException:  # nobody could end it, and it holds what it was given: a machine's lock
        child.kill()
        child.wait()
        raise
    child.returncode = 0  # who waits for it is Process, so that it may be let go of while it runs
    return process


def kill_child(process: asyncio.subprocess.Process) -> None:
    """Kills a child of asyncio's; to be followed by `wait()`.

    Its own `kill()` asks with `waitpid` first whether the child still runs, and where that has just ended, takes
    its exit code away from the thread that waits for it, which then warns of an unknown child.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)


if sys.platform == "linux":

    def _open_handle(pid: int) -> int:
        return os.pidfd_open(pid)

    def _send(handle: int, pid: int, number: signal.Signals) -> None:
        try:
            signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            pass  # it has just ended

else:

    def _open_handle(pid: int) -> int:
        queue = select.kqueue()
        event = select.kevent(pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD, select.KQ_NOTE_EXIT)
        queue.control([event], 0)
        return os.dup(queue.fileno())

    def _send(handle: int, pid: int, number: signal.Signals) -> None:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass
