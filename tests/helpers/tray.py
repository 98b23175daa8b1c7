"""What a test does with a tray icon, whichever kind of tray shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

ICON_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the icon's menu; those of submenus stand after theirs."""

    label: str
    is_enabled: bool
    is_checked: bool = False


class Tray(Protocol):
    """A tray on the desktop. All that it does, it does as a user's click would."""

    def wait_for_icon(self, timeout_s: float = ICON_TIMEOUT_S) -> None:
        """Returns when the icon is there."""

    def click(self) -> None: ...

    def menu(self) -> list[MenuEntry]:
        """What the menu holds now; it is closed again."""

    def choose(self, label: str) -> None:
        """Opens the menu and takes the entry with these words."""

    def tooltip(self) -> str: ...
