"""Guest image and runtime: what is there, and building, exporting and importing them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from .busy_bar import BusyBar
from .card import Card, button, set_button_text
from .file_dialog import to_open, to_save
from .plain import PlainLabel
from .told import told, told_sentence


@dataclass(frozen=True)
class ImagesState:
    """`building` has a step in words; `problem` says why the images cannot be used, empty: they can."""

    checked: bool = False
    problem: str = ""
    versions: str = ""
    building: bool = False
    step: str = ""
    fraction: float | None = None
    asks_mirror: bool = False
    mirror: str = ""
    mirror_fault: str = ""
    faulty_mirror: str = ""  # which one has it


class ImagesCard(Card):
    """`only_when_needed`: seen only while the images are missing, damaged or being built."""

    build_requested = Signal(str)
    cancel_requested = Signal()
    export_requested = Signal(str)
    import_requested = Signal(str)
    needed_changed = Signal()

    def __init__(self, name: str, title: str, only_when_needed: bool, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent=parent)
        self._name, self._only_when_needed = name, only_when_needed
        self._state, self._kept_mirror = ImagesState(), ""
        self.is_needed = False  # the images are missing, damaged or being built
        self._words = PlainLabel(name=f"{name}_words", wrap=True, selectable=True)
        missing = self.tr("It is built on this host from signed Debian packages. That takes some minutes, once.")
        self._next = PlainLabel(missing, name=f"{name}_next", role="caption", wrap=True, selectable=True)
        self._bar = BusyBar(f"{name}_progress", self.tr("Progress of the build"))
        self._mirror_name = PlainLabel(self.tr("Debian mirror"), name=f"{name}_mirror_name", role="name")
        self._mirror = QLineEdit()
        self._mirror.setObjectName(f"{name}_mirror")
        self._mirror.setAccessibleName(self.tr("Debian mirror"))
        self._mirror.textEdited.connect(self._on_mirror_edited)
        self._fault = PlainLabel(name=f"{name}_mirror_fault", role="error", wrap=True, selectable=True)
        self._build = button(f"{name}_build", self.tr("Build"), self._ask_build, "primary")
        self._cancel = button(f"{name}_cancel", self.tr("Cancel"), self.cancel_requested.emit)
        self._import = button(f"{name}_import", self.tr("Import…"), self._ask_import)
        self._export = button(f"{name}_export", self.tr("Export…"), self._ask_export)
        self._place()
        self.show_state(self._state)

    def show_state(self, state: ImagesState) -> None:
        self._state = state
        needed = state.building or bool(state.problem)
        wanted = needed or not self._only_when_needed
        if not wanted or self.parentWidget() is not None:  # without one it would be a window of its own
            self.setVisible(wanted)
        self._words.setText(self._sentence())
        self._next.setVisible(bool(state.problem) and not state.building)
        self._bar.setVisible(state.building)
        self._bar.show_fraction(state.fraction)
        self._show_mirror(state.mirror)
        for part in (self._mirror_name, self._mirror):
            part.setVisible((state.asks_mirror or not self._only_when_needed) and not state.building)
        asked = self.tr("The address of a Debian mirror, https://…")
        self._mirror.setPlaceholderText(asked if state.asks_mirror else self.tr("The one that this host uses"))
        self._build.setProperty("kind", "primary" if state.problem else "")
        self._build.style().polish(self._build)
        set_button_text(self._build, self.tr("Build") if state.problem else self.tr("Rebuild"))
        self._cancel.setVisible(state.building)
        self._build.setVisible(not state.building)
        self._import.setVisible(not state.building)
        self._export.setVisible(not state.building and not state.problem and state.checked)
        self._on_mirror_edited()
        if needed != self.is_needed:
            self.is_needed = needed
            self.needed_changed.emit()

    def _show_mirror(self, kept: str) -> None:
        """What is kept is put in when that is another one, and not over what the user types."""
        before, self._kept_mirror = self._kept_mirror, kept
        if kept != before and self._mirror.text() in ("", before):
            self._mirror.setText(kept)

    def _sentence(self) -> str:
        state = self._state
        if state.building:
            return told(state.step) or self.tr("Beginning")
        if state.problem:
            return told(state.problem)
        return state.versions if state.checked else self.tr("Not looked at yet")

    def _place(self) -> None:
        mirror = QHBoxLayout()
        mirror.setSpacing(12)
        mirror.addWidget(self._mirror_name)
        mirror.addWidget(self._mirror, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for made in (self._build, self._cancel, self._import, self._export):
            buttons.addWidget(made)
        buttons.addStretch(1)
        for part in (self._words, self._bar, self._next):
            self.body.addWidget(part)
        self.body.addLayout(mirror)
        self.body.addWidget(self._fault)
        self.body.addLayout(buttons)

    def _mirror_is_good(self) -> bool:
        text = self._mirror.text().strip()
        if not text:
            return not self._state.asks_mirror
        scheme, _, rest = text.partition("://")
        return scheme in ("http", "https") and bool(rest) and " " not in text

    def _on_mirror_edited(self) -> None:
        good = self._mirror_is_good()
        self._build.setEnabled(good)
        state, text = self._state, self._mirror.text().strip()
        is_faulty = bool(state.mirror_fault) and text == state.faulty_mirror and not state.building
        self._fault.setText(told_sentence(state.mirror_fault) if is_faulty else "")
        self._fault.setVisible(is_faulty)
        good = good and not is_faulty  # it may be tried again all the same
        self._mirror.setProperty("kind", "" if good or not self._mirror.text() else "wrong")
        self._mirror.style().polish(self._mirror)

    def _ask_build(self) -> None:
        self.build_requested.emit(self._mirror.text().strip())

    def _ask_import(self) -> None:
        dialog = to_open(self, f"{self._name}_file_dialog", self.tr("Import guest image and runtime"))
        dialog.fileSelected.connect(self.import_requested)
        dialog.open()

    def _ask_export(self) -> None:
        title = self.tr("Export guest image and runtime")
        dialog = to_save(self, f"{self._name}_file_dialog", title, "moorage-guest.tar.gz")
        dialog.fileSelected.connect(self.export_requested)
        dialog.open()
