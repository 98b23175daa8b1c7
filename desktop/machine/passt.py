"""Starts a passt on a line of its own: it answers before QEMU gets the other end, and ends when nobody has that."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Sequence
from pathlib import Path

from desktop.core.errors import MachineError

from .command import PASST_ADDRESS, PASST_DNS, PASST_GATEWAY, PASST_MAC
from .process import Process, spawn

READY_S = 10.0
_LINES = 3  # of its log, where it does not start
# A fixed private address, so that a guest is resumed on any network; no way to the host's loopback; no way in.
_OPTIONS = (
    "--foreground", "--quiet", "--ipv4-only", "--no-dhcp", "--no-map-gw",
    "--address", PASST_ADDRESS, "--netmask", "255.255.255.0", "--gateway", PASST_GATEWAY, "--dns-forward", PASST_DNS,
)  # fmt: skip
_ARP, _ASK, _ANSWER = 0x806, 1, 2
_HEAD = struct.Struct("!6s6sH HHBBH")  # Ethernet, then what all of ARP begins with


class Line:
    """A passt, and the end of its line that is QEMU's."""

    def __init__(self, process: Process, end: socket.socket) -> None:
        self.process = process
        self._end = end

    @property
    def descriptor(self) -> int:
        return self._end.fileno()

    def close(self) -> None:
        """QEMU has it, or will not come: then passt ends."""
        self._end.close()


async def begin(passt: Sequence[str], output: Path) -> Line:
    """Returns when it answers; MachineError where this host does not let it."""
    start = _size(output)
    end, other = socket.socketpair()
    with other:
        process = spawn([*passt, *_OPTIONS, "--fd", str(other.fileno())], os.environ, output, (other.fileno(),))
    try:
        async with asyncio.timeout(READY_S):
            await _answered(end)
    except (OSError, TimeoutError) as error:
        end.close()
        await process.kill()
        why = "no answer" if isinstance(error, TimeoutError) else _last_words(output, start) or "it ended at once"
        raise MachineError("passt cannot be started", why) from error
    except BaseException:
        end.close()
        await process.kill()
        raise
    return Line(process, end)


async def _answered(end: socket.socket) -> None:
    """Asks for the gateway's address, as the guest would; OSError where nobody is there any more."""
    end.setblocking(False)
    await asyncio.get_running_loop().sock_sendall(end, _question())
    while True:
        (length,) = struct.unpack("!I", await _exactly(end, 4))
        frame = await _exactly(end, length)
        if length >= _HEAD.size and _HEAD.unpack_from(frame)[2::5] == (_ARP, _ANSWER):
            break
    end.setblocking(True)


def _question() -> bytes:
    own, everybody = bytes.fromhex(PASST_MAC.replace(":", "")), b"\xff" * 6
    asks = own + socket.inet_aton(PASST_ADDRESS) + bytes(6) + socket.inet_aton(PASST_GATEWAY)
    frame = _HEAD.pack(everybody, own, _ARP, 1, 0x800, 6, 4, _ASK) + asks
    return struct.pack("!I", len(frame)) + frame


async def _exactly(end: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        more = await asyncio.get_running_loop().sock_recv(end, length - len(found))
        if not more:
            raise ConnectionResetError
        found += more
    return found


def _size(output: Path) -> int:
    return output.stat().st_size if output.exists() else 0


def _last_words(output: Path, start: int) -> str:
    with output.open("rb") as stream:
        stream.seek(start)
        return "\n".join(stream.read().decode(errors="replace").strip().splitlines()[-_LINES:])
