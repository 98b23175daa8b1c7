"""The control protocol: lines of JSON on control.sock, between a supervisor and its clients.

A client sends requests, each a line: {"id": 1, "call": "start", "args": {…}}. The supervisor answers
with lines that carry the same id: any number of {"id", "event", "data"} and at last one
{"id", "result"} or {"id", "error"}. Several requests may be under way on one connection.

calls:
    status      {"samples": bool}                     → MachineStatus
    watch       {}                                    events "status": MachineStatus, now and at each change
    start       {"timeout_s": float | null}           events "status" under way → MachineStatus
    stop        {"timeout_s": float | null}           the same; error needs_confirmation when the guest is late
    restart     {"timeout_s": float | null}
    kill        {"confirmed": bool}                   a suspended machine is dropped, which must be confirmed
    suspend     {}                                    events "status" under way → MachineStatus
    resume      {"timeout_s": float | null}           the same as start
    reset       {"confirmed": bool}                   all that the engine keeps is deleted, which must be confirmed
    trim        {}                                    the host gets back what the guest freed → MachineStatus
    settings_changed {}                               machine.toml was written: read it again
    console     ConsoleRequest                        → null; then the connection carries frames
                                                      (core/frames.py) and no more lines
    quit        {}                                    ends the supervisor; refused while a VM runs
"""

from __future__ import annotations

from typing import Any

import msgspec

from .errors import MoorageError, UsageError, error_of_code
from .text import encodable

LINE_LIMIT = 1 << 20  # bytes; a longer line ends the connection


class Request(msgspec.Struct, kw_only=True):
    id: int
    call: str
    args: dict[str, Any] = {}


class Failure(msgspec.Struct, kw_only=True):
    code: str = "error"
    what: str
    why: str = ""
    next_step: str = ""

    @classmethod
    def of(cls, error: MoorageError) -> Failure:
        what, why, next_step = map(encodable, (error.what, error.why, error.next_step))
        return cls(code=error.code, what=what, why=why, next_step=next_step)

    def error(self) -> MoorageError:
        return error_of_code(self.code, self.what, self.why, self.next_step)


class Reply(msgspec.Struct, kw_only=True, omit_defaults=True):
    id: int
    event: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: Failure | None = None


class ConsoleRequest(msgspec.Struct, kw_only=True):
    """How a viewer wants the console: `snapshot` for libghostty, `vt` for any other terminal."""

    replay: str = "snapshot"  # snapshot, vt or none
    cols: int = 80
    rows: int = 24
    read_only: bool = False


_REQUEST = msgspec.json.Decoder(Request)
_REPLY = msgspec.json.Decoder(Reply)
_encode = msgspec.json.Encoder().encode


def decode_request(line: bytes) -> Request:
    return _REQUEST.decode(line)


def decode_reply(line: bytes) -> Reply:
    return _REPLY.decode(line)


def timeout_of(args: dict[str, Any]) -> float | None:
    """The `timeout_s` of a call, None where it names none."""
    timeout_s = args.get("timeout_s")
    if timeout_s is not None and (not isinstance(timeout_s, int | float) or timeout_s < 0):
        raise UsageError("timeout_s is a number of seconds", repr(timeout_s))
    return timeout_s


def request_line(id: int, call: str, **args: Any) -> bytes:
    return _encode(Request(id=id, call=call, args=args)) + b"\n"


def event_line(id: int, event: str, data: Any) -> bytes:
    return _encode({"id": id, "event": event, "data": data}) + b"\n"


def result_line(id: int, result: Any = None) -> bytes:
    return _encode({"id": id, "result": result}) + b"\n"


def error_line(id: int, error: MoorageError) -> bytes:
    return _encode({"id": id, "error": Failure.of(error)}) + b"\n"
