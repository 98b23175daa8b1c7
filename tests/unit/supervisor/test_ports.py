"""The port publisher over the real driver, with a QEMU that is played and really listens."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import sys
from typing import NoReturn

import psutil
import pytest

from desktop.core.errors import MachineError
from desktop.core.machine import State
from desktop.machine import migration
from desktop.machine.forwarding import Forward, Forward6, Refused
from desktop.supervisor import datagrams, held_calls
from desktop.supervisor.own_ports import OwnPorts
from desktop.supervisor.port_refusal import PLACES_NAMED, Refusal, explain, probe, refused
from tests.helpers.guest import wait_for
from tests.helpers.host_ports import LOOPBACKS, free_port, is_closed, is_open
from tests.helpers.log_watch import LogWatch
from tests.helpers.machine_rig import Play, Rig
from tests.helpers.played_qemu import GREETING
from tests.helpers.port_watch import tcp_listeners


async def awake() -> bool:
    return True


async def said_at(port: int, address: str = "127.0.0.1") -> bytes:
    reader, writer = await asyncio.open_connection(address, port)
    said = await reader.read()
    writer.close()
    return said


async def test_ports_are_open_as_long_as_they_are_published(rig: Rig) -> None:
    await rig.machine.start()
    port, other = free_port(), free_port()
    rig.console.type(f"publish {port}")
    rig.console.type(f"publish {other}")
    await wait_for(lambda: is_open(port, LOOPBACKS) and is_open(other))
    rig.console.type(f"unpublish {port}")
    await wait_for(lambda: is_closed(port))
    assert is_open(other)
    assert not any("publishes" in words for words in rig.publisher.status.warnings)


async def test_stopping_lets_go_of_the_engines_events_first(rig: Rig) -> None:
    """Which it would wait for, with the ports open meanwhile."""
    await rig.machine.start()
    port = free_port()
    rig.console.type(f"publish {port}")
    await wait_for(lambda: is_open(port))
    assert (await rig.machine.stop(timeout_s=60)).state is State.STOPPED
    assert is_closed(port)


async def test_a_taken_port_is_told_with_who_has_it_until_it_is_free(rig: Rig) -> None:
    await rig.machine.start()
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        rig.console.type(f"publish {port}")
        await wait_for(lambda: any(f"web-{port}" in words for words in rig.publisher.status.warnings))
        words = next(words for words in rig.publisher.status.warnings if f"web-{port}" in words)
        assert f"127.0.0.1:{port}" in words and f"{psutil.Process().name()} (process {os.getpid()})" in words
        assert is_closed(port, LOOPBACKS[1:])  # it would lead to the other program
    await wait_for(lambda: is_open(port, LOOPBACKS))
    await wait_for(lambda: not any(f"web-{port}" in words for words in rig.publisher.status.warnings))


async def test_a_moment_without_descriptors_does_not_end_the_publishing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, logs: LogWatch
) -> None:
    logs.expect("Too many open files")
    monkeypatch.setattr("desktop.supervisor.ports.RETRY_S", 0.1)
    await rig.machine.start()
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def refuse(kind: str) -> NoReturn:
        loop.call_soon_threadsafe(asked.set)
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), "/proc/net/tcp")

    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with monkeypatch.context() as short:
            short.setattr(psutil, "net_connections", refuse)
            rig.console.type(f"publish {port}")
            await asked.wait()
        await wait_for(lambda: any(f"web-{port}" in words for words in rig.publisher.status.warnings))


async def test_the_name_of_who_has_a_port_is_made_fit_to_be_told() -> None:
    """Any process may call itself what no JSON can hold."""
    program = (
        "import ctypes, socket, sys; ctypes.CDLL(None).prctl(15, b'\\xff\\n', 0, 0, 0);"
        "place = socket.create_server(('127.0.0.1', 0)); print(place.getsockname()[1], flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", program]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        port = int(holder.stdout.readline())
        assert await explain(errno.EADDRINUSE, "tcp", "127.0.0.1", port) == (errno.EADDRINUSE, "\ufffd ", holder.pid)


async def test_the_next_supervisor_keeps_what_is_published_and_ends_what_is_not_any_more(rig: Rig) -> None:
    await rig.machine.start()
    port, gone = free_port(), free_port()
    rig.console.type(f"publish {port}")
    rig.console.type(f"publish {gone}")
    await wait_for(lambda: is_open(port, LOOPBACKS) and is_open(gone, LOOPBACKS))
    rig.console.type(f"unpublish {gone}")
    heir = await rig.die()
    assert is_open(port) and is_closed(port, LOOPBACKS[1:])
    await heir.machine.take_over()
    await wait_for(lambda: is_open(port, LOOPBACKS) and is_closed(gone))
    heir.console.type(f"unpublish {port}")
    await wait_for(lambda: is_closed(port))


async def test_ports_are_there_again_after_resume(rig: Rig) -> None:
    port = await suspended(rig)
    await rig.machine.start()
    assert await said_at(port) == GREETING
    await wait_for(lambda: is_open(port, LOOPBACKS))


async def suspended(rig: Rig) -> int:
    """A machine that was suspended with a published port, at which nobody's call is under way."""
    await rig.machine.start()
    port = free_port()
    rig.console.type(f"publish {port}")
    await wait_for(lambda: is_open(port, LOOPBACKS))
    assert [await said_at(port, address) for address in LOOPBACKS] == [GREETING] * len(LOOPBACKS)
    await rig.machine.suspend()
    return port


