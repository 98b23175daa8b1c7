"""One long call to an engine: on a connection of its own, in a thread of its own, ended from outside at any point."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests
from docker.auth import AuthConfig

from desktop.core.loop_calls import tell_loop

from .convert import decode_json
from .errors import EngineGone
from .feed import lines_of
from .sdk import ByteStream, Sdk, blocking

END_DEADLINE_S = 2.0


class LongSdk(Sdk):
    """`abort`, from another thread, ends whatever the call waits for. Silence is no error: registries are slow.

    `sent` is told how many bytes of an upload are through.
    """

    def __init__(self, path: Path, version: str) -> None:
        super().__init__(path, None, version)
        self.sent: Callable[[int], None] = lambda amount: None
        self._auth_configs = AuthConfig({})
        self._sockets: list[socket.socket] = []
        self._aborted = False
        self._custom_adapter.connected = self._on_connected

    def abort(self) -> None:
        self._aborted = True
        for each in list(self._sockets):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it had ended by itself

    def close(self) -> None:
        """Overrides requests': also what an answer that was not read to its end still holds."""
        super().close()
        for each in self._sockets:
            if (descriptor := each.detach()) >= 0:
                os.close(descriptor)

    def _on_connected(self, connected: socket.socket) -> None:
        self._sockets.append(connected)
        if self._aborted:
            raise ConnectionAbortedError

    def _post(self, url: str, **kwargs: Any) -> requests.Response:
        """Overrides the SDK's: a file that is sent is counted."""
        if hasattr(kwargs.get("data"), "read"):
            kwargs["data"] = _counted(kwargs["data"], self.sent)
        return super()._post(url, **kwargs)  # type: ignore[no-any-return]

    def _stream_helper(self, response: requests.Response, decode: bool = False) -> Iterator[Any]:
        """Overrides the SDK's, which keeps a message that does not end, and looks through all of it again and again."""
        self._raise_for_status(response)
        broken = EngineGone("The engine cannot be reached", "it closed the connection")
        for line in lines_of(ByteStream(response, broken), keeps_rest=True):
            try:
                message = decode_json(line)
            except ValueError as error:
                raise EngineGone("The engine's answer makes no sense", f"no JSON: {error}") from error
            yield message


async def carry_out(name: str, sdk: LongSdk, call: Callable[[LongSdk], None]) -> None:
    """Runs `call` in a thread. Cancelled, it aborts the call and waits a little for the thread to clear up."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def run() -> None:
        error: BaseException | None = None
        try:
            blocking(call, sdk)
        except BaseException as failure:
            error = failure
        finally:
            sdk.close()
        tell_loop(loop, _finish, ended, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    try:
        await asyncio.shield(ended)
    except asyncio.CancelledError:
        sdk.abort()
        await asyncio.wait([ended], timeout=END_DEADLINE_S)
        raise


def _finish(ended: asyncio.Future[None], error: BaseException | None) -> None:
    if error is None:
        ended.set_result(None)
    else:
        ended.set_exception(error)
        ended.exception()  # it is known, also where nobody waits any more


def _counted(file: Any, sent: Callable[[int], None]) -> Any:
    amount = 0
    while block := file.read(1 << 16):
        yield block
        amount += len(block)
        sent(amount)
