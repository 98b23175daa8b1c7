"""The machine's status as the app follows it, against a listener on a real control.sock."""

from __future__ import annotations

import asyncio

from desktop.core import control
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home
from desktop.services.machine import MachineService

RUNNING, SUSPENDED = (MachineStatus(state=state) for state in (State.RUNNING, State.SUSPENDED))


async def test_an_answer_that_comes_after_something_newer_changes_nothing(home: Home) -> None:
    files = home.machine()
    files.sockets.mkdir(parents=True, mode=0o700)
    service = MachineService(files)
    runs, asked, newer_is_known = asyncio.Event(), asyncio.Event(), asyncio.Event()
    told = {State.RUNNING: runs, State.SUSPENDED: newer_is_known}
    service.changed.connect(lambda status: told[status.state].set())

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if line := await reader.readline():
            request = control.decode_request(line)
            if request.call == "watch":
                writer.write(control.event_line(request.id, "status", RUNNING))
                await asked.wait()
                writer.write(control.event_line(request.id, "status", SUSPENDED))
                await reader.read()
            else:
                asked.set()
                await newer_is_known.wait()
                writer.write(control.result_line(request.id, RUNNING))
        writer.close()

    async with asyncio.timeout(60), await asyncio.start_unix_server(serve, files.control_socket):
        following = asyncio.create_task(service.follow())
        await runs.wait()
        await service.start()
        assert service.status.state is State.SUSPENDED
        following.cancel()
        await asyncio.wait({following})
