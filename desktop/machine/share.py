"""Shares a host folder with a guest: a virtiofsd in a room of its own, there before QEMU, gone when QEMU goes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.core.errors import MachineError
from desktop.core.shares import Share, make_hideable

from .process import Process, spawn

ROOM = Path(__file__).with_name("share_room.py")
READY_S = 10.0
READY = "ready"
_WORDS_BYTES = 4096
# The cache is virtiofsd's default, auto: what the host changes is seen in the guest after a second at most. Small files
# are slow for the calls that they take, one after the other, and no option spares many of those. Counted for a file in
# a folder of its own (virtiofsd 1.13, Linux 6.12): 11 to unpack it and 8 to find and read it; with `--cache=always`,
# which hides what the host changes, 11 and 7; with `--writeback`, which hides how long and how old a file is by then,
# 12 and 8; with `--killpriv-v2` 11 and 8. More than one queue of requests (`num-request-queues`) it refuses.
# Under emulation a call takes 0.12 ms at the best, as long as two programs of the guest take to wake each other by
# pipes; what ends it is an interrupt that is tied to one CPU, and cpuidle_haltpoll, by which a guest would wait for it
# awake, does not start without KVM. On two quiet cores such a file takes 2.8 ms in a share and 0.19 on the guest's
# disk: three times that is out of reach for 19 calls, of which a local folder could do without 2, FLUSH.
# Eight shares of one machine by turns, on a busy host, in ms a file: 6.6 as here, 7.2 with
# `--inode-file-handles=prefer`, 8.0 with a queue of 128, 8.7 with `--writeback`, and 10.3 to 10.8 with `--xattr`,
# `--cache=always`, `--allow-direct-io` and a thread pool of one. `--thread-pool-size=2` and `--no-readdirplus` were no
# better either.
# An inode that was open in the guest and is gone when that is resumed is an error for who uses it, and no more.
_OPTIONS = ("--inode-file-handles=never", "--migration-on-error=guest-error")


class Waiting:
    """A virtiofsd that is about to be: it begins when QEMU calls at its socket, and ends where nobody starts that."""

    def __init__(self, process: Process, watch: socket.socket, path: Path) -> None:
        self.process = process
        self._watch = watch
        self._path = path

    def close(self) -> None:
        """QEMU is there, or will not come."""
        self._watch.close()
        self._path.unlink(missing_ok=True)


async def wait_at(path: Path, share: Share, virtiofsd: Sequence[str], output: Path) -> Waiting:
    """Shares it at the socket `path`; MachineError where this host does not let us."""
    try:
        await asyncio.to_thread(make_hideable, share)
        # In a folder that is another's, the user may be no more than one of a group.
        is_own = (await asyncio.to_thread(share.source.stat)).st_uid == os.getuid()
        return await _wait_in(path, share, virtiofsd, output, "peopled" if is_own else "closed")
    except OSError as error:
        raise MachineError("It cannot be shared", str(error)) from error
    except MachineError as error:
        if share.hidden or share.pinned:
            raise hides_nothing(error.why) from error
        return await _wait_in(path, share, virtiofsd, output, "open")


def hides_nothing(why: str) -> MachineError:
    """Of a folder in which something must be hidden."""
    words = f"This host lets Moorage hide nothing in a shared folder ({why})"
    return MachineError("It cannot be shared", words, "Share folders in it one by one")


async def _wait_in(path: Path, share: Share, virtiofsd: Sequence[str], output: Path, room: str) -> Waiting:
    with _listening(path) as listener:
        watch, other = socket.socketpair()
        with other:
            kept = [str(len(share.pinned)), *map(str, share.pinned), str(len(share.hidden)), *map(str, share.hidden)]
            process = spawn(
                [sys.executable, "-I", "-S", str(ROOM), str(listener.fileno()), str(other.fileno()), room, *kept,
                 *virtiofsd, f"--shared-dir={share.source}", *_OPTIONS],
                os.environ, output, (listener.fileno(), other.fileno()),
            )  # fmt: skip
    waiting = Waiting(process, watch, path)
    try:
        said = await _said(watch)
        if not said:
            raise MachineError("virtiofsd cannot be started", "it ended at once")
        if said != READY:
            raise MachineError("virtiofsd cannot be started", said)
    except BaseException:
        waiting.close()
        await process.kill()
        raise
    return waiting


def _listening(path: Path) -> contextlib.closing[socket.socket]:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(1)
    return contextlib.closing(listener)


async def _said(watch: socket.socket) -> str:
    watch.setblocking(False)
    try:
        async with asyncio.timeout(READY_S):
            return (await asyncio.get_running_loop().sock_recv(watch, _WORDS_BYTES)).decode(errors="replace")
    except TimeoutError as error:
        raise MachineError("virtiofsd cannot be started", f"no answer in {READY_S:.0f} s") from error
