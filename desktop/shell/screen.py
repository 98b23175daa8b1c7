"""Is there a screen to show a window on? Without one Qt would end the process in words of its own."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from desktop.core.errors import MoorageError


def refuse_no_screen(environment: Mapping[str, str], platform: str = sys.platform) -> None:
    if platform == "darwin" or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return
    raise MoorageError(
        "There is no screen to open a window on",
        "Neither DISPLAY nor WAYLAND_DISPLAY is set",
        "Run it in a desktop session or by xvfb-run; `moorage start` and the other commands need none",
    )
