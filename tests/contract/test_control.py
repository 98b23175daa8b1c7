"""control.sock: what every client may rely on."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop.core.control import LINE_LIMIT
from desktop.core.machine import MachineStatus
from desktop.core.paths import MachineFiles

from .lines import lines

PROMISED: dict[str, set[str]] = {
    "": {"machine", "state", "since", "detail", "hypervisor", "supervisor", "vm", "engine", "host", "paths"},
    "hypervisor": {"name", "version", "accelerator", "accelerator_reason", "pid", "executable"},
    "supervisor": {"pid", "version"},
    "vm": {"cpus", "memory_mib", "disk_mib", "disk_used_mib", "kernel", "uptime_s"},
    "engine": {"reachable", "version", "api_version", "containers_running"},
    "host": {"cpu_percent", "rss_mib"},
    "paths": {"docker_socket", "control_socket", "tty", "console_log", "disk", "logs"},
}


async def test_status_has_the_promised_keys_with_values(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        status = (await client.result("status", samples=True))["result"]
    for part, keys in PROMISED.items():
        found: dict[str, Any] = status[part] if part else status
        assert keys <= found.keys()
        assert not [key for key in keys if found[key] is None]
    assert status["state"] == "running"
    assert status["engine"]["reachable"] is True
    msgspec.convert(status, MachineStatus)


async def test_id_comes_back_with_the_answer(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        await client.ask("status", id=4711)
        assert (await client.next())["id"] == 4711


async def test_watch_tells_the_status_now_and_each_change(machine: MachineFiles) -> None:
    async with lines(machine) as watcher, lines(machine) as other:
        await watcher.ask("watch")
        told = await watcher.next()
        assert (told["event"], told["data"]["state"]) == ("status", "running")
        found = (await other.result("status", samples=True))["result"]
        while told["data"] != found:
            told = await watcher.next()


async def test_calls_under_way_do_not_hold_up_others(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        await client.ask("watch", id=1)
        await client.ask("status", id=2)
        answers = [await client.next() for _ in range(2)]
        while not any(line["id"] == 2 for line in answers):
            answers.append(await client.next())
        assert answers[0]["id"] == 1


async def test_start_of_a_machine_that_runs_is_done(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        before = (await client.result("status"))["result"]["hypervisor"]["pid"]
        after = (await client.result("start", timeout_s=None))["result"]
    assert (after["state"], after["hypervisor"]["pid"]) == ("running", before)


async def test_unknown_call_is_an_error_and_the_connection_goes_on(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        assert (await client.result("frobnicate"))["error"]["code"] == "usage"
        assert "result" in await client.result("status")


@pytest.mark.parametrize("timeout_s", ["soon", -1, [1]])
async def test_wrong_timeout_is_a_usage_error(machine: MachineFiles, timeout_s: object) -> None:
    async with lines(machine) as client:
        assert (await client.result("stop", timeout_s=timeout_s))["error"]["code"] == "usage"
        assert (await client.result("status"))["result"]["state"] == "running"


@pytest.mark.parametrize("line", [b"{\n", b"\n", b"[]\n", b'{"id": "x", "call": "status"}\n', b"\xff\xfe\x00\n"])
async def test_what_is_no_request_ends_the_connection_with_a_word(machine: MachineFiles, line: bytes) -> None:
    async with lines(machine) as client:
        await client.send(line)
        answer = await client.next()
        assert (answer["id"], answer["error"]["code"]) == (0, "usage")
        assert await client.ended()


async def test_line_that_is_too_long_ends_the_connection(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        await client.send(b'{"id": 1, "call": "status", "args": {"x": "')
        try:
            for _ in range(4):
                await client.send(b"x" * LINE_LIMIT)
            await client.next()
            assert await client.ended()
        except ConnectionError:
            pass  # it did not even read to the end


async def test_half_a_line_and_gone_harms_nobody(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        await client.send(b'{"id": 1, "call": "kill"')
    async with lines(machine) as client:
        assert (await client.result("status"))["result"]["state"] == "running"


async def test_client_that_leaves_in_the_middle_of_a_watch_harms_nobody(machine: MachineFiles) -> None:
    for _ in range(20):
        async with lines(machine) as client:
            await client.ask("watch")
    async with lines(machine) as client:
        assert (await client.result("status", samples=True))["result"]["state"] == "running"


async def test_settings_are_read_again_when_told(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        assert (await client.result("settings_changed"))["result"] is None


async def test_broken_settings_are_kept_aside_and_told_of_until_mended(machine: MachineFiles) -> None:
    machine.config.write_text("cpus = 2\nmemory_mib = many\n")
    async with lines(machine) as client:
        await client.result("settings_changed")
        status = (await client.result("status"))["result"]
        assert any("line 2" in words for words in status["warnings"])
        aside = list(machine.folder.glob("machine.toml.broken-*"))
        assert len(aside) == 1
        await client.result("settings_changed")
        assert any("line 2" in words for words in (await client.result("status"))["result"]["warnings"])
        aside[0].write_text("cpus = 2\n")
        await client.result("settings_changed")
        assert not any("line 2" in words for words in (await client.result("status"))["result"]["warnings"])


async def test_quit_is_refused_while_the_vm_runs(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        assert (await client.result("quit"))["error"]["code"] == "machine"
        assert (await client.result("status"))["result"]["state"] == "running"


async def test_wrong_way_to_attach_is_a_usage_error(machine: MachineFiles) -> None:
    async with lines(machine) as client:
        assert (await client.result("console", cols="wide"))["error"]["code"] == "usage"


def test_sockets_are_the_owners_alone(machine: MachineFiles) -> None:
    for path in (machine.control_socket, machine.docker_socket, machine.engine_socket):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(machine.folder.stat().st_mode) == 0o700
    assert machine.folder.stat().st_uid == os.getuid()


_CALL_AS_NOBODY = """
import os, socket, sys
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
client = socket.socket(socket.AF_UNIX)
client.settimeout(60)
client.connect(sys.argv[1])
client.sendall(sys.argv[2].encode().decode("unicode_escape").encode())
print(len(client.recv(100)))
"""


@pytest.mark.parametrize(
    ("name", "words"),
    [("control_socket", r'{"id": 1, "call": "status"}\n'), ("docker_socket", r"GET /_ping HTTP/1.0\r\n\r\n")],
)
def test_other_users_get_no_word_even_through_an_open_folder(
    machine: MachineFiles, tmp_path: Path, name: str, words: str
) -> None:
    """Only root can become another user; any other user tries it as himself and is served."""
    socket = getattr(machine, name)
    opened = [socket, *list(socket.parents)[:4]]
    modes = [path.stat().st_mode for path in opened]
    for path in opened:
        if path.stat().st_uid == os.getuid():
            path.chmod(0o777)
    try:
        result = subprocess.run(
            [sys.executable, "-c", _CALL_AS_NOBODY, socket, words], capture_output=True, text=True, cwd="/"
        )
    finally:
        for path, mode in zip(opened, modes, strict=True):
            if path.stat().st_uid == os.getuid():
                path.chmod(stat.S_IMODE(mode))
    served = result.returncode == 0 and int(result.stdout) > 0
    assert served == (os.getuid() != 0), result.stderr
