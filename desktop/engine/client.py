"""One Docker engine for coroutines: list, watch, measure and act. The SDK works in threads below."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from desktop.core.engine import Container, Image

from .convert import Reading, containers_of, disk_bytes_of, images_of, reading_of
from .errors import EngineGone
from .exec import Begun, begin, begin_unwatched, exit_code
from .feed import Feed
from .lane import Lane

if TYPE_CHECKING:
    from .log_feed import LogFeed, Opening

T = TypeVar("T")

CONNECT_DEADLINE_S = 10.0
READ_DEADLINE_S = 60.0
ACT_DEADLINE_S = 600.0
"""Whole calls, however alive the connection is."""


class EngineVersion(NamedTuple):
    version: str
    api_version: str


class EngineClient:
    """Use as an async context manager: entering connects, leaving ends every call."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._reads = Lane("engine-read", 4)
        self._stats = Lane("engine-stats", 3)
        self._acts = Lane("engine-act", 8)
        self._saves = Lane("engine-save", 1)
        self._sdk: ModuleType
        self._reader: Any
        self._actor: Any
        self.version = EngineVersion("", "")

    async def __aenter__(self) -> Self:
        try:
            self.version = await _deadlined(self._reads, CONNECT_DEADLINE_S, self._connect)
        except BaseException:
            self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    async def containers(self, ids: Collection[str] | None = None) -> list[Container]:
        """All containers, or those of `ids` that exist."""
        filters = None if ids is None else {"id": list(ids)}
        return await self._read(lambda: containers_of(self._reader.containers(all=True, filters=filters)))

    async def images(self) -> list[Image]:
        return await self._read(lambda: images_of(self._reader.images()))

    async def disk_bytes(self) -> int:
        """What `docker system df` adds up: layers, what containers wrote, volumes and build cache."""
        return disk_bytes_of(await self._read(self._reader.df))

    async def reading(self, container: str) -> Reading:
        """What a container has used up to now; returns at once where the engine can (API 1.41)."""
        one_shot = True if self._api >= (1, 41) else None
        ask = partial(self._reader.stats, container, stream=False, one_shot=one_shot)
        answer = await _deadlined(self._stats, READ_DEADLINE_S, self._sdk.blocking, ask)
        return reading_of(answer)

    @asynccontextmanager
    async def events(self) -> AsyncIterator[Feed]:
        """The event stream, begun. List after this and not before, and nothing is missed."""
        feed = Feed(lambda: self._sdk.blocking(self._reader.open_events))
        try:
            await feed.open()
            yield feed
        finally:
            feed.close()

    async def inspect(self, container: str) -> Any:
        """All that the engine tells of a container, as it tells it."""
        return await self._read(lambda: self._reader.inspect_container(container))

    @contextmanager
    def log(self, container: str, since: str) -> Iterator[LogFeed]:
        """A container's log from the moment `since` on; empty: its newest lines."""
        from .log_feed import LogFeed  # not before a log is looked at

        def open_log(since: str, tail: int) -> Opening:
            return self._sdk.blocking(self._open_log, container, since, tail, True)  # type: ignore[no-any-return]

        feed = LogFeed(open_log, since)
        feed.begin()
        try:
            yield feed
        finally:
            feed.close()

    async def save_log(self, container: str, since: str, with_stamps: bool, path: Path) -> None:
        """Writes a container's whole log, as `docker logs` prints it, to a file of the user's."""
        from .log_file import save_log

        def save() -> None:
            opening = self._open_log(container, since, "all", False)
            save_log(opening, with_stamps, path)

        await _deadlined(self._saves, ACT_DEADLINE_S, self._sdk.blocking, save)

    def _open_log(self, container: str, since: str, tail: int | str, follow: bool) -> Opening:
        from .log_feed import Opening
        from .log_lines import seconds_of

        config = (self._reader.inspect_container(container) or {}).get("Config") or {}
        stream = self._reader.open_log(container, seconds_of(since), tail, follow)
        return Opening(stream, bool(config.get("Tty")))

    async def start(self, container: str) -> None:
        await self._act("start", container)

    async def stop(self, container: str) -> None:
        await self._act("stop", container)

    async def restart(self, container: str) -> None:
        await self._act("restart_gently", container)

    async def kill(self, container: str) -> None:
        await self._act("kill", container)

    async def pause(self, container: str) -> None:
        await self._act("pause", container)

    async def unpause(self, container: str) -> None:
        await self._act("unpause", container)

    async def remove(self, container: str, force: bool = False, volumes: bool = False) -> None:
        await self._act("remove_container", container, force=force, v=volumes)

    async def remove_image(self, image: str, force: bool = False) -> None:
        await self._act("remove_image", image, force=force)

    async def begin_exec(
        self, container: str, argv: Sequence[str], env: Sequence[str], size: tuple[int, int]
    ) -> Begun:
        """Runs a program in a container, on a terminal of `size` columns and rows."""
        return await self._read(lambda: begin(self._actor, container, argv, env, size))

    async def begin_unwatched_exec(self, container: str, argv: Sequence[str]) -> None:
        await self._read(lambda: begin_unwatched(self._actor, container, argv))

    async def resize_exec(self, id: str, cols: int, rows: int) -> None:
        await self._read(lambda: self._actor.exec_resize(id, height=rows, width=cols))

    async def exec_exit_code(self, id: str) -> int | None:
        return await self._read(lambda: exit_code(self._reader, id))

    @property
    def _api(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.api_version.split("."))

    def _connect(self) -> EngineVersion:
        # Here and not at the top: it costs 120 ms, which the window's first paint does not wait for.
        self._sdk = importlib.import_module("desktop.engine.sdk")
        self._reader = self._sdk.Sdk(self._socket)
        answer = self._sdk.blocking(self._reader.negotiate)
        api_version = answer["ApiVersion"]
        self._actor = self._sdk.Sdk(self._socket, self._sdk.ACT_DEADLINE_S, api_version)
        return EngineVersion(str(answer.get("Version", "")), api_version)

    async def _read(self, function: Callable[[], T]) -> T:
        return await _deadlined(self._reads, READ_DEADLINE_S, self._sdk.blocking, function)

    async def _act(self, verb: str, *args: Any, **options: Any) -> None:
        act = getattr(self._actor, verb)
        await _deadlined(self._acts, ACT_DEADLINE_S, self._sdk.blocking, act, *args, **options)

    def _close(self) -> None:
        for lane in (self._reads, self._stats, self._acts, self._saves):
            lane.close()
        for sdk in (getattr(self, "_reader", None), getattr(self, "_actor", None)):
            if sdk is not None:
                sdk.close()


async def _deadlined(
    lane: Lane, deadline_s: float, function: Callable[..., T], *args: Any, **options: Any
) -> T:
    try:
        return await lane.run(deadline_s, function, *args, **options)
    except TimeoutError as error:
        raise EngineGone("The engine does not answer", f"{deadline_s:.0f} s passed") from error
    except ConnectionError as error:
        raise EngineGone("The engine cannot be reached", str(error)) from error
