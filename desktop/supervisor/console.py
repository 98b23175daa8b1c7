"""What the life of a VM asks of its console; `broker.ConsoleBroker` is it."""

from __future__ import annotations

from typing import Protocol


class Console(Protocol):
    async def reset(self) -> None:
        """A new power-on follows: the log and the screen begin anew. Called before QEMU opens the log."""

    async def recall(self) -> None:
        """Takes what was printed before, on adoption. Called before `connect`."""

    async def connect(self) -> None:
        """Becomes the only client of QEMU's console socket, and drains it from now on."""

    async def disconnected(self) -> None:
        """The VM is gone; its last words are in the log when this returns. Viewers stay."""
