"""The room that a virtiofsd works in: a program of its own, which hides folders from itself and then becomes virtiofsd.

Run as `python -I -S share_room.py LISTENER WATCH ROOM COUNT hidden… virtiofsd…`. LISTENER is the descriptor of the
socket that QEMU connects to. On WATCH it says `ready`, or why not, in words; when nobody holds the other end any more
before QEMU is there, it ends. ROOM is `closed` for namespaces in which the hidden folders are empty, `open` for none.
"""

from __future__ import annotations

import ctypes
import os
import select
import socket
import sys

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x20000, 0x8000000, 0x10000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_SLAVE = 1, 2, 4, 8, 0x4000, 0x80000
EVERY_ID = 4294967295


def main(words: list[str]) -> None:
    listener, watch, room, count = int(words[0]), socket.socket(fileno=int(words[1])), words[2], int(words[3])
    hidden, command = words[4 : 4 + count], words[4 + count :]
    user, group = os.getuid(), os.getgid()
    try:
        command = [_reached(word, hidden) for word in command]
        if room == "closed":
            _close_room(user, group)
            for folder in hidden:
                _mount("none", folder, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=0,mode=700")
    except OSError as error:
        watch.send(str(error).encode())
        return
    watch.send(b"ready")
    if _is_called(listener, watch):
        watch.close()
        os.execv(command[0], [*command, *_identity(room, user, group), f"--fd={listener}"])


def _close_room(user: int, group: int) -> None:
    _check(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC), "namespaces")
    for file, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open(f"/proc/self/{file}", "w") as stream:
            stream.write(text)
    _mount("none", "/", "", MS_REC | MS_SLAVE, "")


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
    if not any(word.startswith(f"{folder}/") for folder in hidden):
        return word
    descriptor = os.open(word, os.O_PATH)
    os.set_inheritable(descriptor, True)
    return f"/proc/self/fd/{descriptor}"


def _is_called(listener: int, watch: socket.socket) -> bool:
    """Waits for QEMU, as long as there is somebody who starts it."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(watch, select.POLLIN)
    return all(number != watch.fileno() for number, _ in poll.poll())


def _mount(source: str, target: str, kind: str, flags: int, options: str) -> None:
    result = _libc.mount(source.encode(), os.fsencode(target), kind.encode(), flags, options.encode())
    _check(result, target)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


_libc = ctypes.CDLL(None, use_errno=True)

if __name__ == "__main__":
    main(sys.argv[1:])
