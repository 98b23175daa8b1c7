"""A signal without threads or Qt: who is interested connects, and is called in order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    """Carries one value to every connected callable, at once, in the order of connection."""

    def __init__(self) -> None:
        self._receivers: list[Callable[[T], None]] = []

    def connect(self, receiver: Callable[[T], None]) -> Callable[[], None]:
        """Connects and returns the call that disconnects."""
        self._receivers.append(receiver)
        return lambda: self.disconnect(receiver)

    def disconnect(self, receiver: Callable[[T], None]) -> None:
        if receiver in self._receivers:
            self._receivers.remove(receiver)

    def emit(self, value: T) -> None:
        """What one of them raises comes out once all were called: the others have a right to know."""
        with ExitStack() as calls:  # undone from the last to the first
            for receiver in reversed(self._receivers):
                calls.callback(receiver, value)
