"""A Docker engine as the app follows and steers it: what it holds, and how the app stands to it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.engine import Container, EngineLink, Image, Link
from desktop.core.errors import EngineError
from desktop.core.signal import Signal
from desktop.core.store import Store
from desktop.core.together import together
from desktop.engine import helper
from desktop.engine.client import EngineClient
from desktop.engine.errors import EngineGone
from desktop.engine.shell import ContainerShell

from .engine_ends import Ends
from .engine_layers import Layers
from .engine_mirror import Mirror
from .engine_objects import NETWORKS, VOLUMES, EngineObjects
from .engine_sampler import Sampler, Seen
from .engine_watch import EngineWatch

if TYPE_CHECKING:
    from desktop.engine.attachment import Attachment
    from desktop.engine.machine_shell import MachineShell

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

    def __init__(self, watch: EngineWatch | None = None) -> None:
        self.containers: Store[Container] = Store(lambda record: record.id)
        self.images: Store[Image] = Store(lambda record: record.id)
        self.objects = EngineObjects(self.containers)
        self.link = EngineLink()
        self.link_changed: Signal[EngineLink] = Signal()
        self.layers_changed: Signal[int | None] = Signal()
        self.shares: tuple[str, ...] = ()  # host folders that the engine's machine has
        self._busy: dict[str, str] = {}
        self._sampler = Sampler(self.containers)
        self._watch = watch or EngineWatch()
        self._client: EngineClient | None = None
        self._mirror: Mirror | None = None
        self._retry_now = asyncio.Event()
        self._images_seen = asyncio.Event()

    async def follow(self, socket: Path, users: Path | None = None) -> None:
        """Follows the engine at `socket` for ever; cancelled, it forgets everything.

        What the user does goes by `users`, where that is another socket; see EngineClient.
        """
        retry_s = RETRY_FIRST_S
        self._set_link(Link.CONNECTING)
        try:
            while True:
                started = time.monotonic()
                failure = await self._stay_connected(socket, users)
                log.info("engine at %s: %s", socket, failure)
                self._set_link(Link.LOST, failure.why or failure.what)
                if time.monotonic() - started > STEADY_S:
                    retry_s = RETRY_FIRST_S
                await self._pause(retry_s * random.uniform(0.8, 1.2))
                retry_s = min(retry_s * 2, RETRY_LAST_S)
        finally:
            self.containers.replace(())
            self.images.replace(())
            self.objects.forget()
            self._set_link(Link.OFF)

    def retry(self) -> None:
        """Connects again at once where the next attempt is waited for."""
        self._retry_now.set()

    async def disk_bytes(self) -> int | None:
        """What the engine's data takes; None before an engine has told what it has. It costs it something."""
        client = self._client if self.link.link is Link.UP else None
        return None if client is None else await client.disk_bytes()

    @property
    def client(self) -> EngineClient | None:
        """The engine while the app is connected to it."""
        return self._client

    def connected(self, failure: str) -> EngineClient:
        """The same for what needs it; `failure` says what cannot be done without."""
        if self._client is None:
            raise EngineError(failure, "the engine is not connected")
        return self._client

    def set_sampled(self, seen: Seen | None) -> None:
        """Of which running containers CPU and memory are measured, for as long as a pane shows them; None: of none."""
        self._sampler.set_wanted(seen)

    def sample_soon(self) -> None:
        """Others have come into sight."""
        self._sampler.look_again()

    def set_attended(self, attended: bool) -> None:
        """Whether the user is at the window: beside another one it measures less often."""
        self._sampler.set_attended(attended)

    def set_seen(self, seen: bool) -> None:
        """Whether anything of the engine is on the screen: then one that hangs is found out."""
        self._watch.set_seen(seen)

    def set_images_seen(self, seen: bool) -> None:
        """Whether what images take and share is on the screen: only then it is measured."""
        if seen:
            self._images_seen.set()
        else:
            self._images_seen.clear()

    def look(self) -> None:
        """Somebody begins to look at what it holds: what no event told is read too."""
        for kind in (VOLUMES, NETWORKS):
            self.objects.mark(kind)
        self._watch.look()

    @property
    def layers_bytes(self) -> int | None:
        """What all images take, each layer counted once; None while it is not known."""
        return None if self._mirror is None else self._mirror.layers.total_bytes

    async def open_shell(self, container: str, cols: int, rows: int) -> ContainerShell:
        """A shell in a container that runs, on a terminal of that size."""
        client = self.connected(f"No shell can be opened in {self.name_of(container)}")
        return await ContainerShell.open(client, container, cols, rows)

    async def open_machine_shell(self, _id: str, cols: int, rows: int) -> MachineShell:
        """A root shell in the engine's machine; it is the only one there is."""
        from desktop.engine.machine_shell import MachineShell  # not before it is wanted

        return await MachineShell.open(self.connected("No shell can be opened in the machine"), cols, rows)

    async def attach(self, container: str, cols: int, rows: int) -> Attachment:
        """A container's own input and output, its terminal brought to that size where it has one."""
        from desktop.engine.attachment import Attachment  # not before it is wanted

        client = self.connected(f"{self.name_of(container)} cannot be attached to")
        return await Attachment.open(client, container, cols, rows)

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

    async def kill(self, container: str, signal: str = "KILL") -> None:
        if signal == "KILL":
            await self._act_on(container, "killing", "killed", lambda client: client.kill(container))
        else:
            await self._act_on(container, "signalling", "signalled", lambda client: client.kill(container, signal))

    async def rename(self, container: str, name: str) -> None:
        await self._act_on(container, "renaming", "renamed", lambda client: client.rename(container, name))

    async def commit(self, container: str, reference: str) -> None:
        """Makes an image of what the container wrote; it stands still for that moment."""
        await self._act_on(container, "committing", "committed", lambda client: client.commit(container, reference))

    async def run_line(self, container: str) -> str:
        """The `docker run` line that makes another one like it."""
        from .run_line import run_line  # not before one is wished for

        what = f"What {self.name_of(container)} was started with could not be read"
        client = self.connected(what)
        try:
            return run_line(*await client.inspect_with_image(container))
        except EngineError as error:
            raise EngineError(what, error.why or error.what) from error

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

    async def look_at(self, container: str) -> None:
        """Reads one container again, now."""
        if self._mirror is not None:
            await self._mirror.refresh([container])

    async def tag_image(self, image: str, reference: str) -> None:
        await self._act_on(image, "tagging", "tagged", lambda client: client.tag_image(image, reference))

    async def _stay_connected(self, socket: Path, users: Path | None) -> EngineError:
        """Connects and follows; what ended it comes back."""
        failure: EngineError = EngineGone("The engine ended its event stream")
        mirror: Mirror | None = None
        try:
            async with EngineClient(socket, users) as client, client.events() as feed:
                ends, layers = Ends(self.containers), Layers(client, self.images, self._images_seen)
                layers.changed.connect(self.layers_changed.emit)
                mirror = Mirror(
                    client, self.containers, self.images, self._busy, self.objects.mark, self.shares, ends, layers
                )
                self._watch.begin()
                if len(self.containers):
                    await mirror.read_all()
                elif await mirror.read_first():
                    await mirror.read_images()
                else:
                    self._client, self._mirror = client, mirror  # one that is there may be acted on
                    self._set_link(Link.READING)
                    await mirror.read_all()
                self._client, self._mirror = client, mirror
                self.objects.begin(client)
                self._set_link(Link.UP)
                await together(
                    mirror.follow(feed), self._sampler.run(client), self.objects.run(client), ends.run(client),
                    _sweep(client), layers.run(), self._watch.run(client, mirror.read_all),
                )
        except EngineError as error:
            failure = error
        finally:
            self._client = self._mirror = None
            if mirror is not None:
                mirror.close()
            if self.link.link is Link.READING:  # some of its containers would be taken for all
                self.containers.replace(())
        return failure

    async def _act_on(self, id: str, doing: str, done: str, call: Call) -> None:
        failure = f"{self.name_of(id)} could not be {done}"
        client, mirror = self.connected(failure), self._mirror
        assert mirror is not None  # they come and go together
        self._busy[id] = doing
        mirror.show_busy(id)
        try:
            await call(client)
        except EngineError as error:
            why = error.why or error.what
            raise EngineError(failure, why, next_step(why)) from error
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

    def name_of(self, id: str) -> str:
        """What a container or an image is called."""
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


async def _sweep(client: EngineClient) -> None:
    """What another run of the app left behind is in the user's way: it holds a volume."""
    try:
        await client.call(helper.sweep)
    except EngineError:
        pass  # at the next connection


def next_step(why: str) -> str:
    """Where the engine's own words need some of ours: it would have made the folder, were this its host's system."""
    if "bind source path" in why or "mount source path" in why:
        return "The folder is in no shared one: share it in Settings, and restart the machine"
    return ""
