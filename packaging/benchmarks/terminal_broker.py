"""`terminal_broker.py FOLDER`: the console broker of a machine in that folder; viewers attach at `attach.sock`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from terminal_line import ATTACH, COLUMNS, ROWS

from desktop.core.control import ConsoleRequest
from desktop.core.paths import Home
from desktop.supervisor.broker import ConsoleBroker


async def main(folder: Path) -> None:
    broker = ConsoleBroker(Home(folder).machine(), _resize, _break)
    await broker.open()
    await broker.connect()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await broker.attach(reader, writer, ConsoleRequest(replay="snapshot", cols=COLUMNS, rows=ROWS))

    async with await asyncio.start_unix_server(serve, folder / ATTACH) as server:
        print("ready", flush=True)
        await server.serve_forever()


def _resize(_cols: int, _rows: int) -> None:
    """This line has no size."""


async def _break() -> None:
    """Nobody listens for one."""


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
