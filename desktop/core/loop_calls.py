"""A word from a thread to the loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any


def tell_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., object], *args: Any) -> None:
    """Has the loop call it soon; nothing where that was closed meanwhile: nobody listens any more."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *args)
