"""Plays QEMU and a guest, one step outside the supervisor: opens the sockets that its arguments name and answers.

Words in PLAYED_GUEST change the part: `silent-engine`, `silent-agent`, `failing-disk`, `restarting-engine`,
`refuses-options`, `deaf` (opens nothing), `ignores-shutdown`, `slow-save`,
`no-room-to-save`, `no-room-at-once` (when it is let go on), `no-room-ever` (each time, until `room`),
`slow-load`, `late-cont` (says 2 s later that it goes on), `forgets-to-load`, `no-containers`,
`virtiofsd-ends` (it plays virtiofsd too),
`uses=FOLDER` (a container does), `in-use` (the guest says so of folders that QEMU serves), `no-9p`,
`mounts-nothing`, `liar` (says what makes no sense), `busy-agent` (refuses the first two programs), `prints-nothing`.
Lines typed at its console make things happen:
`poweroff`, `reboot`, `panic`, `no-room`, `room`, `io-error`, `listen` (the agent does), `answer` (the engine does),
`publish PORT [ADDRESS]` and `unpublish PORT` (containers start and end), `packets NUMBER` (came for published ports).
A forwarded port says GREETING. Without a machine's uuid it is a test boot of an accelerator, and comes up.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import signal
import socket
import sys
from pathlib import Path

GREETING = b"here is the guest"
PART = set(os.environ.get("PLAYED_GUEST", "").split())


class PlayedQemu:
    def __init__(self, arguments: list[str]) -> None:
        self.options = arguments
        self.uuid = arguments[arguments.index("-uuid") + 1]
        self.status = "inmigrate" if "-incoming" in arguments else "running"
        self.migration = "none"
        self.monitor: asyncio.StreamWriter | None = None
        self.console: asyncio.StreamWriter | None = None
        self.published: dict[str, tuple[str, ...]] = {}  # port: addresses
        self.forwards: dict[str, tuple[socket.socket, str]] = {}
        self.packets = 0
        self.balloon = int(arguments[arguments.index("-m") + 1].removesuffix("M")) << 20
        self.ran: list[str] = []
        self.refusals = 2 if "busy-agent" in PART else 0
        self.program = ""
        self.is_stopping = False
        self.watchers: list[asyncio.StreamWriter] = []
        self.over = asyncio.Event()

    async def play(self) -> None:
        self.shares = [await self.join_share(word) for word in self.options if word.startswith("socket,id=share")]
        if "deaf" not in PART:
            for name, serve in {
                "qmp": self.serve_monitor, "agent": self.serve_agent, "boot": self.serve_boot,
                "console": self.serve_console,
            }.items():  # fmt: skip
                await asyncio.start_unix_server(serve, self.path_of(f"socket,id={name},"))
            await asyncio.start_unix_server(self.serve_engine, self.forwarded_to(2375))
            await asyncio.start_unix_server(self.serve_inward, self.forwarded_to(2376))
            self.print("booting\r\n")
        await self.over.wait()

    async def join_share(self, option: str) -> asyncio.StreamWriter:
        reader, writer = await asyncio.open_unix_connection(self.path_of(option))
        if not await reader.read(1):
            sys.exit("qemu-system-x86_64: vhost initialization failed")
        return writer

    def path_of(self, start: str) -> str:
        found = next(word for word in self.options if word.startswith(start))
        return re.search(r"path=((?:[^,]|,,)*)", found)[1].replace(",,", ",")

    def forwarded_to(self, port: int) -> str:
        found = next(word for word in self.options if "hostfwd=unix:" in word)
        return re.search(rf"hostfwd=unix:((?:[^,]|,,)*)-10\.0\.3\.15:{port}", found)[1].replace(",,", ",")

    def print(self, text: str) -> None:
        if "prints-nothing" in PART:
            return
        log = next(word for word in self.options if "logfile=" in word)
        path = re.search(r"logfile=((?:[^,]|,,)*)", log)[1].replace(",,", ",")
        with Path(path).open("a") as stream:
            stream.write(text)
        if self.console is not None:
            self.console.write(text.encode())

    def event(self, name: str, **data: object) -> None:
        if self.monitor is not None:
            stamp = {"seconds": 1, "microseconds": 0}
            self.monitor.write(json.dumps({"event": name, "data": data, "timestamp": stamp}).encode() + b"\r\n")

    def end(self, reason: str) -> None:
        self.print(f"reboot: {'Restarting system' if reason == 'guest-reset' else 'Power down'}\r\n")
        self.event("SHUTDOWN", guest=reason.startswith("guest"), reason=reason)
        asyncio.get_running_loop().call_later(0.02, self.over.set)

    async def serve_monitor(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.monitor = writer
        version = {"qemu": {"major": 11, "minor": 1, "micro": 3}, "package": ""}
        writer.write(json.dumps({"QMP": {"version": version, "capabilities": ["oob"]}}).encode() + b"\r\n")
        pending = ""
        while block := await reader.read(4096):
            pending = (pending + block.decode()).lstrip()
            while pending:  # no line ends between calls
                call, end = json.JSONDecoder().raw_decode(pending)
                pending = pending[end:].lstrip()
                answer = self.execute(call["execute"], call.get("arguments", {}))
                if call["execute"] == "cont" and "late-cont" in PART:
                    await asyncio.sleep(2)
                writer.write(json.dumps({**answer, "id": call.get("id")}).encode() + b"\r\n")

    def execute(self, command: str, words: dict[str, str]) -> dict[str, object]:
        if command == "query-status":
            return {"return": {"status": self.status, "running": self.status == "running"}}
        if command == "query-uuid":
            return {"return": {"UUID": self.uuid}}
        if command == "query-chardev":
            name = "unix:console.sock" if self.console else "disconnected:unix:console.sock"
            return {"return": [{"label": "console", "filename": name, "frontend-open": True}]}
        if command == "query-migrate":
            return {"return": {"status": self.migration, "error-desc": "No space left on device"}}
        if command == "query-balloon":
            return {"return": {"actual": self.balloon}}
        if command == "human-monitor-command":
            return {"return": self.say(*words["command-line"].split())}
        if command == "migrate":
            self.save(Path(words["uri"].removeprefix("file:")))
        elif command == "migrate-incoming":
            self.load(Path(words["uri"].removeprefix("file:")))
        elif command == "migrate-set-capabilities":
            pass
        elif command == "migrate_cancel":
            self.migration = "cancelled"
        elif command == "balloon":
            self.balloon = int(words["value"])
        elif command == "stop":
            self.status = "paused"
        elif command == "cont" and self.migration == "active":
            return {"error": {"class": "GenericError", "desc": "Migration is not finalized yet"}}
        elif command == "cont" and "no-room-at-once" in PART:
            PART.discard("no-room-at-once")
            asyncio.get_running_loop().call_soon(self.obey, "no-room")
        elif command == "cont" and "no-room-ever" in PART:
            asyncio.get_running_loop().call_soon(self.obey, "no-room")
        elif command == "cont":
            self.status = "running"
        elif command == "chardev-send-break":
            self.print(f"<break {words['id']}>")
        elif command != "qmp_capabilities":
            return {"error": {"class": "CommandNotFound", "desc": f"The command {command} has not been found"}}
        self.print(f"<{command}>" if command in ("stop", "cont", "migrate-incoming") else "")
        return {"return": {}}

    def say(self, command: str, *words: str) -> str:
        """The monitor for people, as far as it forwards ports; these are listened at."""
        if command == "info":
            rows = (f"  TCP[HOST_FORWARD] 9 {place.split(':')[1]} {place.split(':')[2]} {to.replace(':', ' ')} 0 0"
                    for place, (_, to) in self.forwards.items())  # fmt: skip
            return "\r\n".join(["Hub -1 (containers):", *rows, ""])
        place, _, to = words[1].partition("-")
        _, address, port = place.split(":")
        if command == "hostfwd_remove":
            listener, _ = self.forwards.pop(place)
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
            return "removed\r\n"
        try:
            listener = socket.create_server((address, int(port)))
        except OSError:
            return f"Could not set up host forwarding rule '{words[1]}'\r\n"
        self.forwards[place] = listener, to
        asyncio.get_running_loop().add_reader(listener, greet, listener)
        return ""

    def save(self, file: Path) -> None:
        if "slow-save" in PART:
            self.migration = "active"
        elif "no-room-to-save" in PART:
            self.migration = "failed"
        else:
            file.write_text("devices " + json.dumps(self.published))
            self.migration, self.status = "completed", "postmigrate"

    def load(self, file: Path) -> None:
        if "slow-load" in PART:
            self.migration = "active"
        elif "forgets-to-load" in PART or not file.read_text().startswith("devices "):
            self.migration = "failed"
        else:
            self.published = json.loads(file.read_text().removeprefix("devices "))
            self.migration, self.status = "completed", "paused"

    async def serve_agent(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            call = json.loads(line.strip(b"\xff"))
            if "silent-agent" in PART or self.status != "running":
                continue
            if call["execute"] == "guest-sync-delimited":
                writer.write(b"rest of an old answer\n\xff" + answer_of(call["arguments"]["id"]))
            elif call["execute"] == "guest-shutdown":
                self.is_stopping = "ignores-shutdown" not in PART
                self.end_unless_watched()
            elif call["execute"] == "guest-exec" and self.refusals:
                self.refusals -= 1
                writer.write(json.dumps({"error": {"class": "GenericError", "desc": "busy"}}).encode() + b"\n")
            elif call["execute"] == "guest-exec":
                self.ran, self.program = call["arguments"]["arg"], call["arguments"]["path"]
                self.print(f"<{' '.join(self.ran)}>")
                writer.write(answer_of({"pid": 7}))
            elif call["execute"] == "guest-exec-status" and "OUTSIDE" in self.ran:
                table = f"Chain OUTSIDE (1 references)\n pkts bytes target\n {self.packets} 99 CONNMARK\n"
                counted = base64.b64encode(table.encode()).decode()
                writer.write(answer_of({"exited": True, "exitcode": 0, "out-data": counted}))
            elif call["execute"] == "guest-exec-status" and self.ran == ["/proc/meminfo"]:
                table = f"MemTotal: {self.balloon >> 10} kB\nMemAvailable: {(self.balloon >> 10) - (500 << 10)} kB\n"
                told = base64.b64encode(table.encode()).decode()
                writer.write(answer_of({"exited": True, "exitcode": 0, "out-data": told}))
            elif call["execute"] == "guest-exec-status":
                code = 0 if self.program.endswith(("/host_ports", "/stty", "/inward", "/exported")) else 3
                code = 1 if "in-use" in PART and self.ran == ["off"] else code
                writer.write(answer_of({"exited": True, "exitcode": code, "out-data": "b3V0", "err-data": "ZXJy"}))
            else:
                if call["execute"] == "guest-set-time":
                    self.print(f"<time {call['arguments']['time']}>")
                writer.write(answer_of({}))

    def end_unless_watched(self) -> None:
        """dockerd waits for those who follow its events, 5 s; this one as long as they do."""
        if self.is_stopping and not self.watchers:
            self.end("guest-shutdown")

    async def serve_boot(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"0.10 init\n")
        if "failing-disk" in PART:
            writer.write(b"0.20 failed the data disk holds no ext4 file system that can be read; it was left alone\n")
        elif "liar" in PART:
            writer.write(b"nan init\ninf init\n-inf init\n0.30 network\n")
            writer.write(b"".join(b"0.40 unshared /no/share/%d\n" % number for number in range(300)))
        elif "mounts-nothing" in PART:
            paths = (word.partition("string=")[2] for word in self.options if ",string=" in word)
            writer.write(b"".join(f"0.20 unshared {path}\n".encode() for path in paths) + b"0.30 network\n")
        elif "restarting-engine" in PART:
            writer.write(b"0.20 restarted dockerd, which ended with status 1\n" * 3)
        else:
            writer.write(b"0.30 network\n")
        await reader.read()

    async def serve_console(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.console = writer
        while line := await reader.readline():
            self.obey(line.decode().strip())

    def obey(self, word: str) -> None:
        if word == "poweroff":
            self.end("guest-shutdown")
        elif word == "reboot":
            self.end("guest-reset")
        elif word == "panic":
            self.print("[    1.0] Kernel panic - not syncing: sysrq triggered crash\r\n")
            self.print("[    1.0]  ? do_syscall_64+0x93/0x180\r\n" * 50)
            self.end("guest-reset")
        elif word.startswith(("publish ", "unpublish ")):
            verb, port, *addresses = word.split()
            self.published.pop(port, None)
            if verb == "publish":
                self.published[port] = tuple(addresses) or ("0.0.0.0", "::")
            actor = {"ID": "n", "Attributes": {"container": f"c{port}"}}
            event = {"Type": "network", "Action": "connect", "Actor": actor}
            for watcher in self.watchers:
                watcher.write(json.dumps(event).encode() + b"\n")
        elif word.startswith("packets "):
            self.packets = int(word.split()[1])
        elif word == "answer":
            PART.discard("silent-engine")
        elif word == "listen":
            PART.discard("silent-agent")
        elif word == "room":
            PART.discard("no-room-ever")
        elif word in ("no-room", "io-error"):
            self.status = "io-error"
            self.event("BLOCK_IO_ERROR", device="data", nospace=word == "no-room", reason="No space left on device")
            self.event("STOP")

    async def serve_inward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline() + GREETING)
        writer.close()

    async def serve_engine(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if "silent-engine" in PART:
            await reader.read()
            return
        path = request.split(b" ")[1].partition(b"?")[0]
        if path == b"/events":
            writer.write(b"HTTP/1.0 200 OK\r\n\r\n")
            self.watchers.append(writer)
            await reader.read()
            self.watchers.remove(writer)
            writer.close()
            self.end_unless_watched()
            return
        answers = {
            b"/_ping": b"OK",
            b"/containers/json": json.dumps([*(listed(*item) for item in self.published.items()), *users()]).encode(),
            **{f"/containers/c{port}/json".encode(): json.dumps(inspected(port, addresses)).encode()
               for port, addresses in self.published.items()},
            b"/version": b'{"Version": "28.5.2", "ApiVersion": "1.51"}',
            b"/info": b'{"ContainersRunning": %d, "KernelVersion": "6.12.0-played"}'
            % (0 if "no-containers" in PART else 2),
        }
        if "liar" in PART:
            answers[b"/version"] = b'{"Version": "\\ud800\\u001b[2J", "ApiVersion": {}}'
            answers[b"/info"] = b'{"ContainersRunning": 1%s, "KernelVersion": "%s"}' % (b"0" * 30, b"x" * 100000)
        body = answers.get(path)
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + body if body else b"HTTP/1.0 404 Not Found\r\n\r\n")
        writer.close()


def greet(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.send(GREETING)


def listed(port: str, addresses: tuple[str, ...]) -> dict[str, object]:
    row = {"PrivatePort": 80, "PublicPort": int(port), "Type": "tcp"}
    return {"Id": f"c{port}", "Names": [f"/web-{port}"], "Ports": [{**row, "IP": address} for address in addresses]}


def users() -> list[dict[str, object]]:
    folders = [word.removeprefix("uses=") for word in PART if word.startswith("uses=")]
    return [{"Id": "c0", "Names": ["/web"], "Mounts": [{"Source": folder}]} for folder in folders]


def inspected(port: str, addresses: tuple[str, ...]) -> dict[str, object]:
    bindings = [{"HostIp": address, "HostPort": port} for address in addresses]
    return {"Id": f"c{port}", "Name": f"/web-{port}", "NetworkSettings": {"Ports": {"80/tcp": bindings}}}


def answer_of(value: object) -> bytes:
    return json.dumps({"return": value}).encode() + b"\n"


def play_virtiofsd(listener: int) -> None:
    with socket.socket(fileno=listener) as waiting:
        waiting.settimeout(None)
        connection, _ = waiting.accept()
        if "virtiofsd-ends" not in PART:
            connection.settimeout(None)
            connection.send(b"v")
            connection.recv(1)


def main(arguments: list[str]) -> int:
    if arguments[-1].startswith("--fd="):
        play_virtiofsd(int(arguments[-1].removeprefix("--fd=")))
        return 0
    if "refuses-options" in PART:
        print("qemu-system-x86_64: -netdev user: Could not set up host forwarding rule", file=sys.stderr)
        return 1
    if arguments == ["--version"]:
        print("QEMU emulator version 11.1.3")
        return 0
    if arguments == ["-device", "virtio-9p-pci,help"]:
        print("Device 'virtio-9p-pci' not found" if "no-9p" in PART else "virtio-9p-pci options:\n  mount_tag=<str>")
        return 0
    if "-uuid" not in arguments:
        print("[    0.000000] Linux version 6.12.0-played", flush=True)
        return signal.sigwait({signal.SIGTERM})
    memory = next((word.partition("mem-path=")[2].partition(",")[0] for word in arguments if "mem-path=" in word), "/")
    if not Path(memory).exists():
        print(f"qemu-system-x86_64: can't open backing store {memory} for guest RAM", file=sys.stderr)
        return 1
    asyncio.run(PlayedQemu(arguments).play())
    return 0


if __name__ == "__main__":
    socket.setdefaulttimeout(10)
    sys.exit(main(sys.argv[1:]))
