"""Coroutines that run side by side, and end together when one of them fails."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Returns when all are done. The first failure, as it is and not in a group, ends the others.

    WORKAROUND: Python before 3.11.4, which Debian 12 has, leaves a task that a TaskGroup cancelled marked as
    cancelled; its next asyncio.timeout then raises CancelledError and not TimeoutError (CPython's issue 102780). This
    can become a TaskGroup when Python 3.11 is no longer supported.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            if task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
