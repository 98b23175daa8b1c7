"""The one status of a machine: moved along the legal moves only, and published at each change."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import msgspec

from .machine import LEGAL_MOVES, MachineStatus, State
from .signal import Signal
from .text import encodable

log = logging.getLogger("desktop.machine")


class PublishedStatus:
    """Holds the status. `changed` carries each new one, in order."""

    def __init__(self, status: MachineStatus) -> None:
        self.status = status
        self.changed: Signal[MachineStatus] = Signal()

    @property
    def state(self) -> State:
        return self.status.state

    def move(self, state: State, detail: str = "", next_step: str = "", since: str = "", **changes: Any) -> None:
        """Goes to another state. What was said about the old one is gone."""
        if state not in LEGAL_MOVES[self.state]:
            raise ValueError(f"no machine goes from {self.state} to {state}")
        log.info("%s -> %s%s", self.state, state, f": {detail}" if detail else "")
        self.update(
            state=state, since=since or now(), detail=encodable(detail), next_step=encodable(next_step),
            **{"deadline_s": None, "action": "", **changes},
        )  # fmt: skip

    def update(self, **changes: Any) -> None:
        """Changes what is known within a state."""
        status = msgspec.structs.replace(self.status, **changes)
        if status != self.status:
            self.status = status
            self.changed.emit(status)

    async def leave(self, *states: State, timeout_s: float | None = None) -> bool:
        """Waits until the machine is in none of these states; False when that took too long."""
        return await self.until(lambda status: status.state not in states, timeout_s)

    async def until(self, is_so: Callable[[MachineStatus], bool], timeout_s: float | None = None) -> bool:
        """Waits until the status is such; False when that took too long."""
        if is_so(self.status):
            return True
        found = asyncio.Event()
        disconnect = self.changed.connect(lambda status: found.set() if is_so(status) else None)
        try:
            async with asyncio.timeout(timeout_s):
                await found.wait()
        except TimeoutError:
            return False
        finally:
            disconnect()
        return True


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