@pytest.mark.parametrize("address", LOOPBACKS)
@pytest.mark.parametrize("has_heir", [False, True])
async def test_a_call_at_a_published_port_wakes_a_suspended_machine_and_is_answered(
    rig: Rig, address: str, has_heir: bool
) -> None:
    port = await suspended(rig)
    if has_heir:
        await rig.machine.settled()
        rig = await rig.die()
        await rig.machine.take_over()
    assert rig.machine.state is State.SUSPENDED
    answers = await asyncio.gather(*(said_at(port, address) for _ in range(20)))
    assert rig.machine.state is State.RUNNING
    assert answers == [GREETING] * 20


async def test_a_suspended_machines_ports_are_where_the_settings_say(rig: Rig) -> None:
    port = await suspended(rig)
    for ipv4, ipv6 in (("0.0.0.0", "::"), ("127.0.0.1", "::1")):
        rig.files.config.write_text(f'accelerator = "tcg"\nshares = []\npublish_on = "{ipv4}"\n')
        rig.machine.settings_changed()
        assert tcp_listeners(os.getpid()) == {(address, port) for address in (ipv4, ipv6)[: len(LOOPBACKS)]}
    rig.files.config.write_text('accelerator = "tcg"\nshares = []\npublish_on = "0.0.0.0"\n')
    rig.machine.settings_changed()
    assert await said_at(port) == GREETING
    qemu = rig.publisher.status.hypervisor.pid
    assert qemu and tcp_listeners(qemu) == {("0.0.0.0", port)}


async def test_nobody_listens_for_a_machine_that_is_dropped(rig: Rig) -> None:
    port = await suspended(rig)
    await rig.machine.kill(confirmed=True)
    assert is_closed(port)


async def test_a_call_that_cannot_wake_the_machine_ends_and_the_next_one_tries_again(rig: Rig, play: Play) -> None:
    port = await suspended(rig)
    runtime = rig.files.home.base / "runtime"
    runtime.rename(runtime.with_name("away"))
    assert await said_at(port) == b""
    assert rig.machine.state is State.SUSPENDED
    runtime.with_name("away").rename(runtime)
    assert await said_at(port) == GREETING


async def test_a_machine_that_could_not_be_suspended_keeps_its_ports(rig: Rig, play: Play) -> None:
    play("no-room-to-save")
    await rig.machine.start()
    port = free_port()
    rig.console.type(f"publish {port}")
    await wait_for(lambda: is_open(port, LOOPBACKS))
    with pytest.raises(MachineError, match="No space left"):
        await rig.machine.suspend()
    assert [await said_at(port, address) for address in LOOPBACKS] == [GREETING] * len(LOOPBACKS)
    rig.console.type(f"unpublish {port}")
    await wait_for(lambda: is_closed(port))


async def test_a_port_that_another_took_while_a_machine_could_not_be_suspended_is_told_and_opened_again(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "DEADLINE_S", 1.0)
    play("slow-save")
    await rig.machine.start()
    port = free_port()
    rig.console.type(f"publish {port}")
    await wait_for(lambda: is_open(port, LOOPBACKS))
    suspending = asyncio.create_task(rig.machine.suspend())
    own = rig.machine._own_ports
    held = Forward("tcp", "127.0.0.1", port, "10.0.2.15")
    await wait_for(lambda: held in own._listeners)
    own.shut(held)
    with socket.create_server(("127.0.0.1", port)):
        with pytest.raises(MachineError, match="could not be suspended"):
            await suspending
        await wait_for(lambda: any(f"web-{port}" in words for words in rig.publisher.status.warnings))
    await wait_for(lambda: is_open(port, LOOPBACKS))
    await wait_for(lambda: not any(f"web-{port}" in words for words in rig.publisher.status.warnings))


async def test_a_call_while_the_machine_is_being_suspended_waits(rig: Rig, play: Play) -> None:
    play("slow-save")
    await rig.machine.start()
    port = free_port()
    rig.console.type(f"publish {port}")
    await wait_for(lambda: is_open(port))
    suspending = asyncio.create_task(rig.machine.suspend())
    await wait_for(lambda: b"<stop>" in rig.console.seen)
    call = asyncio.create_task(said_at(port))
    await asyncio.sleep(0.1)
    assert not call.done()
    await rig.machine.kill()
    assert await call == b""
    with pytest.raises(MachineError):
        await suspending


