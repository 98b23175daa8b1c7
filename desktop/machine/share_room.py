"""The room that a virtiofsd works in: a program of its own, which hides folders from itself and then becomes virtiofsd.

Run as `python -I -S share_room.py LISTENER WATCH ROOM COUNT pinned… COUNT hidden… virtiofsd…`. LISTENER is the
descriptor of the socket that QEMU connects to. On WATCH it says `ready`, or why not, in words; when nobody holds the
other end any more before QEMU is there, it ends. ROOM is `closed` for namespaces in which the hidden folders are empty
and the pinned folders and links, which lead to them, cannot be moved or replaced; `open` for none. Somebody outside
can: a child stays beside virtiofsd and hides again what takes their place.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import select
import signal
import socket
import sys
from collections.abc import Iterator

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x20000, 0x8000000, 0x10000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_SLAVE = 1, 2, 4, 8, 0x1000, 0x4000, 0x80000
PR_SET_PDEATHSIG, IN_MOVED_TO, IN_CREATE = 1, 0x80, 0x100
EVERY_ID = 4294967295


def main(words: list[str]) -> None:
    listener, watch, room = int(words[0]), socket.socket(fileno=int(words[1])), words[2]
    pinned, words = _counted(words[3:])
    hidden, command = _counted(words)
    user, group = os.getuid(), os.getgid()
    try:
        command = [_reached(word, hidden) for word in command]
        if room == "closed":
            _close_room(user, group)
            _pin(pinned)
            _hide(hidden)
    except OSError as error:
        watch.send(str(error).encode())
        return
    watch.send(b"ready")
    if _is_called(listener, watch):
        watch.close()
        if room == "closed" and hidden + pinned:
            _begin_guard(listener, pinned, hidden)
        os.execv(command[0], [*command, *_identity(room, user, group), f"--fd={listener}"])


def _counted(words: list[str]) -> tuple[list[str], list[str]]:
    """As many words as the first one says, and the rest."""
    end = 1 + int(words[0])
    return words[1:end], words[end:]


def _close_room(user: int, group: int) -> None:
    _check(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC), "namespaces")
    for file, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open(f"/proc/self/{file}", "w") as stream:
            stream.write(text)
    _mount("none", "/", "", MS_REC | MS_SLAVE, "")


def _pin(entries: list[str]) -> None:
    """Each on itself, outermost first: what is mounted on cannot be renamed, removed or replaced from in here."""
    for entry in entries:
        with _held(entry, 0) as place:
            _mount(place, place, "", MS_BIND | MS_REC, "")


def _hide(folders: list[str]) -> None:
    for folder in folders:
        with _held(folder, os.O_DIRECTORY) as place:
            _mount("none", place, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=0,mode=700")


def _begin_guard(listener: int, pinned: list[str], hidden: list[str]) -> None:
    """It ends with virtiofsd, which this process is about to become."""
    parent = os.getpid()
    if os.fork() != 0:
        return
    try:
        os.close(listener)
        _check(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL), "prctl")
        while os.getppid() == parent:
            _guard(pinned, hidden)
    finally:
        os._exit(1)


def _guard(pinned: list[str], hidden: list[str]) -> None:
    """Waits for something new under one of these names. First the watches, then the look: nothing comes between."""
    events = _libc.inotify_init1(os.O_CLOEXEC)
    try:
        for folder in {os.path.dirname(entry) for entry in pinned + hidden}:
            _libc.inotify_add_watch(events, os.fsencode(folder), IN_CREATE | IN_MOVED_TO)
        mounted = _mount_points()
        for mount, entries in ((_pin, pinned), (_hide, hidden)):
            for entry in entries:
                if entry not in mounted:
                    with contextlib.suppress(OSError):  # it is gone, or not what can be hidden
                        mount([entry])
        names = [os.fsencode(os.path.basename(entry)) for entry in pinned + hidden]
        while not any(name in happened for happened in [os.read(events, 65536)] for name in names):
            pass
    finally:
        os.close(events)


def _mount_points() -> set[str]:
    with open("/proc/self/mountinfo", "rb") as stream:
        points = [line.split(b" ")[4] for line in stream]
    return {os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), point)) for point in points}


@contextlib.contextmanager
def _held(path: str, flags: int) -> Iterator[str]:
    """A name for what is at `path` and at no other one, wherever that may be moved meanwhile."""
    descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW | flags)
    try:
        place = f"/proc/self/fd/{descriptor}"
        if os.readlink(place) != path:
            raise OSError(errno.ESTALE, "it has been moved", path)
        yield place
    finally:
        os.close(descriptor)


def _identity(room: str, user: int, group: int) -> list[str]:
    """Whoever a container's program is, on the host it is the user, so that a `chown` succeeds."""
    words = ["--sandbox=chroot" if room == "closed" or user == 0 else "--sandbox=none"]
    for kind, number in (("uid", user), ("gid", group)):
        inside = 0 if room == "closed" else number
        words.append(f"--translate-{kind}=squash-guest:0:{inside}:{EVERY_ID}")
        if inside != number:
            words.append(f"--translate-{kind}=host:{inside}:{number}:1")
    return words


def _reached(word: str, hidden: list[str]) -> str:
    """A path by way of a descriptor, where it is about to be hidden: the runtime lies in Moorage's own folder."""
    if not any(_is_passed(folder, word) for folder in hidden):
        return word
    descriptor = os.open(word, os.O_PATH)
    os.set_inheritable(descriptor, True)
    return f"/proc/self/fd/{descriptor}"


def _is_passed(folder: str, path: str) -> bool:
    """Whether `folder` is on the way to `path`, by whichever links."""
    while (path := os.path.dirname(path)) not in ("", "/"):
        if f"{os.path.realpath(path)}/".startswith(f"{folder}/"):
            return True
    return False


def _is_called(listener: int, watch: socket.socket) -> bool:
    """Waits for QEMU, as long as there is somebody who starts it."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(watch, select.POLLIN)
    return all(number != watch.fileno() for number, _ in poll.poll())


def _mount(source: str, target: str, kind: str, flags: int, options: str) -> None:
    result = _libc.mount(source.encode(), os.fsencode(target), kind.encode(), flags, options.encode())
    _check(result, os.path.realpath(target))


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


_libc = ctypes.CDLL(None, use_errno=True)

if __name__ == "__main__":
    main(sys.argv[1:])
