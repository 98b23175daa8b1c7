"""No screen, no window, but words."""

from __future__ import annotations

import pytest

from desktop.core.errors import MoorageError
from desktop.shell.screen import refuse_no_screen


def test_no_screen_is_refused_in_words() -> None:
    with pytest.raises(MoorageError, match="no screen"):
        refuse_no_screen({"DISPLAY": ""}, "linux")


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_any_screen_will_do(name: str) -> None:
    refuse_no_screen({name: "x"}, "linux")


def test_mac_os_always_has_one() -> None:
    refuse_no_screen({}, "darwin")
