"""The process that keeps a console's screen: `python -m desktop.terminal.keeper`.

A supervisor starts it, writes frames (`desktop.core.frames`) to its standard input and reads frames from its
standard output. It is a process of its own so that a fault in the native library costs a picture and no machine.
What they say is in `keeper_frames`. It ends when its input does. Standard output carries frames and nothing else;
complaints go to standard error.
"""

from __future__ import annotations

import os
import select
import signal
import zlib

import msgspec

from desktop.core import frames
from desktop.terminal.ghostty import TerminalError
from desktop.terminal.keeper_frames import FAILED, FEED, KEPT, REFUSED, REQUEST, RESIZE, RESTORE
from desktop.terminal.replay import as_vt
from desktop.terminal.screen import Screen

_READ_BYTES = 1 << 16
_IDLE_S = 0.5


class Size(msgspec.Struct):
    """The console's size in cells."""

    cols: int
    rows: int


class Request(msgspec.Struct):
    """What is needed: `snapshot` by a viewer of ours, `vt` by a foreign terminal, `kept` by the next keeper."""

    kind: str
    lines: int = 1000
    rows: int | None = None


class Keeper:
    """The screen, and the frames that change it or ask for it."""

    def __init__(self) -> None:
        self.screen = Screen()
        self.screen.is_muted = True

    def take(self, kind: bytes, payload: bytes) -> bytes:
        """Obey one frame and return the frame to answer with, if any; a request that fails has an answer too."""
        if kind == FEED:
            self.screen.feed(payload)
        elif kind == RESIZE:
            size = msgspec.json.decode(payload, type=Size)
            self.screen.resize(size.cols, size.rows)
        elif kind == RESTORE:
            self.screen.restore(zlib.decompress(payload))
        elif kind == REQUEST:
            try:
                return self._answer(msgspec.json.decode(payload, type=Request))
            except (TerminalError, msgspec.MsgspecError) as error:
                return frames.encode(REFUSED, str(error).encode())
        return b""

    def _answer(self, request: Request) -> bytes:
        if request.kind == "vt":
            return frames.encode(frames.REPLAY, as_vt(self.screen, request.lines, request.rows))
        if request.kind == "kept":
            return frames.encode(KEPT, zlib.compress(self.screen.snapshot(), 1))
        return frames.encode(frames.SNAPSHOT, self.screen.snapshot())


def run(source: int, sink: int) -> None:
    """Serve until the source ends or the sink is closed."""
    keeper, decoder = Keeper(), frames.Decoder()
    has_more_to_compress = False
    timeout_s: float | None = None
    while True:
        if not select.select([source], [], [], 0.0 if has_more_to_compress else timeout_s)[0]:
            has_more_to_compress, timeout_s = keeper.screen.compress_step(), None
            continue
        data = os.read(source, _READ_BYTES)
        if not data:
            return
        for kind, payload in decoder.feed(data):
            try:
                answer = keeper.take(kind, payload)
            except (TerminalError, msgspec.MsgspecError, zlib.error) as error:
                answer = frames.encode(FAILED, str(error).encode())
            if not _write(sink, answer):
                return
        has_more_to_compress, timeout_s = False, _IDLE_S


def main() -> None:
    """Serve on standard input and output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl+C at the supervisor's terminal is not for us
    sink = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes to standard error, never between two frames
    run(0, sink)


def _write(sink: int, data: bytes) -> bool:
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(sink, view) :]
    except BrokenPipeError:
        return False
    return True


if __name__ == "__main__":
    main()