async def test_more_calls_than_can_be_held_are_cut_off_and_the_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(held_calls, "HELD_MAX", 5)
    woken = asyncio.Event()
    own = OwnPorts(woken.wait)
    forward = Forward("tcp", "127.0.0.1", free_port(), "10.0.2.15")
    own.wait_for_calls([forward, forward._replace(protocol="udp")])
    calls = [asyncio.create_task(said_at(forward.port)) for _ in range(300)]
    await wait_for(lambda: sum(call.done() for call in calls) == 295)

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETING)
        writer.close()

    async def add(forward: Forward) -> None:
        if forward.protocol == "tcp":
            servers.append(await asyncio.start_server(greet, forward.address, forward.port))

    servers: list[asyncio.Server] = []
    await own.hand_over([forward], add)
    woken.set()
    answers = await asyncio.gather(*calls)
    assert (answers.count(GREETING), answers.count(b"")) == (5, 295)
    servers[0].close()
    await servers[0].wait_closed()
    own.close()


async def test_a_datagram_wakes_and_the_port_is_given_over() -> None:
    asked: list[None] = []
    woken = asyncio.Event()

    async def wake() -> bool:
        asked.append(None)
        return await woken.wait()

    own = OwnPorts(wake)
    forward = Forward("udp", "127.0.0.1", free_port(), "10.0.2.15")
    own.wait_for_calls([forward])
    taken: list[socket.socket] = []

    async def add(forward: Forward) -> None:
        taken.append(socket.socket(type=socket.SOCK_DGRAM))
        taken[0].bind((forward.address, forward.port))

    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.connect((forward.address, forward.port))
        for _ in range(100):
            sender.send(b"anybody there?")
        await wait_for(lambda: bool(asked))
        await own.hand_over([forward], add)
        woken.set()
        sender.send(b"again")
        assert taken[0].recv(100) == b"again"
    assert len(asked) == 1
    taken[0].close()
    own.close()


async def test_who_waited_at_a_port_that_qemu_does_not_get_is_sent_away() -> None:
    woken = asyncio.Event()
    own = OwnPorts(woken.wait)
    forward = Forward("tcp", "127.0.0.1", free_port(), "10.0.2.15")
    own.wait_for_calls([forward])
    call = asyncio.create_task(said_at(forward.port))
    await asyncio.sleep(0.05)

    async def refuse(forward: Forward) -> None:
        raise Refused("taken")

    await own.hand_over([forward], refuse)
    with socket.create_server(("127.0.0.1", forward.port)):
        woken.set()
        assert await call == b""
    own.close()


async def test_a_port_that_is_taken_while_the_machine_is_suspended_is_let_be() -> None:
    own = OwnPorts(awake)
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        own.wait_for_calls([Forward("tcp", "127.0.0.1", port, "10.0.2.15")])
    assert is_closed(port)
    own.close()


async def test_no_port_is_open_at_an_address_that_the_guest_does_not_take(rig: Rig) -> None:
    """It might send what comes there back to the host, and QEMU in again; the played guest refuses all commands."""
    await rig.machine.start()
    rig.console.type(f"publish {free_port()} 192.0.2.77")
    await wait_for(lambda: any("guest does not take the address" in words for words in rig.publisher.status.warnings))


async def test_nothing_is_left_of_a_machine_that_ended(rig: Rig) -> None:
    await rig.machine.start()
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port, taken = free_port(), holder.getsockname()[1]
        rig.console.type(f"publish {port}")
        rig.console.type(f"publish {taken}")
        await wait_for(lambda: is_open(port, LOOPBACKS))
        await wait_for(lambda: any("publishes" in words for words in rig.publisher.status.warnings))
        await rig.machine.kill()
        assert is_closed(port)
        assert not any("publishes" in words for words in rig.publisher.status.warnings)


async def test_bytes_pass_from_ipv6_on_and_an_end_where_nobody_listens() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read())  # up to the half-close
        writer.close()

    own = OwnPorts(awake)
    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        forward = Forward6("::1", port, "127.0.0.1")
        if "::1" not in LOOPBACKS:  # a host without IPv6
            with pytest.raises(OSError):
                own.open(forward)
            return
        own.open(forward)
        reader, writer = await asyncio.open_connection("::1", port)
        writer.write(b"x" * 500_000)
        writer.write_eof()
        async with asyncio.timeout(60):
            assert len(await reader.read()) == 500_000
        writer.close()
    reader, writer = await asyncio.open_connection("::1", port)
    async with asyncio.timeout(60):
        assert await reader.read() == b""
    writer.close()
    own.close()
    assert is_closed(port, ["::1"])


