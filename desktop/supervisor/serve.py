"""Builds the supervisor of one machine out of its parts, and serves until it is no longer needed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from desktop.core.control import timeout_of
from desktop.core.errors import MachineError
from desktop.core.machine import LIVE, MachineStatus, State, Supervisor, paths_of
from desktop.core.paths import MachineFiles
from desktop.core.published_status import now
from desktop.machine.driver import QemuDriver

from . import host_facts, logs
from .broker import ConsoleBroker
from .console_size import ConsoleSize
from .control_server import Call, ControlServer, Service
from .docker_context import ContextWriter
from .idle import IdleWatch
from .life import Parts, in_words
from .machine import Machine
from .proxy import EngineProxy
from .publisher import Publisher
from .rest import rest

log = logging.getLogger("desktop.supervisor")

IDLE_EXIT_S = {State.STOPPED: 60.0, State.FAILED: 900.0}  # a failure may still be asked about
LOG_LOOK_S = 10.0
FOLLOWED = frozenset({"start", "stop", "restart", "kill", "suspend", "resume", "reset"})
ROOT = "Moorage runs as root. It does not need to: any user can run it."


async def serve(files: MachineFiles, version: str) -> None:
    """Returns after `quit`, when nobody needs it any more, or after SIGTERM, which suspends a machine that runs."""
    done, told = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        told.set()
        done.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    async with _built(files, version, done) as (machine, publisher):
        keeping = asyncio.create_task(_keep_logs_short(files), name="log rotation")
        await done.wait()
        keeping.cancel()
        if told.is_set():
            log.info("told to end")
            await rest(machine, publisher)


@contextlib.asynccontextmanager
async def _built(files: MachineFiles, version: str, done: asyncio.Event) -> AsyncIterator[tuple[Machine, Publisher]]:
    publisher = Publisher(_first_status(files, version))
    publisher.warn("root", ROOT if os.getuid() == 0 else "")
    async with contextlib.AsyncExitStack() as stack:
        context = ContextWriter(files.docker_socket, publisher)
        stack.push_async_callback(context.close)
        broker, machine = await _opened_machine(files, publisher, stack)
        idle = IdleWatch(machine, publisher, lambda: broker.is_in_view or users.is_asked)
        stack.push_async_callback(idle.close)
        broker.used.connect(lambda _: idle.touch())
        users = EngineProxy(files.docker_socket, files.channel_socket, machine.wake, idle.touch)
        for proxy in (users, EngineProxy(files.engine_socket, files.channel_socket, machine.admit)):
            await proxy.open()
            stack.push_async_callback(proxy.close)
        service = Service(_calls(machine, publisher, idle, done), FOLLOWED, publisher, broker.attach)
        control = ControlServer(files.control_socket, service)
        await control.open()
        stack.push_async_callback(control.close)
        unneeded = IdleExit(control, publisher, done)
        stack.callback(unneeded.close)
        log.info("serving %s", files.folder)
        yield machine, publisher


async def _opened_machine(
    files: MachineFiles, publisher: Publisher, stack: contextlib.AsyncExitStack
) -> tuple[ConsoleBroker, Machine]:
    size = ConsoleSize()
    broker = ConsoleBroker(files, size.set, size.send_break)
    machine = Machine(Parts(files, QemuDriver(files, host_facts.start_time), broker, size, publisher))
    broker.sizes.rule = lambda: machine.settings.console_size
    await broker.open()
    stack.push_async_callback(broker.close)
    stack.push_async_callback(machine.leave)
    await machine.take_over()
    return broker, machine


def _first_status(files: MachineFiles, version: str) -> MachineStatus:
    return MachineStatus(
        machine=files.name, since=now(), supervisor=Supervisor(pid=os.getpid(), version=version), paths=paths_of(files)
    )


def _calls(
    machine: Machine, publisher: Publisher, idle: IdleWatch, done: asyncio.Event
) -> dict[str, Call]:
    samples = host_facts.Samples()

    async def status(args: dict[str, Any]) -> MachineStatus:
        found = await machine.status()
        if args.get("samples"):
            publisher.update(**await samples.take(found))
        return publisher.status

    async def settings_changed(args: dict[str, Any]) -> None:
        machine.settings_changed()
        idle.begin_anew()
        await machine.grow_disk()

    def refuse_live() -> None:
        if publisher.state in LIVE:
            raise MachineError("The VM runs", f"it is {publisher.state}", "Stop the machine first")

    async def quit(args: dict[str, Any]) -> None:
        refuse_live()
        await machine.settled()
        refuse_live()  # a call may have woken it meanwhile
        done.set()

    calls: dict[str, Call] = {
        "status": status,
        "start": lambda args: machine.start(timeout_of(args)),
        "stop": lambda args: machine.stop(timeout_of(args)),
        "restart": lambda args: machine.restart(timeout_of(args)),
        "kill": lambda args: machine.kill(bool(args.get("confirmed"))),
        "suspend": lambda args: machine.suspend(),
        "resume": lambda args: machine.start(timeout_of(args)),
        "reset": lambda args: machine.reset(bool(args.get("confirmed"))),
        "trim": lambda args: machine.trim(),
        "settings_changed": settings_changed,
        "quit": quit,
    }
    return {name: partial(_in_words, call) for name, call in calls.items()}


async def _in_words(call: Call, args: dict[str, Any]) -> Any:
    return await in_words("The machine's files cannot be used", call(args))


class IdleExit:
    """Ends a supervisor that has neither a VM nor a client."""

    def __init__(self, control: ControlServer, publisher: Publisher, done: asyncio.Event) -> None:
        self._control = control
        self._publisher = publisher
        self._done = done
        self._timer: asyncio.TimerHandle | None = None
        self._disconnect = (control.left.connect(self._look), publisher.changed.connect(self._look))
        self._look()

    def close(self) -> None:
        for disconnect in self._disconnect:
            disconnect()
        self._stop_timer()

    def _look(self, _: object = None) -> None:
        self._stop_timer()
        wait_s = IDLE_EXIT_S.get(self._publisher.state)
        if self._control.connections == 0 and wait_s is not None:
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._expire)

    def _expire(self) -> None:
        if self._control.connections == 0:  # else its leaving winds the clock up again
            self._done.set()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


async def _keep_logs_short(files: MachineFiles) -> None:
    """QEMU, its helpers and the guest write as they please."""
    while True:
        await asyncio.sleep(LOG_LOOK_S)
        for path in (files.engine_log, files.qemu_log, files.network_log, files.shares_log, files.supervisor_log):
            with contextlib.suppress(OSError):  # a disk that is full: another time
                await asyncio.to_thread(logs.rotate, path)
