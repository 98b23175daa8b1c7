"""What is typed to a container itself: keys that may end it are asked about, lines are made where it has no tty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer

from desktop.core import frames
from desktop.views.stream_words import Kind

from .line_input import LineInput
from .stream_questions import may_send, output_only
from .tasks import Tasks

if TYPE_CHECKING:
    from desktop.views.stream_pane import StreamPane

    from .asking import Asking

ENDING_KEYS = {b"\x03": "Ctrl+C", b"\x04": "Ctrl+D", b"\x1c": "Ctrl+\\"}


class Input(Protocol):
    @property
    def has_tty(self) -> bool: ...
    @property
    def takes_input(self) -> bool: ...
    def type(self, data: bytes) -> bool: ...


class StreamGuard(QObject):
    """Of one pane. Who has said yes once is not asked again there."""

    def __init__(self, pane: StreamPane, asking: Asking, tasks: Tasks) -> None:
        super().__init__(pane)
        self._pane, self._asking, self._tasks = pane, asking, tasks
        self._line = LineInput()
        self._is_asking = self._has_agreed = False

    def type(self, stream: Input, data: bytes) -> None:
        if not stream.takes_input:
            QTimer.singleShot(0, self._pane, lambda: self._pane.hint(output_only()))  # the key puts away hints
        elif not stream.has_tty:
            shown, line = self._line.take(data)
            self._pane.receive(frames.OUTPUT, shown)
            if line:
                stream.type(line)
        elif self._pane.target.kind is Kind.ATTACHED and data in ENDING_KEYS and not self._has_agreed:
            self._ask(stream, data)
        else:
            stream.type(data)

    def _ask(self, stream: Input, key: bytes) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._tasks.spawn("a key that ends", self._send_if_agreed(stream, key))

    async def _send_if_agreed(self, stream: Input, key: bytes) -> None:
        try:
            self._has_agreed = await may_send(ENDING_KEYS[key], self._pane.target, self._asking)
        finally:
            self._is_asking = False
        if self._has_agreed:
            stream.type(key)
