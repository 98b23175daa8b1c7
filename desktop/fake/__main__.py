"""`python -m desktop.fake --home PATH`: a machine and an engine that are played, until SIGTERM or `quit`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from desktop.core.control import LINE_LIMIT
from desktop.core.errors import MoorageError
from desktop.core.machine import LIVE
from desktop.core.paths import Home, MachineFiles, make_folders

from . import built, http, samples
from .api import answer
from .console import Console
from .control_server import Control, is_own_peer
from .engine import Engine
from .faults import Faults
from .machine import FakeMachine
from .scenarios import Stage

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def main() -> int:
    os.umask(0o077)
    words = _parse()
    files = Home(Path(words.home).absolute()).machine(words.machine)
    make_folders(files)
    with open(files.supervisor_lock, "wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"A supervisor of the machine {files.name} runs already.", file=sys.stderr)
            return 1
        try:
            asyncio.run(_serve(files, words))
        except MoorageError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="desktop.fake", description=__doc__)
    parser.add_argument("--home", required=True, help="the base folder, MOORAGE_HOME")
    parser.add_argument("--machine", default="default", help="the machine's name")
    parser.add_argument("--containers", type=int, default=5, metavar="N", help="how many the engine holds")
    parser.add_argument("--images", type=int, default=5, metavar="N", help="how many the engine holds")
    parser.add_argument("--scenario", action="append", default=[], metavar="NAME[=NUMBER]", help="may be given often")
    parser.add_argument("--engine-socket", type=Path, metavar="PATH", help="the engine, whatever the machine does")
    parser.add_argument("--until-eof", action="store_true", help="end when stdin ends: with whoever started this")
    return parser.parse_args()


async def _serve(files: MachineFiles, words: argparse.Namespace) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    faults = Faults()
    engine = Engine(faults)
    built.put(files.home)
    samples.fill(engine, words.containers, words.images)
    console = Console(files.console_log, lambda: machine.guest_powers_off())
    machine = FakeMachine(files, faults, engine, console)
    stage = Stage(files.home, machine, engine, faults)
    control = Control(machine, console, stage, done)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(console.close)
        stack.push_async_callback(machine.close)
        stack.push_async_callback(stage.close)
        for path, admit in ((files.docker_socket, machine.wake), (files.engine_socket, machine.admit)):
            await stack.enter_async_context(_listening(path, _engine_door(engine, machine, admit)))
        if words.engine_socket:
            await stack.enter_async_context(_listening(words.engine_socket, _engine_door(engine)))
        await stack.enter_async_context(_listening(files.control_socket, control.serve))
        for scenario in words.scenario:
            await stage.play(scenario)
        if words.until_eof:
            loop.add_reader(sys.stdin.fileno(), lambda: None if os.read(sys.stdin.fileno(), 4096) else done.set())
        print(f"ready {files.control_socket}", flush=True)
        await done.wait()


def _engine_door(
    engine: Engine, machine: FakeMachine | None = None, admit: Callable[[], Awaitable[bool]] | None = None
) -> Serve:
    """The engine behind a proxy that holds calls while the machine starts and refuses them while it is off."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if machine is None or admit is None:
            await http.serve_connection(reader, writer, handle)
            return
        try:
            is_admitted = await admit()
        except MoorageError as error:
            await http.serve_connection(reader, writer, _refuse_for(error))
            return
        if is_admitted:
            disconnect = machine.changed.connect(
                lambda status: None if status.state in LIVE else writer.transport.abort()
            )
            try:
                await http.serve_connection(reader, writer, handle)
            finally:
                disconnect()

    async def handle(request: http.Request) -> http.Answer | http.Streamed | http.Hijacked:
        return await answer(engine, request)

    return serve


def _refuse_for(error: MoorageError) -> http.Handler:
    async def refuse(_: http.Request) -> http.Answer:
        return http.Answer(503, {"message": str(error)}, {"Connection": "close"})

    return refuse


@contextlib.asynccontextmanager
async def _listening(path: Path, serve: Serve) -> AsyncIterator[None]:
    """A socket of ours alone at `path`; every connection ends with it."""
    tasks: set[asyncio.Task[None]] = set()

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            if is_own_peer(writer.get_extra_info("socket")):
                await serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the fake ends
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_unix_server(on_connection, path, limit=LINE_LIMIT)
    os.chmod(path, 0o600)
    try:
        yield
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


if __name__ == "__main__":
    sys.exit(main())
