"""Images that come, go and are made: each a long work with what it says, for `Jobs.run`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from desktop.core.errors import EngineError

from .engine import EngineService
from .job_report import Report
from .jobs import Work

if TYPE_CHECKING:
    from desktop.engine.long_call import LongSdk

_LOGIN_WORDS = ("unauthorized", "authentication required", "no basic auth", "access denied", "denied:", "docker login")
_BUILDKIT_WORDS = ("buildkit", "dockerfile parse error")

Call = Callable[["LongSdk"], None]


class Transfers:
    """They go by `socket`, the machine's docker.sock: a machine at work is not idle."""

    def __init__(self, engine: EngineService, socket: Path) -> None:
        self._engine = engine
        self._socket = socket

    def pull(self, reference: str, platform: str = "") -> Work:
        """`platform` is `os/arch[/variant]`; empty: the machine's own."""
        what = f"{reference} could not be pulled"
        return lambda report: self._carry_out(
            what, lambda sdk: _calls().pull(sdk, reference, platform, report), reference
        )

    def push(self, reference: str) -> Work:
        what = f"{reference} could not be pushed"
        return lambda report: self._carry_out(what, lambda sdk: _calls().push(sdk, reference, report), reference)

    def save(self, images: Mapping[str, Sequence[str]], path: Path, expected_bytes: int) -> Work:
        """`images`: by their ids the tags that the file keeps."""
        what = f"{path.name} could not be saved"
        return lambda report: self._carry_out(
            what, lambda sdk: _calls().save(sdk, images, path, expected_bytes, report)
        )

    def load(self, path: Path) -> Work:
        what = f"{path.name} could not be loaded"
        return lambda report: self._carry_out(what, lambda sdk: _calls().load(sdk, path, report))

    def build(self, folder: Path, tag: str, dockerfile: str = "") -> Work:
        what = f"{folder.name} could not be built"
        return lambda report: self._carry_out(
            what, lambda sdk: _calls().build(sdk, folder, tag, dockerfile, report)
        )

    def log_in(self, host: str, user: str, password: str) -> Work:
        """`host` is docker.io, or a registry with its port."""

        async def work(report: Report) -> None:
            client = self._engine.connected(f"There is no login at {host}")
            module = importlib.import_module("desktop.engine.registry_login")
            await client.call(module.log_in, host, user, password)

        return work

    async def _carry_out(self, what: str, call: Call, registry_of: str = "") -> None:
        client = self._engine.connected(what)
        module = importlib.import_module("desktop.engine.long_call")  # not before the first of these
        sdk = module.LongSdk(self._socket, client.api_version)
        try:
            await module.carry_out("engine-transfer", sdk, call)
        except EngineError as error:
            why = error.why if error.what == "The engine refused" else f"{error.what}: {error.why}"
            if registry_of and any(word in why.lower() for word in _LOGIN_WORDS):
                next_step = f"If a login is needed, type `{login_line(registry_of)}` and try again"
                raise EngineError(what, why, next_step) from error
            if any(word in why.lower() for word in _BUILDKIT_WORDS):
                next_step = "What needs BuildKit is built by `docker build` in a terminal"
                raise EngineError(what, why, next_step) from error
            raise EngineError(what, why) from error


def login_line(reference: str) -> str:
    """What to type where a registry wants to know who is there."""
    host = _calls().host_of(reference)
    return "docker login" if host == _calls().HUB else f"docker login {host}"


def _calls() -> ModuleType:
    return importlib.import_module("desktop.engine.transfers")
