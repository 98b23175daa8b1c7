"""A connection that a thread has opened, in the loop."""

from __future__ import annotations

import asyncio

from .exec import Begun


async def joined(begun: Begun) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The loop's ends of it."""
    try:
        return await asyncio.open_unix_connection(sock=begun.connection)
    except BaseException:
        begun.connection.close()
        raise
