"""One app for a base folder: the first holds a lock and listens, a second one tells it a word and ends."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from desktop.core.errors import MoorageError
from desktop.core.paths import Home, make_socket_folder
from desktop.machine.process import take_lock
from desktop.supervisor.listener import Listener, is_admitted_peer

WORDS = frozenset({"raise", "console", "quit"})
LONGEST_WORD = 16
ANSWER_DEADLINE_S = 3.0
WORD_DEADLINE_S = 2.0


class SingleInstance:
    """`acquire` decides who is first, by a lock that the system drops with the process."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock: int | None = None
        self._listener: Listener | None = None
        self._server: asyncio.AbstractServer | None = None

    @property
    def _path(self) -> Path:
        return self._home.app_socket

    def acquire(self) -> bool:
        make_socket_folder(self._home.base)
        path = self._home.app_lock
        try:
            self._lock = take_lock(path)
        except OSError as error:
            why = error.strerror or str(error)
            raise MoorageError(f"{path} cannot be used", why, "Move it away") from error
        return self._lock is not None

    def tell(self, word: str) -> bool:
        """Gives the first app a word. It may be starting up: its socket is waited for a little. Or it ends: False, and
        this one is the first."""
        deadline = time.monotonic() + ANSWER_DEADLINE_S
        while True:
            try:
                self._tell_now(word)
                return True
            except OSError as error:
                if self.acquire():
                    return False
                if time.monotonic() > deadline:
                    raise MoorageError(
                        "Another Moorage already runs, and does not answer",
                        str(error),
                        "End it, or wait until it has ended",
                    ) from error
            time.sleep(0.05)

    async def listen(self, on_word: Callable[[str], None]) -> None:
        self._on_word = on_word
        self._listener = Listener(self._path)
        self._server = await asyncio.start_unix_server(self._serve, sock=self._listener.socket, limit=LONGEST_WORD)

    def stop_listening(self) -> None:
        """It ends: a word would come to nothing."""
        if self._server is not None and self._listener is not None:
            self._server.close()
            self._listener.close()
            self._server = None

    def close(self) -> None:
        self.stop_listening()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _tell_now(self, word: str) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(ANSWER_DEADLINE_S)
            connection.connect(str(self._path))
            connection.sendall(f"{word}\n".encode())
            if connection.recv(16) != b"ok\n":
                raise ConnectionRefusedError("it did not take the word")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not is_admitted_peer(writer.get_extra_info("socket")):
                return
            async with asyncio.timeout(WORD_DEADLINE_S):
                word = (await reader.readline()).decode("ascii", "replace").strip()
                if word in WORDS:
                    writer.write(b"ok\n")
                    await writer.drain()
                    self._on_word(word)
        except (TimeoutError, ValueError, OSError):
            pass  # a caller that says nothing, or too much
        finally:
            writer.close()
