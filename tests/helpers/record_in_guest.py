"""`record_in_guest.py FOLDER [NAME…]`: records on a machine's tty what programs print while keys are typed.

Run by hand where the recordings in `tests/data/sessions` are to be made anew. The programs are this computer's own, in
a container that has the machine's devices; they run on the tty itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import lzma
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import docker

from desktop.client.supervisor import SupervisorClient
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.paths import Home, private_folder
from desktop.machine.process import is_locked
from desktop.terminal.screen import Screen
from tests.helpers.busybox_image import busybox_tar
from tests.helpers.images import image_home, lend_images
from tests.helpers.sessions import COLUMNS, PROGRAMS, ROWS, TEXT

QUIET_S, FIRST_S, DEADLINE_S = 1.0, 4.0, 60.0
IMAGE = "programs-of-recordings"
SHARED = ("/etc/mc", "/usr/share/mc", "/usr/lib/mc", "/usr/share/vim/vim90", "/usr/lib/locale/C.utf8")
TERMINALS = ("x/xterm", "x/xterm-256color", "t/tmux-256color", "s/screen", "s/screen-256color")
ENVIRONMENT = (
    "PATH=/usr/bin:/bin TERM=xterm-256color LC_ALL=C.UTF-8 HOME=/root PS1='$ ' VIMRUNTIME=/usr/share/vim/vim90"
)


def programs_tar() -> bytes:
    binaries = {name: Path(f"/usr/bin/{name}") for name in ("vi", "less", "htop", "mc", "tmux", "script")}
    linked = subprocess.run(["ldd", *binaries.values()], capture_output=True, text=True, check=True).stdout
    parts = {name.lstrip("/"): Path(name) for name in [*re.findall(r"(/\S+) \(", linked), *SHARED]}
    parts |= {f"lib/terminfo/{name}": Path("/lib/terminfo") / name for name in TERMINALS}
    parts |= {f"usr/bin/{name}": path for name, path in binaries.items()}
    return busybox_tar({name: path for name, path in parts.items() if path.exists()})


class Tty:
    """A viewer of the machine's console, which answers what is asked."""

    def __init__(self, client: SupervisorClient) -> None:
        self._client = client
        self._screen = Screen(COLUMNS, ROWS)
        self._printed: asyncio.Queue[bytes] = asyncio.Queue()

    async def open(self) -> None:
        self._console = await self._client.console(ConsoleRequest(replay="none", cols=COLUMNS, rows=ROWS))
        self._screen.on_reply = lambda reply: self._console.send(frames.REPLY, reply)
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for kind, payload in self._console.frames():
            if kind == frames.OUTPUT:
                self._screen.feed(payload)
                self._printed.put_nowait(payload)

    def type(self, data: bytes) -> None:
        self._console.send(frames.TYPED, data)

    async def printed(self, first_s: float = FIRST_S) -> bytes:
        """What comes up to a moment without anything."""
        data = b""
        with contextlib.suppress(TimeoutError):
            while len(data) < 1 << 20:
                data += await asyncio.wait_for(self._printed.get(), QUIET_S if data else first_s)
        return data

    async def close(self) -> None:
        self._reading.cancel()
        await self._console.close()
        self._screen.close()


async def record(
    client: SupervisorClient, name: str, words: Sequence[str], keys: Sequence[bytes], pid: int
) -> list[str]:
    tty = Tty(client)
    await tty.open()
    quoted = " ".join(word if word.isalnum() else f"'{word}'" for word in words)
    if name == "tmux":  # its server prints nothing on a serial line that is not its own
        quoted = f'script -q -c \\"{quoted}\\" /dev/null'
    inside = f"cd /root/{name}; exec {quoted}"
    await tty.printed()
    tty.type(f"stty rows {ROWS} cols {COLUMNS}; clear\n".encode())
    await tty.printed()
    tty.type(f'clear; exec 3>&-; env -i {ENVIRONMENT} chroot /proc/{pid}/root sh -c "{inside}"\n'.encode())
    parts = [await tty.printed(DEADLINE_S)]
    for key in keys:
        tty.type(key)
        parts.append(await tty.printed())
    tty.type(b"\x03\n")
    await tty.close()
    return [part.decode("latin-1") for part in parts]


async def main(folder: Path, images: Home, names: Sequence[str]) -> None:
    base = Path(tempfile.mkdtemp(prefix="m-rec-", dir="/tmp"))
    home = Home(private_folder(base / "home"))
    lend_images(images, home)
    client = SupervisorClient(home.machine())
    await client.start()
    try:
        engine = docker.DockerClient(base_url=f"unix://{client.files.docker_socket}", timeout=300)
        engine.api.import_image_from_data(programs_tar(), repository=IMAGE)
        make = "; ".join(f"mkdir -p /root/{name}" for name in PROGRAMS)
        container = engine.containers.run(
            IMAGE, ["sh", "-c", f"{make}; exec sleep 9999"], detach=True, privileged=True, volumes=["/dev:/dev"],
            hostname="guest", network_mode="none",
        )  # fmt: skip
        for name in PROGRAMS:
            write = ["sh", "-c", f"printf %s \"$TEXT\" > /root/{name}/text.txt; echo x > '/root/{name}/漢字.txt'"]
            assert container.exec_run(write, environment={"TEXT": TEXT})[0] == 0
        container.reload()
        for name in names or PROGRAMS:
            program = PROGRAMS[name]
            parts = await record(client, name, program.words, program.keys, container.attrs["State"]["Pid"])
            data = json.dumps(parts).encode()
            (folder / f"{name}.json.xz").write_bytes(lzma.compress(data, preset=9))
            print(name, len(parts), "parts", sum(map(len, parts)), "bytes", flush=True)
        engine.close()
    finally:
        await client.kill(confirmed=True)
        await client.quit()
        while is_locked(client.files.supervisor_lock):
            await asyncio.sleep(0.1)
        shutil.rmtree(base)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), image_home(), sys.argv[2:]))
