"""One Docker engine for coroutines: list, watch, measure and act. The SDK works in threads below."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from desktop.core.engine import Container, Image, ImageUse
from desktop.core.errors import EngineError

from .convert import Event, Reading, containers_of, disk_bytes_of, event_of, image_use_of, images_of, reading_of
from .errors import EngineGone
from .exec import Begun, begin, begin_unwatched, exit_code
from .feed import Feed, opened
from .json_values import mapping
from .lane import Lane

if TYPE_CHECKING:
    from desktop.core.disk_use import Layer, Reclaimable
    from desktop.core.usage import Processes

    from .attach import Attached
    from .log_feed import Allowance, LogFeed, Opening, Place
    from .transfers import Told
    from .usage import Counters

T = TypeVar("T")
P = ParamSpec("P")

CONNECT_DEADLINE_S = 10.0
READ_DEADLINE_S = 60.0
ACT_DEADLINE_S = 600.0
TRANSFER_DEADLINE_S = 24 * 3600.0
"""Whole calls, however alive the connection is."""


class EngineClient:
    """Use as an async context manager: entering connects, leaving ends every call.

    What the user does, types or moves goes by `users`, docker.sock, and so keeps the machine awake as long as it
    lasts; what the app looks at goes by `socket`.
    """

    def __init__(self, socket: Path, users: Path | None = None) -> None:
        self._socket = socket
        self._users_socket = users or socket
        self._reads = Lane("engine-read", 4)
        self._stats = Lane("engine-stats", 3)
        self._acts = Lane("engine-act", 8)
        self._stops = Lane("engine-stop", 8)  # what lasts as a container likes holds up no kill
        self._saves = Lane("engine-save", 3)
        self._sizes = Lane("engine-size", 1)
        self._looks = Lane("engine-files", 3)
        self._sdk: ModuleType
        self._reader: Any
        self._actor: Any
        self._user: Any
        self._meter: Any
        self.api_version = ""
        self._is_closed = False

    async def __aenter__(self) -> Self:
        try:
            self.api_version = await _deadlined(self._reads, CONNECT_DEADLINE_S, self._connect)
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
        wanted = None if ids is None else list(ids)
        return await self._read(lambda: containers_of(self._reader.list_containers(wanted)))

    async def newest_containers(self, count: int) -> tuple[list[Container], bool]:
        """So many at most, and whether these are all. An engine works about as long on each as on any other."""
        answer = await self._read(lambda: self._reader.list_containers(None, count))
        return containers_of(answer), not isinstance(answer, list) or len(answer) != count

    async def images(self) -> list[Image]:
        """What they share is not known of them: `image_use` says it."""
        return await self._read(lambda: images_of(self._reader.list_images()))

    async def image_use(self) -> ImageUse:
        """Walks over the engine's disk; knows nothing where the engine is too old to tell it alone (API 1.42)."""
        if self._reader.api < (1, 42):
            return ImageUse()
        return image_use_of(await self.measure(lambda sdk: sdk.image_use()))

    async def ping(self, deadline_s: float) -> None:
        """Raises EngineGone where the engine does not answer in time."""
        await _deadlined(self._reads, deadline_s, self._sdk.blocking, self._reader.ping)

    async def history(self, image: str) -> list[Layer]:
        from .disk_use import layers_of  # not before a history is looked at

        return layers_of(await self._read(lambda: self._reader.history(image)))

    async def reclaimable(self) -> tuple[Reclaimable, ...]:
        """What each prune would give back."""
        from .disk_use import reclaimable_of

        return reclaimable_of(await self.measure(lambda sdk: sdk.df()))

    async def prune(self, kind: str) -> int:
        """Bytes that the engine says it freed; `kind` is one of core/disk_use.py.

        The engine is silent until it is done. Cancelled, it hangs up: the engine stops after the one it is at.
        """
        from .long_call import LongSdk, carry_out  # not before something is cleaned up

        freed: list[int] = []
        sdk = LongSdk(self._users_socket, self.api_version)
        await carry_out("engine-prune", sdk, lambda sdk: freed.append(sdk.prune(kind)))
        return freed[0]

    async def tag_image(self, image: str, reference: str) -> None:
        await self._act("tag_as", image, reference)

    async def disk_bytes(self) -> int:
        """What `docker system df` adds up: layers, what containers wrote, volumes and build cache."""
        return disk_bytes_of(await self.measure(lambda sdk: sdk.df()))

    async def reading(self, container: str) -> Reading:
        """What a container has used up to now; returns at once where the engine can (API 1.41)."""
        one_shot = True if self._reader.api >= (1, 41) else None
        ask = partial(self._meter.stats, container, stream=False, one_shot=one_shot)
        answer = await _deadlined(self._stats, READ_DEADLINE_S, self._sdk.blocking, ask)
        return reading_of(answer)

    def events(self) -> AbstractAsyncContextManager[Feed[Event]]:
        """The event stream, begun. List after this and not before, and nothing is missed."""
        return opened(Feed(lambda: self._sdk.blocking(self._reader.open_events), event_of))

    def usage(self, container: str) -> AbstractAsyncContextManager[Feed[Counters]]:
        """What a container has used, every second for as long as it is read."""
        from .usage import counters_of  # not before it is looked at

        return opened(Feed(lambda: self._sdk.blocking(self._reader.open_stats, container), counters_of))

    async def processes(self, container: str) -> Processes:
        """What runs in a container. The engine asks `ps` each time."""
        from .usage import processes_of

        return processes_of(await self._read(lambda: self._reader.top(container)))

    async def with_files(self, call: Callable[[Any, Any], T], moves: bool = False) -> T:
        """Calls with the functions over containers' files, and the SDK; what `moves` files never holds up a look."""
        from . import container_files  # not before they are looked at

        lane, sdk = (self._saves, self._user) if moves else (self._looks, self._reader)
        return await _deadlined(lane, TRANSFER_DEADLINE_S, self._sdk.blocking, call, container_files, sdk)

    async def inspect(self, container: str) -> Any:
        """All that the engine tells of a container, as it tells it."""
        return await self._read(lambda: self._reader.inspect_container(container))

    async def ran_out_of_memory(self, container: str) -> bool:
        """Whether the kernel killed it for that, when it ended last."""
        return mapping(mapping(await self.inspect(container)).get("State")).get("OOMKilled") is True

    async def last_lines(self, container: str) -> tuple[str, ...]:
        """What it wrote last, of what may tell why it ended."""
        from .log_feed import open_log
        from .log_tail import READ_LINES, last_lines

        return await self._read(lambda: last_lines(open_log(self._reader, container, "", READ_LINES, False)))

    async def inspect_with_image(self, container: str) -> tuple[Any, Any]:
        """The same, and all that it tells of the container's image; nothing where that is gone."""
        facts = await self.inspect(container)
        try:
            return facts, await self._read(lambda: self._reader.inspect_image(facts["Image"]))
        except (EngineError, KeyError, TypeError):
            return facts, None

    @contextmanager
    def log(self, container: str, place: Place, tail: int | None, allowance: Allowance | None) -> Iterator[LogFeed]:
        """A container's log behind a place; empty: its newest lines. `tail`: so many of what is past."""
        from .log_feed import FIRST_LINES, LogFeed, open_log  # not before a log is looked at

        def open_again(since: str, tail: int) -> Opening:
            return self._sdk.blocking(open_log, self._reader, container, since, tail, True)  # type: ignore[no-any-return]

        feed = LogFeed(open_again, place, FIRST_LINES if tail is None else tail, allowance)
        feed.begin()
        try:
            yield feed
        finally:
            feed.close()

    async def save_logs(
        self, names: Mapping[str, str], since: str, with_stamps: bool, path: Path, told: Told
    ) -> None:
        """Writes whole logs of containers to a file of the user's, with the names that `names` gives their lines."""
        from .log_file import save_logs  # not before one is saved
        from .long_call import LongSdk, carry_out

        sdk = LongSdk(self._users_socket, self.api_version)
        await carry_out("engine-log-save", sdk, lambda sdk: save_logs(sdk, names, since, with_stamps, path, told))

    async def start(self, container: str) -> None:
        await self._act("start", container)

    async def stop(self, container: str) -> None:
        await self._end("stop_gently", container)

    async def restart(self, container: str) -> None:
        await self._end("restart_gently", container)

    async def kill(self, container: str, signal: str = "KILL") -> None:
        await self._act("kill", container, signal=signal)

    async def rename(self, container: str, name: str) -> None:
        await self._act("rename", container, name)

    async def commit(self, container: str, reference: str) -> None:
        """Of a large one it takes minutes, in which the engine is silent. Cancelled, it hangs up."""
        from .long_call import LongSdk, carry_out

        sdk = LongSdk(self._users_socket, self.api_version)
        await carry_out("engine-commit", sdk, lambda sdk: sdk.commit_as(container, reference))

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
        return await self._read(lambda: begin(self._user, container, argv, env, size))

    async def begin_unwatched_exec(self, container: str, argv: Sequence[str]) -> None:
        await self._read(lambda: begin_unwatched(self._actor, container, argv))

    async def begin_attach(self, container: str) -> Attached:
        """Joins a container's own input and output."""
        from .attach import attach  # not before it is wanted

        return await self._read(lambda: attach(self._user, container))

    async def resize(self, container: str, cols: int, rows: int) -> None:
        """The size of a container's own terminal."""
        await self._read(lambda: self._actor.resize(container, height=rows, width=cols))

    async def resize_exec(self, id: str, cols: int, rows: int) -> None:
        await self._read(lambda: self._actor.exec_resize(id, height=rows, width=cols))

    async def exec_exit_code(self, id: str) -> int | None:
        return await self._read(lambda: exit_code(self._reader, id))

    async def call(self, function: Callable[Concatenate[Any, P], T], *args: P.args, **options: P.kwargs) -> T:
        """One of this room's functions over the SDK, which blocks, as an act."""
        return await _deadlined(
            self._acts, ACT_DEADLINE_S, self._sdk.blocking, function, self._actor, *args, **options
        )

    async def measure(self, function: Callable[[Any], T]) -> T:
        """The same for what walks over the engine's disk, one at a time."""
        return await _deadlined(self._sizes, ACT_DEADLINE_S, self._sdk.blocking, function, self._actor)

    async def transfer(self, function: Callable[..., T], *args: Any) -> T:
        """The same for what lasts as long as there is data to move."""
        return await _deadlined(self._saves, TRANSFER_DEADLINE_S, self._sdk.blocking, function, self._user, *args)

    def _connect(self) -> str:
        # Here and not at the top: it costs 120 ms, which the window's first paint does not wait for.
        self._sdk = importlib.import_module("desktop.engine.sdk")
        self._reader = self._sdk.Sdk(self._socket)
        if self._is_closed:  # before there was anything to close
            self._reader.close()
        api_version: str = self._sdk.blocking(self._reader.negotiate)
        self._actor, self._user = (
            self._sdk.Sdk(path, self._sdk.ACT_DEADLINE_S, api_version) for path in (self._socket, self._users_socket)
        )
        # A connection for each of a thousand containers would cost both sides more than the answers do.
        self._meter = self._sdk.Sdk(self._socket, version=api_version, one_pool=True)
        return api_version

    async def _read(self, function: Callable[[], T]) -> T:
        return await _deadlined(self._reads, READ_DEADLINE_S, self._sdk.blocking, function)

    async def _act(self, verb: str, *args: Any, **options: Any) -> None:
        act = getattr(self._user, verb)
        await _deadlined(self._acts, ACT_DEADLINE_S, self._sdk.blocking, act, *args, **options)

    async def _end(self, verb: str, container: str) -> None:
        act = getattr(self._user, verb)
        await _deadlined(self._stops, self._sdk.STOP_DEADLINE_S, self._sdk.blocking, act, container)

    def _close(self) -> None:
        self._is_closed = True
        for lane in (self._reads, self._stats, self._acts, self._stops, self._saves, self._sizes, self._looks):
            lane.close()
        for sdk in (getattr(self, name, None) for name in ("_reader", "_actor", "_user", "_meter")):
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
