"""Errors that nobody caught: one log with all of them, and a notice instead of silence."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

LARGEST_LOG_BYTES = 1 << 20


class CrashLog:
    """Takes every hook that Python has for such errors. `tell` is called on the loop's thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._lock = threading.RLock()  # threads write too
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tell: Callable[[str, BaseException], None] | None = None

    def open(self) -> None:
        with contextlib.suppress(OSError):  # then what is told goes to standard error alone
            self._file = self._begun()
        sys.excepthook = self._on_error
        sys.unraisablehook = self._on_unraisable
        threading.excepthook = self._on_thread

    def tell_through(
        self, loop: asyncio.AbstractEventLoop, tell: Callable[[str, BaseException], None]
    ) -> None:
        self._loop, self._tell = loop, tell
        loop.set_exception_handler(self._on_loop)

    def close(self) -> None:
        sys.excepthook, sys.unraisablehook = sys.__excepthook__, sys.__unraisablehook__
        threading.excepthook = threading.__excepthook__
        faulthandler.disable()
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, where: str, error: BaseException) -> None:
        lines = "".join(traceback.format_exception(error))
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        with self._lock:
            with contextlib.suppress(OSError):  # then this one goes on
                if self._file is not None and self._file.tell() > LARGEST_LOG_BYTES:
                    full, self._file = self._file, self._begun()
                    full.close()
            for stream in (self._file, sys.stderr):
                # A full disk, a terminal that was closed: it is told all the same.
                with contextlib.suppress(OSError, ValueError):
                    if stream is not None:
                        stream.write(f"{stamp} {where}\n{lines}")
                        stream.flush()

    def _begun(self) -> IO[str]:
        """The log, begun anew where it is full; native crashes go there from now on."""
        if self._path.exists() and self._path.stat().st_size > LARGEST_LOG_BYTES:
            os.replace(self._path, self._path.with_suffix(".log.1"))
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        made = os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
        faulthandler.enable(made)
        return made

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._take("a signal's receiver", error)

    def _on_unraisable(self, found: Any) -> None:
        if found.exc_value is not None:
            self._take(found.err_msg or "a place that cannot raise", found.exc_value)

    def _on_thread(self, found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            self._take(f"thread {found.thread.name if found.thread else '?'}", found.exc_value)

    def _on_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self._take(context.get("message", "the loop"), error or RuntimeError(str(context)))

    def _take(self, where: str, error: BaseException) -> None:
        self.write(where, error)
        if self._loop is not None and self._tell is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, where, error)
