"""Scenes that are hard to reach on the real machine, by name; played at the start or while it runs."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from desktop.core.errors import MoorageError, UsageError
from desktop.core.machine import State
from desktop.core.paths import Home

from . import built, samples
from .engine import Engine
from .events import Foreign
from .faults import Faults
from .machine import FakeMachine

DISK_FULL = (
    "The machine is paused: the disk of this computer is full (12 MiB free). It goes on by itself when 256 MiB are"
    " free."
)
ROOT = "Moorage runs as root. It does not need to: any user can run it."
HTML = 'Error response: <img src="file:///etc/hostname"> <b>disk quota exceeded</b> \x1b[31m\u202egnp.exe'
LATEST_S = 1.0
"""Of what was late by more, nothing is made up for: a flood that cannot be kept up with is no storm afterwards."""


class Stage:
    """What the scenes are played on. `NAME` or `NAME=NUMBER`; `calm` ends all that lasts."""

    def __init__(self, home: Home, machine: FakeMachine, engine: Engine, faults: Faults) -> None:
        self._home = home
        self._machine = machine
        self._engine = engine
        self._faults = faults
        self._burst: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._scenes: dict[str, Callable[[float | None], Any]] = {
            "calm": lambda n: self._calm(),
            # the machine
            "running": lambda n: self._begin_start(),
            "slow-boot": lambda n: self._set(boot_step_s=(n or 8.0) / 8),
            "start-fails": lambda n: self._set(boot_ends="error"),
            "image-damaged": lambda n: self._set(boot_ends="image"),
            "settings-wrong": lambda n: self._set(boot_ends="settings"),
            "engine-late": lambda n: self._set(boot_ends="deadline", boot_deadline_s=n),
            "stop-late": lambda n: self._set(stop_hangs=True),
            "dies": lambda n: machine.die(),
            "hangs": lambda n: machine.hang(),
            "powers-off": lambda n: machine.guest_powers_off(),
            "tcg": lambda n: self._set(accelerator="tcg", accelerator_reason=Faults().accelerator_reason),
            "kvm": lambda n: self._set(accelerator="kvm", accelerator_reason="KVM works here: a test boot came up"),
            "hvf": lambda n: self._set(accelerator="hvf", accelerator_reason="HVF works here: a test boot came up"),
            "disk-full": lambda n: self._warn("disk", DISK_FULL, disk_used_mib=60_900),
            "no-images": lambda n: built.take_away(home),
            "root": lambda n: self._warn("root", ROOT),
            # the engine
            "engine-hangs": lambda n: self._set(engine_hangs=True),
            "engine-drops": lambda n: self._set(engine_drops=True),
            "engine-slow": lambda n: self._set(engine_slow_s=n or 2.0),
            "engine-error": lambda n: self._set(engine_answers=HTML),
            "engine-old": lambda n: self._set(api_version=f"1.{int(n or 24)}"),
            "refuses": lambda n: self._set(refusal=HTML),
            "no-diff": lambda n: self._set(no_diff="open /data/docker/overlay2: <b>no such file</b>"),
            "malformed": lambda n: self._set(malformed_rows=True),
            # and the registry that it reaches
            "registry": lambda n: self._set(registry="there", registry_step_s=n or 0.02),
            "registry-cut": lambda n: self._set(registry="cut"),
            "registry-login": lambda n: self._set(registry="login"),
            # its events
            "events-cut": lambda n: self._inject(b'{"status":"start","id":"abc","Type":"conta', cut=True),
            "events-end": lambda n: self._inject(cut=True),
            "events-garbage": lambda n: self._inject(b"\x00%$#@!}{ no json\n", b"]]]]\n"),
            "events-utf8": lambda n: self._inject(b'{"Type":"container","Action":"\xff\xfe","id":"\xc3"}\n'),
            "events-null": lambda n: self._inject(*_WRONG_TYPES),
            "events-long": lambda n: self._inject(_long_line(int(n or 300_000))),
            "events-split": lambda n: self._inject(*_split_in_a_letter()),
            "burst": lambda n: self._start_burst(n or 1000.0),
            # what its containers write
            "oom": lambda n: self._starve(),
            "chatter": lambda n: self._start_writing(samples.chatter(n or 2.0)),
            "flood": lambda n: self._start_writing(samples.flood(n or 100.0)),
            # what it holds
            "hostile": lambda n: samples.add_hostile(engine),
            "states": lambda n: samples.add_states(engine),
            "many": lambda n: samples.add_many(engine, int(n or 10_000)),
        }

    def names(self) -> list[str]:
        return list(self._scenes)

    async def play(self, words: str) -> None:
        """Plays `NAME` or `NAME=NUMBER`."""
        name, has_number, number = words.partition("=")
        scene = self._scenes.get(name)
        if scene is None:
            raise UsageError(f"There is no scenario {name!r}", "", f"There are: {', '.join(self.names())}")
        try:
            amount = float(number) if has_number else None
        except ValueError as error:
            raise UsageError(f"The number of {name} is none", number) from error
        done = scene(amount)
        if isinstance(done, Awaitable):
            await done

    async def close(self) -> None:
        for task in (self._burst, self._starting, self._writing):
            if task is not None:
                task.cancel()

    def _begin_start(self) -> None:
        async def start() -> None:
            with contextlib.suppress(MoorageError):  # the status tells it
                await self._machine.start()

        self._starting = asyncio.create_task(start(), name="start")

    def _calm(self) -> None:
        built.put(self._home)
        self._faults.reset()
        for task in (self._burst, self._writing):
            if task is not None:
                task.cancel()
        self._machine.faults_changed()

    def _set(self, **faults: Any) -> None:
        for name, value in faults.items():
            setattr(self._faults, name, value)
        self._machine.faults_changed()

    def _warn(self, topic: str, words: str, **faults: Any) -> None:
        self._faults.warnings[topic] = words
        self._set(**faults)

    def _inject(self, *chunks: bytes, cut: bool = False) -> None:
        self._engine.events.inject(Foreign(chunks, cut))

    def _starve(self) -> None:
        """The one that runs and was made last is out of memory."""
        running = [container for container in self._engine.containers if container.state == "running"]
        if running:
            self._engine.containers.starve(max(running, key=lambda container: container.created_s))

    def _start_writing(self, pieces: Iterator[tuple[float, int, bytes]]) -> None:
        if self._writing is not None:
            self._writing.cancel()
        self._writing = asyncio.create_task(self._write(pieces), name="writing")

    async def _write(self, pieces: Iterator[tuple[float, int, bytes]]) -> None:
        """All containers that run write the same; a piece that came late is made up for by the next ones."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for wait_s, source, text in pieces:
            for container in self._engine.containers:
                if container.state == "running" and self._machine.state is State.RUNNING:
                    container.output.write(text, source)
            due = max(due, loop.time() - LATEST_S) + wait_s
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _start_burst(self, per_second: float) -> None:
        if self._burst is not None:
            self._burst.cancel()
        self._burst = asyncio.create_task(self._bursting(per_second), name="burst")

    async def _bursting(self, per_second: float) -> None:
        """Real changes, one after another over all containers: each that runs ends, each that rests starts."""
        loop = asyncio.get_running_loop()
        begun, done = loop.time(), 0
        for container in itertools.cycle(tuple(self._engine.containers)):
            if self._machine.state is State.RUNNING:
                await self._engine.containers.flip(container)
            done += 1
            await asyncio.sleep(max(0.0, begun + done / per_second - loop.time()))


_WRONG_TYPES = (
    b"null\n",
    b"[]\n",
    b'"start"\n',
    b'{"Type":7,"Action":null,"Actor":"x"}\n',
    b'{"Type":"container","Action":"start","Actor":{"ID":null,"Attributes":[]}}\n',
    b'{"Type":"container","Action":"start","Actor":{"ID":"no such id","Attributes":null},"time":"now"}\n',
)


def _long_line(length: int) -> bytes:
    return b'{"Type":"container","Action":"exec_create: ' + b"x" * length + b'","Actor":{"ID":"0"}}\n'


def _split_in_a_letter() -> tuple[bytes, bytes]:
    """An event in two chunks, the border inside a letter of three bytes."""
    text = '{"Type":"container","Action":"tag","Actor":{"ID":"0","Attributes":{"name":"漢"}}}\n'.encode()
    border = text.index("漢".encode()) + 1
    return text[:border], text[border:]
