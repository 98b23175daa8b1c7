"""Takes the calls at a listening socket, as long as there are descriptors for them."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

log = logging.getLogger("desktop.supervisor")

OUT_OF_DESCRIPTORS_PAUSE_S = 0.25
_AT_ONCE = 64


class Accepting:
    """`take` gets each; `words` name the socket in the log. The socket stays open when this is closed."""

    def __init__(self, listener: socket.socket, words: str, take: Callable[[socket.socket], None]) -> None:
        self._listener, self._words, self._take = listener, words, take
        self._loop = asyncio.get_running_loop()
        self._pause: asyncio.TimerHandle | None = None
        self._go_on()

    def take_some(self) -> bool:
        """Those that wait, many at once; whether there may be more."""
        for _ in range(_AT_ONCE):
            try:
                client, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return False
            except OSError as error:  # out of descriptors: the rest wait in the queue until some are free again
                log.warning("%s cannot take a connection: %s", self._words, error)
                self.close()  # the loop would call again at once, for as long as there is no room
                self._pause = self._loop.call_later(OUT_OF_DESCRIPTORS_PAUSE_S, self._go_on)
                return False
            self._take(client)
        return True

    def close(self) -> None:
        self._loop.remove_reader(self._listener)
        if self._pause is not None:
            self._pause.cancel()

    def _go_on(self) -> None:
        self._loop.add_reader(self._listener, self.take_some)
