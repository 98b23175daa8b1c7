"""What the two kinds of tray have in common."""

from __future__ import annotations

from dataclasses import dataclass

ICON_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the icon's menu; those of submenus stand after theirs."""

    label: str
    is_enabled: bool
    is_checked: bool = False
