"""The settings: of the machine, of the app, and the images that the machine is made from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSpinBox, QWidget

from desktop.core.settings import AT_LOGIN, AtLogin, MachineSettings, Settings
from desktop.core.text import visible

from .card import Card, button
from .images_card import ImagesCard
from .network_card import NetworkCard
from .page import Page
from .plain import PlainLabel
from .setting_row import SettingRow, choices, choose, number
from .shares_card import SharesCard

MIB_PER_GIB = 1024
HIGHEST_DISK_GIB = 16384
LONGEST_MIN = 10080
MEMORY_STEP_MIB = 256


class SettingsPane(Page):
    """`save_requested` carries one changed setting; the values shown are the ones that were saved."""

    save_requested = Signal(str, object)
    shown = Signal()  # each time that somebody begins to look
    restart_requested = Signal()
    reset_requested = Signal()
    delete_requested = Signal()  # of everything

    def __init__(
        self, languages: Sequence[tuple[str, str]] = (), fonts: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        """The languages by code and name; the families that a console can use."""
        super().__init__("settings_pane", "", parent)
        self.setAccessibleName(self.tr("Settings"))
        self._languages, self._fonts = languages, fonts
        self._rows: dict[str, SettingRow] = {}
        self._shows: dict[str, Callable[[Any], None]] = {}  # a saved value, in its row
        self._filling = False
        self._pending = self._pending_box()
        self.add_wide(self._pending)
        self.images = ImagesCard("images_card", self.tr("Guest image and runtime"), only_when_needed=False)
        self._build_machine()
        self._network = NetworkCard(self.tr("Network"))
        self._network.changed.connect(self.save_requested)
        self.add(self._network, 0)
        self._build_suspend()
        self._shares = SharesCard(self.tr("Shared folders"))
        self._shares.changed.connect(lambda folders: self.save_requested.emit("shares", folders))
        self.add(self._shares, 0)
        self._build_app()
        self._build_console()
        self.add(self.images, 1)
        self._build_reset()

    def show_values(self, app: Settings, machine: MachineSettings, host_cpus: int, host_memory_mib: int) -> None:
        self._filling = True
        self._spin("cpus").setRange(1, max(host_cpus, machine.cpus))
        self._spin("memory_mib").setRange(512, max(host_memory_mib, machine.memory_mib))
        self._shares.show_folders(machine.shares)
        self._network.show_values(machine.network, machine.host_ports)
        for settings in (app, machine):
            for key in self._shows.keys() & set(settings.__struct_fields__):
                self._shows[key](getattr(settings, key))
        self._filling = False
        large = machine.memory_mib > host_memory_mib * 3 // 4
        self.show_problem("memory_mib", self.tr("This leaves little for the host.") if large else "")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def show_at_login(self, what: AtLogin) -> None:
        self._shows[AT_LOGIN](what)

    def show_problem(self, key: str, words: str) -> None:
        """Why a value was not taken, beside it; empty: it was."""
        if key == "shares":
            self._shares.show_problem(words)
        self._network.show_problem(key, words)
        for row_key, row in self._rows.items():
            if row_key == key:
                row.show_problem(words)

    def titles(self) -> list[tuple[str, str]]:
        """Each setting that has a row of its own: its key and its name."""
        return [(key, row.control.accessibleName()) for key, row in self._rows.items()]

    def show_setting(self, key: str) -> None:
        control = self._rows[key].control
        self.ensureWidgetVisible(control)
        control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_pending(self, pending: bool) -> None:
        """Whether the running machine has older settings than the ones that are saved."""
        self._pending.setVisible(pending)

    def _build_machine(self) -> None:
        card = Card("machine_settings", self.tr("Machine"), self.tr("Takes effect when the machine starts."))
        mib, gib = self.tr(" MiB"), self.tr(" GiB")
        self._add_number(card, "cpus", self.tr("CPUs"), "", number(1, 1, 1, ""))
        self._add_number(card, "memory_mib", self.tr("Memory"), "", number(512, 1 << 20, MEMORY_STEP_MIB, mib))
        self._add_number(
            card,
            "disk_mib",
            self.tr("Disk limit"),
            self.tr("The disk file takes only what is used. A higher limit holds at once; a lower one does after “Delete engine data…”, below."),  # noqa: E501
            number(2, HIGHEST_DISK_GIB, 4, gib),
            MIB_PER_GIB,
        )
        hardware = ("hvf", "Hypervisor.framework") if sys.platform == "darwin" else ("kvm", "KVM")
        self._add_choice(
            card,
            "accelerator",
            self.tr("Accelerator"),
            self.tr("Automatic probes the hardware and falls back to emulation, which is slow."),
            choices((("auto", self.tr("Automatic")), hardware, ("tcg", self.tr("Emulation (TCG)")))),
        )
        self._add_choice(
            card,
            "runtime",
            self.tr("Hypervisor"),
            self.tr("The system's QEMU has to be 10.2 or newer."),
            choices((("own", self.tr("QEMU of Moorage")), ("system", self.tr("QEMU of the system")))),
        )
        self._add_choice(
            card,
            "publish_on",
            self.tr("Published ports"),
            self.tr(
                "For ports of containers that name no address themselves. Every address lets your whole network in."
                " Takes effect at once."
            ),
            choices((("127.0.0.1", self.tr("This computer only")), ("0.0.0.0", self.tr("Every address")))),
        )
        self.add(card, 0)

    def _build_suspend(self) -> None:
        note = self.tr("A suspended machine takes no memory and no CPU.")
        if sys.platform != "linux":
            note = self.tr("Machines are suspended on Linux only, for now; elsewhere they run until they are stopped.")
        card = Card("suspend_settings", self.tr("Suspend"), note)
        after = number(0, LONGEST_MIN, 1, self.tr(" min"))
        after.setSpecialValueText(self.tr("Never"))
        self._add_number(
            card,
            "suspend_after_min",
            self.tr("When not used for"),
            self.tr("Docker calls and their output are use, and so is a console in view. The next call resumes it."),
            after,
        )
        self._add_choice(
            card,
            "suspend_when",
            self.tr("Running containers"),
            "",
            choices((("empty", self.tr("Keep it awake")), ("unused", self.tr("Are suspended too")))),
        )
        self.add(card, 0)

    def _build_app(self) -> None:
        card = Card("app_settings", self.tr("App"))
        system = self.tr("As the system")
        themes = (
            ("system", system),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
            ("high-light", self.tr("Light, high contrast")),
            ("high-dark", self.tr("Dark, high contrast")),
        )
        self._add_choice(card, "theme", self.tr("Theme"), "", choices(themes))
        self._add_choice(
            card,
            "language",
            self.tr("Language"),
            self.tr("Changes when Moorage is started again."),
            choices((("", system), *self._languages)),
        )
        self._add_choice(
            card,
            "layout",
            self.tr("Layout"),
            "",
            choices(
                (
                    ("language", self.tr("As the language")),
                    ("left-to-right", self.tr("Left to right")),
                    ("right-to-left", self.tr("Right to left")),
                )
            ),
        )
        self._add_choice(
            card,
            AT_LOGIN,
            self.tr("At login"),
            "",
            choices(
                (
                    ("nothing", self.tr("Does not start")),
                    ("tray", self.tr("Starts in the tray")),
                    ("window", self.tr("Starts with its window")),
                )
            ),
        )
        self._add_choice(
            card,
            "on_close",
            self.tr("Closing the window"),
            "",
            choices((("tray", self.tr("Hides it to the tray")), ("quit", self.tr("Quits Moorage")))),
        )
        self._add_choice(
            card,
            "on_quit",
            self.tr("Quitting while the machine runs"),
            "",
            choices(
                (
                    ("ask", self.tr("Asks each time")),
                    ("suspend", self.tr("Suspends the machine")),
                    ("stop", self.tr("Stops the machine")),
                    ("leave", self.tr("Leaves it running")),
                )
            ),
        )
        self.add(card, 1)

    def _build_console(self) -> None:
        card = Card("console_settings", self.tr("Console"))
        self._add_number(card, "console_font_px", self.tr("Console text size"), "", number(6, 72, 1, self.tr(" px")))
        self._add_choice(
            card,
            "console_font",
            self.tr("Console font"),
            self.tr("Fonts whose letters are all equally wide."),
            choices((("", self.tr("As the system")), *((family, visible(family)) for family in self._fonts))),
        )
        self._add_choice(
            card,
            "console_colours",
            self.tr("Console colours"),
            self.tr("Light or dark as the window is."),
            choices((("moorage", "Moorage"), ("solarized", "Solarized"), ("gruvbox", "Gruvbox"), ("one", "One"))),
        )
        self._add_choice(
            card,
            "console_prefix",
            self.tr("Console keys of screen"),
            self.tr("The key that begins them; then ? shows them all."),
            choices((("C-a", "Ctrl+A"), ("C-b", "Ctrl+B"), ("C-t", "Ctrl+T"), ("none", self.tr("None")))),
        )
        self._add_choice(
            card,
            "console_size",
            self.tr("Console size"),
            self.tr("Where several look at the machine's console."),
            choices((("smallest", self.tr("Smallest viewer")), ("last", self.tr("Viewer that typed last")))),
        )
        self.add(card, 1)

    def _build_reset(self) -> None:
        words = self.tr("Engine data are all containers, images and volumes; everything is the guest image, the runtime and every setting too.")  # noqa: E501
        card = Card("reset_settings", self.tr("Reset"), words)
        row = QHBoxLayout()
        row.addWidget(button("reset_engine", self.tr("Delete engine data…"), self.reset_requested.emit))
        row.addWidget(button("delete_everything", self.tr("Delete everything…"), self.delete_requested.emit))
        row.addStretch(1)
        card.body.addLayout(row)
        self.add(card, 1)

    def _pending_box(self) -> QFrame:
        box = QFrame()
        box.setObjectName("pending_restart")
        box.setProperty("role", "notice")
        words = PlainLabel(
            self.tr("The machine still has its earlier settings."), name="pending_words", wrap=True
        )
        box.setAccessibleName(words.text())
        row = QHBoxLayout(box)
        row.setContentsMargins(14, 8, 10, 8)
        row.addWidget(words, 1)
        row.addWidget(button("pending_restart_button", self.tr("Restart now"), self.restart_requested.emit))
        box.hide()
        return box

    def _add_choice(self, card: Card, key: str, title: str, note: str, box: QComboBox) -> None:
        box.activated.connect(lambda _index: self.save_requested.emit(key, box.currentData()))
        self._shows[key] = lambda value: choose(box, str(value))
        self._add_row(card, key, SettingRow(key, title, note, box))

    def _add_number(self, card: Card, key: str, title: str, note: str, box: QSpinBox, unit: int = 1) -> None:
        """`unit`: how many of what is saved are one of what is shown."""

        def on_changed(value: int) -> None:
            if not self._filling:
                self.save_requested.emit(key, value * unit)

        box.valueChanged.connect(on_changed)
        self._shows[key] = lambda value: box.setValue(value // unit)
        self._add_row(card, key, SettingRow(key, title, note, box))

    def _add_row(self, card: Card, key: str, row: SettingRow) -> None:
        self._rows[key] = row
        card.body.addWidget(row)

    def _spin(self, key: str) -> QSpinBox:
        control = self._rows[key].control
        assert isinstance(control, QSpinBox)
        return control
