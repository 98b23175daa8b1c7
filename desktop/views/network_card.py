"""How containers get out, and which ports of this computer they may reach."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from .card import Card
from .setting_row import SettingRow, choices, choose

_NUMBERS = QRegularExpression("[0-9, ]*")


class NetworkCard(Card):
    """`changed` carries a setting's key and its value."""

    changed = Signal(str, object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__("network_settings", title, parent=parent)
        self._network = choices((("slirp", "slirp"), ("passt", "passt")))
        self._network.setEnabled(sys.platform == "linux")
        self._network.activated.connect(lambda _: self.changed.emit("network", self._network.currentData()))
        words = self.tr("With passt and no port allowed below, even privileged containers reach nothing on this computer's loopback; published ports are then TCP and for this computer only. Takes effect when the machine starts.")  # noqa: E501
        network = SettingRow("network", self.tr("Way out of containers"), words, self._network)
        self._shown = ""
        self._ports = QLineEdit()
        self._ports.setValidator(QRegularExpressionValidator(_NUMBERS, self._ports))
        self._ports.setPlaceholderText(self.tr("None"))
        self._ports.editingFinished.connect(self._on_edited)
        words = self.tr("Of programs that listen at 127.0.0.1 of this computer, such as 5432, 6379. Containers find them at host.docker.internal.")  # noqa: E501
        ports = SettingRow("host_ports", self.tr("Ports that containers may reach"), words, self._ports)
        self._rows = {"network": network, "host_ports": ports}
        for row in self._rows.values():
            self.body.addWidget(row)

    def show_values(self, network: str, ports: Sequence[int]) -> None:
        for key in self._rows:
            self.show_problem(key, "")
        choose(self._network, network)
        self._shown = _words(ports)
        is_typing = self._ports.hasFocus() and self._ports.isModified() and _words(self._typed()) != self._shown
        if not is_typing:
            self._ports.setText(self._shown)

    def show_problem(self, key: str, words: str) -> None:
        for row_key, row in self._rows.items():
            if row_key == key:
                row.show_problem(words)

    def _on_edited(self) -> None:
        text = self._ports.text().strip()
        if text == self._shown:
            self._ports.setModified(False)
        else:
            self.changed.emit("host_ports", self._typed())

    def _typed(self) -> list[int]:
        return [int(part) for part in self._ports.text().replace(",", " ").split()]


def _words(ports: Sequence[int]) -> str:
    return ", ".join(map(str, ports))
