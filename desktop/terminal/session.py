"""A viewer's side of a console: frames in, screen, frames out. It knows no socket, no Qt and no event loop.

Whoever owns the connection calls `receive` with every frame and `work` until it returns False; the session calls
`send` with every frame that is to go back. `receive` only queues: parsing 50 MB takes a second, and the owner
decides how long it may take at a time.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import msgspec

from desktop.core import frames
from desktop.terminal.screen import Screen

_SLICE_BYTES = 1 << 16
_ASIDE_BYTES = 1 << 17  # a few milliseconds, which a key or a picture in a flood may have to wait for
_MORE_REPLAY = b"v"  # the slices of a long replay after its first; never on the wire


class ConsoleInfo(msgspec.Struct, frozen=True):
    """What the supervisor says about the console: who looks at it, and its size, the smallest viewer's."""

    viewers: int = 1
    cols: int = 0
    rows: int = 0
    read_only: bool = False


class Window(msgspec.Struct, frozen=True):
    """The size that this viewer has room for."""

    cols: int
    rows: int


class TerminalSession:
    """One attached console. The `on_` callables may be set at any time."""

    def __init__(self, send: Callable[[bytes, bytes], None]) -> None:
        self.screen = Screen()
        self.screen.on_reply = self._on_reply
        self.info: ConsoleInfo | None = None
        self.on_info: Callable[[ConsoleInfo], None] | None = None
        self.on_notice: Callable[[str], None] | None = None
        self.on_output: Callable[[bytes], None] | None = None
        """Given what the guest prints from now on, as it came; no replay."""
        self.before_replace: Callable[[], None] | None = None
        """Called before the screen's native terminal is replaced: whoever holds handles lets go of them."""
        self.bytes_received = 0
        """Of output, obeyed so far."""
        self._send = send
        self._queue: deque[tuple[bytes, bytes]] = deque()
        self._bytes_in = self._bytes_out = 0  # of the queue; they are counted in different threads
        self.window = Window(self.screen.columns, self.screen.rows)
        """What `set_window` was told last."""

    def close(self) -> None:
        self.screen.settle()
        self._queue.clear()
        self._bytes_out = self._bytes_in
        self.screen.close()

    # -- from the supervisor

    def receive(self, kind: bytes, payload: bytes) -> None:
        """Take one frame; `work` does what it says."""
        if kind not in (frames.OUTPUT, frames.REPLAY) or len(payload) <= _SLICE_BYTES:
            self._queue.append((kind, payload))
        else:
            self._queue.append((kind, payload[:_SLICE_BYTES]))
            rest = frames.OUTPUT if kind == frames.OUTPUT else _MORE_REPLAY
            for start in range(_SLICE_BYTES, len(payload), _SLICE_BYTES):
                self._queue.append((rest, payload[start : start + _SLICE_BYTES]))
        self._bytes_in += len(payload)
        if kind == frames.OUTPUT and self.on_output is not None:
            self.on_output(payload)

    @property
    def queued_bytes(self) -> int:
        """What is received and not yet worked on. A reader that waits while this is large keeps memory flat."""
        return self._bytes_in - self._bytes_out

    def work(self, budget_s: float | None = None, done_aside: Callable[[], None] | None = None) -> bool:
        """Work on what was received, for about `budget_s`; returns whether something is left.

        With `done_aside` output is left to `work_aside`.
        """
        if self.screen.is_feeding:
            return False
        self.screen.tell()
        if done_aside is not None and self.work_aside(done_aside):
            return False
        deadline = None if budget_s is None else time.monotonic() + budget_s
        while self._queue:
            kind, payload = self._queue.popleft()
            self._bytes_out += len(payload)
            self._obey(kind, payload)
            if deadline is not None and time.monotonic() >= deadline:
                break
        return bool(self._queue)

    def work_aside(self, done: Callable[[], None]) -> bool:
        """Have output that comes next obeyed in another thread, which takes more of it as it comes; whether it is.

        It calls `done` when it ends, as there is no more, or somebody asked for the screen: time to call again.
        """
        if not self.screen.is_feeding and self._queue and self._queue[0][0] == frames.OUTPUT:
            self.screen.feed_aside(self._take_output, done)
        return self.screen.is_feeding

    def _take_output(self) -> bytes:
        """Output that is next in the queue, as much as is to be obeyed aside at a time. For the other thread."""
        parts, size = [], 0
        while self._queue and self._queue[0][0] == frames.OUTPUT and size < _ASIDE_BYTES:
            parts.append(self._queue.popleft()[1])
            size += len(parts[-1])
        self._bytes_out += size
        self.bytes_received += size
        return b"".join(parts)

    def _obey(self, kind: bytes, payload: bytes) -> None:
        if kind == frames.OUTPUT:
            self.bytes_received += len(payload)
            self.screen.feed(payload)
        elif kind == frames.SNAPSHOT:
            self._replace(payload)
        elif kind == frames.REPLAY:
            self.screen.reset()
            self._feed_muted(payload)
        elif kind == _MORE_REPLAY:
            self._feed_muted(payload)
        elif kind == frames.INFO:
            self._set_info(msgspec.json.decode(payload, type=ConsoleInfo))
        elif kind == frames.NOTICE and self.on_notice is not None:
            self.on_notice(payload.decode("utf-8", "replace"))

    def _replace(self, snapshot: bytes) -> None:
        if self.before_replace is not None:
            self.before_replace()
        self.screen.restore(snapshot)
        self._fit()

    def _feed_muted(self, data: bytes) -> None:
        self.screen.is_muted = True
        try:
            self.screen.feed(data)
        finally:
            self.screen.is_muted = False

    def _set_info(self, info: ConsoleInfo) -> None:
        self.info = info
        self._fit()
        if self.on_info is not None:
            self.on_info(info)

    # -- to the supervisor

    def type(self, data: bytes) -> None:
        """Send what the user typed, unless this viewer may only look."""
        if data and not self.is_read_only:
            self._send(frames.TYPED, data)

    def reply(self, data: bytes) -> None:
        """Send what the terminal itself has to say; it counts only for the viewer that typed last."""
        if data and not self.is_read_only:
            self._send(frames.REPLY, data)

    @property
    def is_read_only(self) -> bool:
        return self.info is not None and self.info.read_only

    def set_window(self, columns: int, rows: int) -> None:
        """Say how much room there is. With a supervisor the console's size is its answer, else it is this."""
        window = Window(max(columns, 2), max(rows, 1))
        if window != self.window:
            self.window = window
            self._fit()
            self.tell_window()

    def tell_window(self) -> None:
        """How much room there is, once more: to a supervisor that may not have heard it."""
        self._send(frames.WINDOW, msgspec.json.encode(self.window))

    def _fit(self) -> None:
        columns, rows = self.window.cols, self.window.rows
        if self.info is not None and self.info.cols > 0 and self.info.rows > 0:
            columns, rows = self.info.cols, self.info.rows
        if (columns, rows) != (self.screen.columns, self.screen.rows):
            self.screen.resize(columns, rows)

    def _on_reply(self, data: bytes) -> None:
        self.reply(data)
