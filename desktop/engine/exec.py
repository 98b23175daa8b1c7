"""Programs run inside a container, on a terminal of their own: the blocking calls."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any, NamedTuple

from .errors import EngineGone
from .json_values import id_in, mapping

_SIZE_SINCE = (1, 42)
_ENV_SINCE = (1, 25)


class Begun(NamedTuple):
    """A program that was begun: its id, the connection to its terminal, and what came with the answer already."""

    id: str
    connection: socket.socket
    early: bytes


def begin(sdk: Any, container: str, argv: Sequence[str], env: Sequence[str], size: tuple[int, int]) -> Begun:
    """Begin `argv` on a terminal of `size` columns and rows; the connection that comes back is ours alone."""
    id = _create(sdk, container, argv, env, size, is_watched=True)
    response = sdk._post_json(
        sdk._url("/exec/{0}/start", id),
        headers={"Connection": "Upgrade", "Upgrade": "tcp"},
        data={"Tty": True, "Detach": False, **_console_size(sdk, size)},
        stream=True,
    )
    return taken_over(sdk, id, response)


def taken_over(sdk: Any, id: str, response: Any) -> Begun:
    """The connection of an answer that is a stream from here on."""
    sdk._raise_for_status(response)
    stream = response.raw._fp.fp  # a BufferedReader over a SocketIO, unless the answer is over already
    if stream is None:
        raise EngineGone("The engine's answer makes no sense", "")
    shared = stream.raw._sock
    shared.settimeout(0)
    early = bytes(stream.peek())  # what was read along with the answer's head would be lost with the buffer
    own = shared.dup()
    response.close()
    return Begun(id, own, early)


def begin_unwatched(sdk: Any, container: str, argv: Sequence[str]) -> None:
    """Begin `argv` and hear no more of it."""
    id = _create(sdk, container, argv, (), (0, 0), is_watched=False)
    sdk.exec_start(id, detach=True)


def exit_code(sdk: Any, id: str) -> int | None:
    """With what it ended; None while it runs."""
    state = mapping(sdk.exec_inspect(id))
    code = None if state.get("Running") else state.get("ExitCode")
    return code if isinstance(code, int) else None


def _create(
    sdk: Any, container: str, argv: Sequence[str], env: Sequence[str], size: tuple[int, int], is_watched: bool
) -> str:
    wish = {
        "Cmd": list(argv),
        "Tty": is_watched,
        **{f"Attach{stream}": is_watched for stream in ("Stdin", "Stdout", "Stderr")},
        **_console_size(sdk, size),
    }
    if sdk.api >= _ENV_SINCE:
        wish["Env"] = list(env)
    answer = sdk._result(sdk._post_json(sdk._url("/containers/{0}/exec", container), data=wish), True)
    return id_in(answer)


def _console_size(sdk: Any, size: tuple[int, int]) -> dict[str, list[int]]:
    columns, rows = size
    return {"ConsoleSize": [rows, columns]} if rows and sdk.api >= _SIZE_SINCE else {}
