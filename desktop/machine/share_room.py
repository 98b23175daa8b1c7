"""The room that a virtiofsd works in: a program of its own, which hides folders from itself and then becomes virtiofsd.

Run as `python -I -S share_room.py LISTENER WATCH ROOM COUNT pinned… COUNT hidden… virtiofsd…`. LISTENER is the
descriptor of the socket that QEMU connects to. On WATCH it says `ready`, or why not, in words; when nobody holds the
other end any more before QEMU is there, it ends. ROOM is `closed` for namespaces in which the hidden folders are empty
and the pinned folders and links, which lead to them, cannot be moved or replaced; `open` for none. Somebody outside
can: a child stays beside virtiofsd and hides again what takes their place. `peopled` is `closed` and has, where the
host gives its users some, ids for others than the user; what the user may do only as one of a group, nobody may there.

A resume waits for it, and so it loads few modules: those that it goes without take as long as all else that it does.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import pwd
import select
import sys
from collections.abc import Iterator

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x20000, 0x8000000, 0x10000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_SLAVE = 1, 2, 4, 8, 0x1000, 0x4000, 0x80000
PR_SET_PDEATHSIG, SIGKILL, IN_MOVED_TO, IN_CREATE = 1, 9, 0x80, 0x100
EVERY_ID = 4294967295


def main(words: list[str]) -> None:
    listener, watch, room = int(words[0]), int(words[1]), words[2]
    pinned, words = _counted(words[3:])
    hidden, command = _counted(words)
    user, group = os.getuid(), os.getgid()
    others = 0, 0
    try:
        command = [_reached(word, hidden) for word in command]
        if room != "open":
            others = _close_room(user, group, room == "peopled")
            _pin(pinned)
            _hide(hidden)
    except OSError as error:
        why = filter(None, (error.filename, error.strerror or str(error)))
        os.write(watch, ": ".join(why).encode())
        return
    os.write(watch, b"ready")
    if _is_called(listener, watch):
        os.close(watch)
        if room != "open" and hidden + pinned:
            _begin_guard(listener, pinned, hidden)
        os.execv(command[0], [*command, *_identity(room, user, group, *others), f"--fd={listener}"])


def _counted(words: list[str]) -> tuple[list[str], list[str]]:
    """As many words as the first one says, and the rest."""
    end = 1 + int(words[0])
    return words[1:end], words[end:]


def _close_room(user: int, group: int, is_peopled: bool) -> tuple[int, int]:
    """Its ids 0 are the user's own; returns how many other users and groups there are in it, from 1 on."""
    with _mapped_outside(user, group) if is_peopled else contextlib.nullcontext():
        _check(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC), "namespaces")
    groups, users = _map("gid", group), _map("uid", user)
    _mount("none", "/", "", MS_REC | MS_SLAVE, "")
    return users, groups


@contextlib.contextmanager
def _mapped_outside(user: int, group: int) -> Iterator[None]:
    """Inside, this process enters a namespace of its own, into which a child that stays outside then maps more ids.

    Those are ids that the host gives its users to spare, as it does for other containers; a host need not give any.
    """
    room, (entered, enter) = os.getpid(), os.pipe()
    if (mapper := os.fork()) == 0:
        try:
            os.close(enter)
            os.read(entered, 1)
            _map_spare(room, "gid", group, user)
            _map_spare(room, "uid", user, user)
            with contextlib.suppress(ChildProcessError):  # there is nobody left
                while True:
                    os.wait()
        finally:
            os._exit(0)
    os.close(entered)
    try:
        yield
    finally:
        os.close(enter)
        os.waitpid(mapper, 0)


def _map_spare(room: int, kind: str, number: int, user: int) -> None:
    if (spare := _spare(kind, user)) is not None:
        words = [f"new{kind}map", *map(str, (room, 0, number, 1, 1, *spare))]
        os.spawnvp(os.P_NOWAIT, words[0], words)


def _spare(kind: str, user: int) -> tuple[int, int] | None:
    """The first of the ids that the host gives the user besides their own, and how many."""
    names = [str(user)]
    with contextlib.suppress(KeyError):
        names.append(pwd.getpwuid(user).pw_name)
    with contextlib.suppress(OSError, ValueError), open(f"/etc/sub{kind}") as stream:
        for line in stream:
            name, first, count = line.split(":")
            if name in names:
                return int(first), int(count)
    return None


def _map(kind: str, number: int) -> int:
    """How many ids there are besides 0, which is the only one where nobody has mapped others."""
    with open(f"/proc/self/{kind}_map") as stream:
        mapped = stream.read().split()
    if mapped:
        return int(mapped[-1])
    if kind == "gid":
        _write("setgroups", "deny")
    _write(f"{kind}_map", f"0 {number} 1")
    return 0


def _write(file: str, text: str) -> None:
    with open(f"/proc/self/{file}", "w") as stream:
        stream.write(text)


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
        _check(_libc.prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl")
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
    return {os.fsdecode(point.decode("unicode_escape").encode("latin-1")) for point in points}  # such as \\040


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


def _identity(room: str, user: int, group: int, users: int, groups: int) -> list[str]:
    """On the host, a container's root is the user, and so is whoever there is no other id for: any `chown` succeeds."""
    words = ["--sandbox=chroot" if room != "open" or user == 0 else "--sandbox=none"]
    for kind, number, others in (("uid", user, users), ("gid", group, groups)):
        inside = number if room == "open" else 0
        own = [(0, 1), (others + 1, EVERY_ID - others - 1)]
        if 0 < number <= others:
            own.append((number, 1))
        words += [f"--translate-{kind}=squash-guest:{first}:{inside}:{count}" for first, count in own]
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


def _is_called(listener: int, watch: int) -> bool:
    """Waits for QEMU, as long as there is somebody who starts it."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(watch, select.POLLIN)
    return all(number != watch for number, _ in poll.poll())


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
