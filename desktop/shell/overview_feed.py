"""Feeds the overview with what costs something to know: only while somebody looks."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.core.errors import MoorageError
from desktop.core.host import HostInfo, OtherVm
from desktop.core.machine import LIVE
from desktop.core.signal import Signal
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.views.on_screen import is_on_screen
from desktop.views.overview import Overview

from .tasks import Tasks

SAMPLE_EVERY_S = 2.0
PRODUCTS_EVERY_S = 30.0
DATA_EVERY_S = 30.0


class OverviewFeed:
    def __init__(self, overview: Overview, machine: MachineService, engine: EngineService, tasks: Tasks) -> None:
        self._overview, self._machine, self._engine, self._tasks = overview, machine, engine, tasks
        self._running: list[asyncio.Task[Any]] = []
        self.host_known: Signal[HostInfo] = Signal()
        self._linked = asyncio.Event()  # the engine came up, or went
        engine.link_changed.connect(lambda _: self._linked.set())
        overview.shown_changed.connect(self._on_shown)

    def begin(self) -> None:
        self._tasks.spawn("host facts", self._read_host())
        self._on_shown(is_on_screen(self._overview))

    def _on_shown(self, shown: bool) -> None:
        for task in self._running:
            task.cancel()
        self._running = []
        if shown:
            spawned = (
                self._tasks.spawn("samples", self._sample()),
                self._tasks.spawn("other VMs", self._look_for_products()),
                self._tasks.spawn("engine's data", self._measure_data()),
            )
            self._running = [task for task in spawned if task is not None]

    async def _sample(self) -> None:
        while True:
            if self._machine.status.state in LIVE:
                # A supervisor that cannot be had is told by whoever follows it.
                with contextlib.suppress(MoorageError):
                    await self._machine.sample()
            await asyncio.sleep(SAMPLE_EVERY_S)

    async def _measure_data(self) -> None:
        while True:
            self._linked.clear()
            with contextlib.suppress(MoorageError):
                self._overview.show_data(await self._engine.disk_bytes())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DATA_EVERY_S):
                    await self._linked.wait()

    async def _read_host(self) -> None:
        info = await asyncio.to_thread(_host_info)
        kernel = info.kernel if info.system.startswith("macOS") else f"Linux {info.kernel}"
        self._overview.show_host(kernel, info.system)
        self.host_known.emit(info)

    async def _look_for_products(self) -> None:
        while True:
            found = await asyncio.to_thread(_other_vms)
            self._overview.show_products([(title_of(vm), detail_of(vm)) for vm in found])
            await asyncio.sleep(PRODUCTS_EVERY_S)


def title_of(vm: OtherVm) -> str:
    return f"{vm.product} “{vm.name}”" if vm.name else vm.product


def detail_of(vm: OtherVm) -> str:
    words = QCoreApplication.translate("OverviewFeed", "%1, pid %2: %3")
    return words.replace("%1", vm.hypervisor).replace("%2", str(vm.pid)).replace("%3", vm.command)


def _host_info() -> HostInfo:
    from desktop.host.info import host_info  # psutil takes time to import: not before the first paint

    return host_info()


def _other_vms() -> list[OtherVm]:
    from desktop.host.products import other_vms

    return other_vms()
