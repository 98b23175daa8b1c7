"""A root shell in the machine itself, beside the one at its console: in a helper that has no walls.

The helper's own program is a leash: it reads what is sent to it, and ends, and all that runs in the helper with it,
when the connection ends or nothing has come for a while, as after a suspension, which no connection survives.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, NamedTuple

from desktop.core.errors import EngineError

from . import helper
from .attach import attach_input
from .client import EngineClient
from .exec import Begun
from .helper import TOOL, TOOL_MOUNT, Helper
from .shell import ExecShell
from .stream import joined

BEAT_S = 20.0
PATIENCE_S = 120
_SHELL = (TOOL, "nsenter", "-t", "1", "-m", "--", "/bin/sh", "-l")
_TERMINALS = {"Type": "bind", "Source": "/dev/pts", "Target": "/dev/pts"}
"""The machine's own: a terminal of the helper's would have no name out there, and `tty` would find none."""
_ALL_OF_THE_HOST = {f"{kind}Mode": "host" for kind in ("Pid", "Network", "Ipc", "UTS", "Cgroupns")}


class _OnLeash(NamedTuple):
    helper: Helper
    leash: Begun


class MachineShell(ExecShell):
    """One shell. `open` it; `disconnect` and `close` both end it and what runs in it."""

    def __init__(
        self, client: EngineClient, held: Helper, leash: asyncio.StreamWriter, begun: Begun,
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
    ) -> None:  # fmt: skip
        super().__init__(client, begun, reader, writer)
        self._helper: Helper | None = held
        self._leash = leash
        self._loop = asyncio.get_running_loop()
        self._beating = self._loop.call_later(BEAT_S, self._beat)

    @classmethod
    async def open(cls, client: EngineClient, cols: int, rows: int) -> MachineShell:
        """EngineError where the engine's host is no guest of Moorage's."""
        opening = asyncio.ensure_future(cls._open(client, cols, rows))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:  # what threads have made by then would be nobody's
            with contextlib.suppress(EngineError):
                await (await opening).disconnect()
            raise

    @classmethod
    async def _open(cls, client: EngineClient, cols: int, rows: int) -> MachineShell:
        made = await client.call(_begin)
        try:
            _, leash = await joined(made.leash)
            try:
                env = ("TERM=xterm-256color",)
                begun = await client.begin_exec(made.helper.container, _SHELL, env, (cols, rows))
                return cls(client, made.helper, leash, begun, *await joined(begun))
            except BaseException:
                leash.close()
                raise
        except BaseException:
            await helper.end(client, made.helper)
            raise

    async def disconnect(self) -> None:
        held, self._helper = self._helper, None
        if held is None:
            return
        self._beating.cancel()
        try:
            await helper.end(self._client, held)  # or the leash ends it
        finally:
            self._leash.close()
            await super().disconnect()

    def _beat(self) -> None:
        if not self._leash.is_closing():
            self._leash.write(b"\n")
            self._beating = self._loop.call_later(BEAT_S, self._beat)


def _begin(sdk: Any) -> _OnLeash:
    leash = f"while read -t {PATIENCE_S} beat; do :; done"
    made = helper.make(sdk, "a shell in the machine", {
        "Cmd": [TOOL, "sh", "-c", leash], "OpenStdin": True, "StdinOnce": True, "AttachStdin": True,
        "HostConfig": {
            "Mounts": [TOOL_MOUNT, _TERMINALS], "Privileged": True, **_ALL_OF_THE_HOST, "AutoRemove": True,
            "LogConfig": {"Type": "none"},
        },
    }, on_leash=True)  # fmt: skip
    try:
        held = attach_input(sdk, made.container)
        try:
            sdk.start(made.container)
        except BaseException:
            held.connection.close()
            raise
    except BaseException:
        helper.remove(sdk, made)
        raise
    return _OnLeash(made, held)
