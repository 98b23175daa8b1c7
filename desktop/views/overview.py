"""The overview: hypervisor, VM, engine, how to use it, and other Docker VMs of this host."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.machine import LIVE, HostUse, MachineStatus, State, boot_times
from desktop.models.words import size

from .busy_bar import BusyBar
from .card import Card, Facts
from .connect_card import ConnectCard
from .failure_card import FailureCard
from .images_card import ImagesCard
from .on_screen import OnScreen, Watched
from .page import Page
from .plain import PlainLabel
from .told import told
from .warning_list import WarningList
from .words import accelerator_word, mib, moment, percent, seconds, state_word


class Overview(Watched, Page):
    """`shown_changed` says whether anybody looks: only then the samples are worth taking."""

    verb_requested = Signal(str)
    shown_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("overview", "", parent)
        self.setAccessibleName(self.tr("Overview"))
        self._status = MachineStatus()
        self._running = self._containers = self._images = -1
        self._data_bytes: int | None = None
        self._host_kernel = self._host_system = ""
        self._other_rows: list[QWidget] = []
        self._on_screen = OnScreen(self)
        self._on_screen.changed.connect(self.shown_changed)
        self.warnings = WarningList()
        self.failure = FailureCard()
        self.failure.verb_requested.connect(self.verb_requested)
        self.connect_card = ConnectCard()
        self.images = ImagesCard("setup_card", self.tr("Moorage needs its Linux first"), only_when_needed=True)
        self.images.needed_changed.connect(self._show_failure)
        for part in (self.warnings, self.images, self.failure, self.connect_card):
            self.add_wide(part)
        self._build_vm()
        self._build_hypervisor()
        self._build_engine()
        self._build_others()
        self.show_status(self._status)

    def show_status(self, status: MachineStatus) -> None:
        if status.host == HostUse() and status.hypervisor.pid == self._status.hypervisor.pid:
            # Only some statuses come with samples; the last ones hold until the next.
            status = msgspec.structs.replace(status, host=self._status.host)
        self._status = status
        self.warnings.show_warnings(status.warnings)
        self._show_failure()
        self.connect_card.show_status(status)
        self._show_vm()
        self._show_hypervisor()
        self._show_engine()

    def show_host(self, kernel: str, system: str) -> None:
        self._host_kernel, self._host_system = kernel, system
        self._show_vm()

    def show_counts(self, running: int, containers: int, images: int) -> None:
        """How many there are, Moorage's own helpers left out: containers that run, and all; negative where it is not
        known."""
        self._running, self._containers, self._images = running, containers, images
        self._show_engine()

    def show_data(self, amount_bytes: int | None) -> None:
        """What the engine's data takes; None where it is not known."""
        self._data_bytes = amount_bytes
        self._show_engine()

    def show_products(self, found: Sequence[tuple[str, str]]) -> None:
        """Docker VMs of other products: what it is, and the details in words."""
        self._others_empty.setVisible(not found)
        for old in self._other_rows:
            old.hide()
            old.deleteLater()
        self._other_rows = []
        for number, (title, detail) in enumerate(found):
            row = QWidget()
            lines = QVBoxLayout(row)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(2)
            for words, role in ((title, "strong"), (detail, "caption")):
                lines.addWidget(
                    PlainLabel(words, name=f"other_{number}_{role}", role=role, wrap=True, selectable=True)
                )
            self._others.body.addWidget(row)
            self._other_rows.append(row)

    def _build_vm(self) -> None:
        card = Card("vm_card", self.tr("Virtual machine"))
        self._vm = Facts(
            "vm",
            (
                ("state", self.tr("State")),
                ("guest_kernel", self.tr("Guest kernel")),
                ("host_kernel", self.tr("Host kernel")),
                ("host_system", self.tr("Host system")),
                ("cpus", self.tr("CPUs")),
                ("memory", self.tr("Memory")),
                ("boot", self.tr("Cold start")),
                ("disk", self.tr("Disk")),
            ),
        )
        self._disk_bar = BusyBar("vm_disk_bar", self.tr("Disk in use"))
        card.body.addWidget(self._vm)
        card.body.addWidget(self._disk_bar)
        self.add(card, 0)

    def _build_hypervisor(self) -> None:
        card = Card("hypervisor_card", self.tr("Hypervisor"))
        self._hypervisor = Facts(
            "hypervisor",
            (
                ("name", self.tr("Program")),
                ("accelerator", self.tr("Accelerator")),
                ("reason", self.tr("Why")),
                ("process", self.tr("Process")),
                ("cpu", self.tr("CPU in use")),
                ("memory", self.tr("Memory in use")),
                ("supervisor", self.tr("Supervisor")),
            ),
        )
        card.body.addWidget(self._hypervisor)
        self.add(card, 1)

    def _build_engine(self) -> None:
        card = Card("engine_card", self.tr("Docker engine"))
        self._engine = Facts(
            "engine",
            (
                ("answers", self.tr("State")),
                ("version", self.tr("Version")),
                ("api", self.tr("API")),
                ("containers", self.tr("Containers")),
                ("images", self.tr("Images")),
                ("data", self.tr("Data")),
            ),
        )
        card.body.addWidget(self._engine)
        self.add(card, 0)

    def _build_others(self) -> None:
        self._others = Card("others_card", self.tr("Other Docker VMs on this host"))
        self._others_empty = PlainLabel(
            self.tr("None is running."), name="others_empty", role="name", wrap=True
        )
        self._others.body.addWidget(self._others_empty)
        self.add(self._others, 1)

    def _show_failure(self) -> None:
        """One for want of images that the card above asks for has no face of its own."""
        self.failure.show_status(self._status)
        if self._status.action == "build" and self.images.is_needed:
            self.failure.hide()

    def _show_vm(self) -> None:
        status, vm = self._status, self._status.vm
        state = state_word(status.state)
        if status.since:
            state = self.tr("%1 since %2").replace("%1", state).replace("%2", moment(status.since))
        self._vm.show_value("state", state)
        self._vm.show_value("guest_kernel", f"Linux {vm.kernel}" if vm.kernel else "–")
        self._vm.show_value("host_kernel", self._host_kernel)
        self._vm.show_value("host_system", self._host_system)
        self._vm.show_value("cpus", str(vm.cpus) if vm.cpus else "")
        self._vm.show_value("memory", mib(vm.memory_mib) if vm.memory_mib else "")
        used = self.tr("%1 used of at most %2")
        used = used.replace("%1", mib(vm.disk_used_mib)).replace("%2", mib(vm.disk_mib))
        self._vm.show_value("disk", used if vm.disk_mib else "")
        self._vm.show_value("boot", self._boot_words())
        self._disk_bar.setVisible(vm.disk_mib > 0)
        self._disk_bar.show_fraction(vm.disk_used_mib / vm.disk_mib if vm.disk_mib else 0.0)

    def _boot_words(self) -> str:
        """How long the last boot took, in all and each of its steps."""
        steps = list(boot_times(self._status.boot_steps))
        if not steps:
            return ""
        each = self.tr(", ").join(
            self.tr("%1 %2").replace("%2", seconds(took_s)).replace("%1", told(step.name)) for step, took_s in steps
        )
        return self.tr("%1: %2").replace("%1", seconds(steps[-1][0].at_s)).replace("%2", each)

    def _show_hypervisor(self) -> None:
        hypervisor, use, show = self._status.hypervisor, self._status.host, self._hypervisor.show_value
        name = {"qemu": "QEMU"}.get(hypervisor.name, hypervisor.name)
        show("name", f"{name} {hypervisor.version}".strip())
        show("accelerator", accelerator_word(hypervisor.accelerator))
        show("reason", told(hypervisor.accelerator_reason))
        is_there = self._status.state in LIVE or self._status.action == "kill"
        live = is_there and hypervisor.pid is not None
        show(
            "process",
            self.tr("pid %1").replace("%1", str(hypervisor.pid)) if live else self.tr("not running"),
        )
        cpu = self.tr("%1 of one core").replace("%1", percent(use.cpu_percent or 0.0))
        show("cpu", cpu if live and use.cpu_percent is not None else "")
        show("memory", mib(use.rss_mib) if live and use.rss_mib is not None else "")
        supervisor = self._status.supervisor
        words = self.tr("pid %1").replace("%1", str(supervisor.pid)) if supervisor.pid else ""
        if words and supervisor.rss_mib is not None:
            words = f"{words}, {mib(supervisor.rss_mib)}"
        show("supervisor", words)

    def _show_engine(self) -> None:
        engine, show = self._status.engine, self._engine.show_value
        up = self._status.state is State.RUNNING and engine.reachable
        waits = self._status.state in (State.STARTING, State.RESUMING, State.RUNNING)
        show(
            "answers",
            self.tr("Answers")
            if up
            else self.tr("Does not answer yet")
            if waits
            else self.tr("Answers while the machine runs"),
        )
        show("version", engine.version)
        show("api", engine.api_version)
        running = engine.containers_running if self._running < 0 else self._running
        containers = "" if running is None else self.tr("%1 running").replace("%1", str(running))
        if containers and self._containers >= 0:
            containers = (
                self.tr("%1, %2 in all").replace("%1", containers).replace("%2", str(self._containers))
            )
        show("containers", containers if up else "")
        show("images", str(self._images) if up and self._images >= 0 else "")
        data = "" if self._data_bytes is None else self.tr("%1 by `docker system df`")
        show("data", data.replace("%1", size(self._data_bytes or 0)) if up else "")
