"""A Docker engine as the app follows and steers it: what it holds, and how the app stands to it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from desktop.core.engine import Container, EngineLink, Image, Link
from desktop.core.errors import EngineError
from desktop.core.signal import Signal
from desktop.core.store import Store
from desktop.core.together import together
from desktop.engine.client import EngineClient
from desktop.engine.errors import EngineGone
from desktop.engine.shell import ContainerShell

from .engine_mirror import Mirror
from .engine_sampler import Sampler

log = logging.getLogger("desktop.engine")

RETRY_FIRST_S = 0.2
RETRY_LAST_S = 5.0
STEADY_S = 5.0
"""A connection that lasted so long was a good one: the next retry is quick again."""

Call = Callable[[EngineClient], Awaitable[None]]


class EngineService:
    """Containers and images change by what the engine says and by nothing else.

    An act returns when the engine has done it and the rows show it; until then its row has `busy` set.
    """

    def __init__(self) -> None:
        self.containers: Store[Container] = Store(lambda record: record.id)
        self.images: Store[Image] = Store(lambda record: record.id)
        self.link = EngineLink()
        self.link_changed: Signal[EngineLink] = Signal()
        self._busy: dict[str, str] = {}
        self._sampler = Sampler(self.containers)
        self._client: EngineClient | None = None
        self._mirror: Mirror | None = None
        self._retry_now = asyncio.Event()

    async def follow(self, socket: Path) -> None:
        """Follows the engine at `socket` for ever; cancelled, it forgets everything."""
        retry_s = RETRY_FIRST_S
        self._set_link(Link.CONNECTING)
        try:
            while True:
                started = time.monotonic()
                failure = await self._stay_connected(socket)
                log.info("engine at %s: %s", socket, failure)
                self._set_link(Link.LOST, failure.why or failure.what)
                if time.monotonic() - started > STEADY_S:
                    retry_s = RETRY_FIRST_S
                await self._pause(retry_s * random.uniform(0.8, 1.2))
                retry_s = min(retry_s * 2, RETRY_LAST_S)
        finally:
            self.containers.replace(())
            self.images.replace(())
            self._set_link(Link.OFF)

    def retry(self) -> None:
        """Connects again at once where the next attempt is waited for."""
        self._retry_now.set()

    async def disk_bytes(self) -> int | None:
        """What the engine's data takes; None where no engine is connected. It costs the engine something."""
        return None if self._client is None else await self._client.disk_bytes()

    @property
    def client(self) -> EngineClient | None:
        """The engine while the app is connected to it."""
        return self._client

    def set_sampled(self, sampled: bool) -> None:
        """Whether CPU and memory of running containers are measured: only while a pane shows them."""
        self._sampler.set_wanted(sampled)

    async def open_shell(self, container: str, cols: int, rows: int) -> ContainerShell:
        """A shell in a container that runs, on a terminal of that size."""
        if self._client is None:
            raise EngineError(f"No shell can be opened in {self._name_of(container)}", "the engine is not connected")
        return await ContainerShell.open(self._client, container, cols, rows)

    async def is_running(self, container: str) -> bool:
        """What the engine says itself, whatever the rows show yet."""
        client = self._client
        return client is not None and any(record.running for record in await client.containers([container]))

    async def start(self, container: str) -> None:
        await self._act_on(container, "starting", "started", lambda client: client.start(container))

    async def stop(self, container: str) -> None:
        await self._act_on(container, "stopping", "stopped", lambda client: client.stop(container))

    async def restart(self, container: str) -> None:
        await self._act_on(container, "restarting", "restarted", lambda client: client.restart(container))

    async def kill(self, container: str) -> None:
        await self._act_on(container, "killing", "killed", lambda client: client.kill(container))

    async def pause(self, container: str) -> None:
        await self._act_on(container, "pausing", "paused", lambda client: client.pause(container))

    async def unpause(self, container: str) -> None:
        await self._act_on(container, "resuming", "resumed", lambda client: client.unpause(container))

    async def remove(self, container: str, force: bool = False, volumes: bool = False) -> None:
        await self._act_on(
            container, "removing", "removed", lambda client: client.remove(container, force, volumes)
        )

    async def remove_image(self, image: str, force: bool = False) -> None:
        """Removes an image with all its tags; refused while a container uses it, unless forced."""

        async def remove(client: EngineClient) -> None:
            record = self.images.get(image)
            tags = record.tags if record is not None else ()
            # The engine refuses an id that has several tags; the last tag that goes takes the image along.
            for reference in tags if len(tags) > 1 and not force else (image,):
                await client.remove_image(reference, force)

        await self._act_on(image, "removing", "removed", remove)

    async def _stay_connected(self, socket: Path) -> EngineError:
        """Connects and follows; what ended it comes back."""
        failure: EngineError = EngineGone("The engine ended its event stream")
        mirror: Mirror | None = None
        try:
            async with EngineClient(socket) as client, client.events() as feed:
                mirror = Mirror(client, self.containers, self.images, self._busy)
                await mirror.read_all()
                self._client, self._mirror = client, mirror
                self._set_link(Link.UP)
                await together(mirror.follow(feed), self._sampler.run(client))
        except EngineError as error:
            failure = error
        finally:
            self._client = self._mirror = None
            if mirror is not None:
                mirror.close()
        return failure

    async def _act_on(self, id: str, doing: str, done: str, call: Call) -> None:
        client, mirror = self._client, self._mirror
        name = self._name_of(id)
        if client is None or mirror is None:
            raise EngineError(f"{name} could not be {done}", "the engine is not connected")
        self._busy[id] = doing
        mirror.show_busy(id)
        try:
            await call(client)
        except EngineError as error:
            raise EngineError(f"{name} could not be {done}", error.why or error.what) from error
        finally:
            await self._end_act(mirror, id, doing)

    async def _end_act(self, mirror: Mirror, id: str, doing: str) -> None:
        """Reads what was done, then the row stops being busy: never a moment of the old state between."""
        if self._busy.get(id) == doing:  # and not the mark of a later act, a kill during a stop
            del self._busy[id]
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            mirror.show_busy(id)
            return
        try:
            if self.images.get(id) is not None:
                await mirror.read_images()
            else:
                await mirror.refresh([id])
        except EngineError:
            pass  # the connection is lost; the next one lists all
        finally:
            mirror.show_busy(id)

    def _name_of(self, id: str) -> str:
        container, image = self.containers.get(id), self.images.get(id)
        if container is not None:
            return container.name
        if image is not None and image.tags:
            return image.tags[0]
        return id.removeprefix("sha256:")[:12]

    async def _pause(self, delay_s: float) -> None:
        self._retry_now.clear()
        try:
            async with asyncio.timeout(delay_s):
                await self._retry_now.wait()
        except TimeoutError:
            pass

    def _set_link(self, link: Link, reason: str = "") -> None:
        new = EngineLink(link, reason)
        if new != self.link:
            self.link = new
            self.link_changed.emit(new)