@pytest.mark.skipif("::1" not in LOOPBACKS, reason="a host without IPv6")
async def test_datagrams_pass_from_ipv6_on_and_answers_back_to_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datagrams, "PEERS_MAX", 3)
    own = OwnPorts(awake)
    loop = asyncio.get_running_loop()
    with socket.socket(type=socket.SOCK_DGRAM) as echo:
        echo.bind(("127.0.0.1", 0))
        loop.add_reader(echo, lambda: echo.sendto(*echo.recvfrom(1 << 16)))
        forward = Forward6("::1", echo.getsockname()[1], "127.0.0.1", protocol="udp")
        own.open(forward)
        askers = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in range(5)]
        for turn in range(2):
            for number, asker in enumerate(askers):  # more than are remembered at once
                asker.setblocking(False)
                await loop.sock_connect(asker, ("::1", forward.port))
                question = f"{number} of turn {turn} ".encode() * 1000
                await loop.sock_sendall(asker, question)
                async with asyncio.timeout(60):
                    assert await loop.sock_recv(asker, 1 << 16) == question
        own.shut(forward)
        loop.remove_reader(echo)
    with pytest.raises(OSError):
        await loop.sock_sendall(askers[0], b"is nobody there any more?")
        async with asyncio.timeout(60):
            await loop.sock_recv(askers[0], 1)
    for asker in askers:
        asker.close()
    own.close()


@pytest.mark.skipif("::1" not in LOOPBACKS, reason="a host without IPv6")
async def test_peers_that_are_silent_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datagrams, "SILENCE_S", 0.3)
    opened: list[object] = []

    class CountingRelay(datagrams.DatagramRelay):
        def _open(self, peer: object) -> socket.socket:
            opened.append(peer)
            return super()._open(peer)

    with (
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as listener,
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as asker,
    ):
        listener.bind(("::1", 0))
        listener.setblocking(False)
        relay = CountingRelay(listener, ("127.0.0.1", free_port()))
        asker.sendto(b"anybody there?", listener.getsockname())
        await wait_for(lambda: bool(opened))
        await wait_for(lambda: relay.peers == 0)
        relay.close()


@pytest.mark.skipif("::1" not in LOOPBACKS, reason="a host without IPv6")
@pytest.mark.parametrize("address", ["::1", "::"])
async def test_a_port_on_ipv6_alone_is_open_there_wakes_the_machine_and_goes(rig: Rig, address: str) -> None:
    await rig.machine.start()
    port = free_port()
    rig.console.type(f"publish {port} {address}")
    await wait_for(lambda: is_open(port, ["::1"]))
    assert is_closed(port, ["127.0.0.1"])
    told = f"::1 {port}\n".encode() + GREETING
    assert await said_at(port, "::1") == told
    uses = rig.machine.inward_uses
    await rig.machine.suspend()
    assert await said_at(port, "::1") == told
    assert rig.machine.state is State.RUNNING and rig.machine.inward_uses > uses
    rig.console.type(f"unpublish {port}")
    await wait_for(lambda: is_closed(port, ["::1"]))
    assert not any("publishes" in words for words in rig.publisher.status.warnings)


async def test_a_low_port_is_told_with_what_opens_it() -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            code = probe("tcp", "127.0.0.1", 80)
        finally:
            os.seteuid(0)
    else:
        code = probe("tcp", "127.0.0.1", 80)
    words = refused("web", [(443, "b"), (80, "a")], await explain(code, "tcp", "127.0.0.1", 80))
    assert words.startswith("web publishes a, b, ") and "sysctl net.ipv4.ip_unprivileged_port_start=80" in words


async def test_an_address_that_the_host_does_not_have_is_told() -> None:
    code = probe("tcp", "203.0.113.4", 8080)
    assert code == errno.EADDRNOTAVAIL
    refusal = await explain(code, "tcp", "203.0.113.4", 8080)
    assert refused("web", [(8080, "a")], refusal).endswith("the address 203.0.113.4")


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
async def test_who_has_a_port_at_every_address_is_found(protocol: str) -> None:
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(type=kind) as holder:
        holder.bind(("", 0))
        if protocol == "tcp":
            holder.listen()
        port = holder.getsockname()[1]
        code = probe(protocol, "127.0.0.1", port)
        assert code == errno.EADDRINUSE
        assert (await explain(code, protocol, "127.0.0.1", port)).pid == os.getpid()


def test_many_ports_are_one_warning() -> None:
    words = refused("web", [(port, f"127.0.0.1:{port}") for port in range(8000, 9000)], Refusal(errno.EADDRNOTAVAIL))
    assert words.count("127.0.0.1") == PLACES_NAMED and f"(+{1000 - PLACES_NAMED})" in words
