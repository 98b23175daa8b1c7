"""Unix sockets that only their owner may use: made private, never over somebody else's, peers checked."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import stat
import struct
import sys
from pathlib import Path

from desktop.core.errors import MachineError
from desktop.core.paths import SOCKET_PATH_MAX, private_folder

_DARWIN_SOL_LOCAL = 0
_DARWIN_LOCAL_PEERCRED = 1


class Listener:
    """A non-blocking listening socket at `path`, ours alone. Replaces nothing but a socket that nobody answers."""

    def __init__(self, path: Path) -> None:
        self.socket = _opened(path)
        self._path, self._identity = path, _identity_of(path)

    def close(self) -> None:
        """Takes its file away too, unless another socket stands there by now."""
        with contextlib.suppress(FileNotFoundError):
            if _identity_of(self._path) == self._identity:
                self._path.unlink()
        self.socket.close()


def _opened(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > SOCKET_PATH_MAX:
        raise MachineError(
            f"The socket path {path} is too long",
            f"the system allows {SOCKET_PATH_MAX} bytes",
            "Set MOORAGE_HOME to a shorter folder",
        )
    private_folder(path.parent)
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.setblocking(False)
    umask = os.umask(0o177)
    try:
        listener.bind(str(path))
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        raise MachineError(f"The socket {path} cannot be opened", str(error)) from error
    finally:
        os.umask(umask)
    return listener


def _identity_of(path: Path) -> tuple[int, int]:
    """Which file this is, whatever its name."""
    found = path.lstat()
    return found.st_dev, found.st_ino


def is_admitted_peer(connection: socket.socket) -> bool:
    """Whether the other end is a process of our own user, or of root, who could read our memory anyway."""
    return _peer_uid(connection) in (os.getuid(), 0)


def _peer_uid(connection: socket.socket) -> int:
    if sys.platform == "darwin":
        # struct xucred: version, uid, number of groups, groups
        raw = connection.getsockopt(_DARWIN_SOL_LOCAL, _DARWIN_LOCAL_PEERCRED, 76)
        return int(struct.unpack_from("=II", raw)[1])
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", raw)[1])


def _remove_stale(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise MachineError(f"{path} is not a socket", "Moorage would have to overwrite it", "Move it away")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        result = probe.connect_ex(str(path))
    if result not in (errno.ECONNREFUSED, errno.ENOENT):
        raise MachineError(f"The socket {path} is in use", "another process listens there", "Stop it, then try again")
    path.unlink(missing_ok=True)
