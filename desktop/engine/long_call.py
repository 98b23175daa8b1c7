"""One long call to an engine: on a connection of its own, in a thread of its own, ended from outside at any point."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from docker.auth import AuthConfig
from docker.transport import UnixHTTPAdapter
from docker.transport.unixconn import UnixHTTPConnection, UnixHTTPConnectionPool

from .sdk import Sdk, blocking

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
        self.mount("http+docker://", _Adapter(f"http+unix://{os.fspath(path)}", self._on_connected))

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
        try:
            loop.call_soon_threadsafe(_finish, ended, error)
        except RuntimeError:
            pass  # the loop was closed meanwhile: nobody listens any more

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


class _Adapter(UnixHTTPAdapter):  # type: ignore[misc]
    def __init__(self, url: str, connected: Callable[[socket.socket], None]) -> None:
        self._connected = connected
        super().__init__(url, None)

    def get_connection(self, url: str, proxies: Any = None) -> Any:
        with self.pools.lock:
            pool = self.pools.get(url)
            if pool is None:
                pool = self.pools[url] = _Pool(url, self.socket_path, None, self.max_pool_size)
                pool.connected = self._connected
            return pool


class _Pool(UnixHTTPConnectionPool):  # type: ignore[misc]
    connected: Callable[[socket.socket], None]

    def _new_conn(self) -> Any:
        made = _Connection(self.base_url, self.socket_path, self.timeout)
        made.connected = self.connected
        return made


class _Connection(UnixHTTPConnection):  # type: ignore[misc]
    connected: Callable[[socket.socket], None]

    def connect(self) -> None:
        super().connect()
        self.connected(self.sock)


