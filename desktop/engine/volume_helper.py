"""Containers that hold a volume for Moorage, since an engine gives and takes files of containers only."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from desktop.core.errors import EngineError

from .helper import TOOL, TOOL_MOUNT, Helper, make, remove

FOLDER = "/volume"
LASTS_S = 900
"""A running one ends and goes by itself after that, whatever became of the app."""


@contextlib.contextmanager
def resting(sdk: Any, volume: str, writes: bool) -> Iterator[str]:
    """The id of one that never runs: for whole archives."""
    made = _make(sdk, volume, writes, {"Cmd": ["-"]})
    try:
        yield made.container
    finally:
        remove(sdk, made)


@contextlib.contextmanager
def filling(sdk: Any, volume: str) -> Iterator[str]:
    """The id of one that never runs, and whose volume is there with it alone until all is in that.

    The engine makes both at once, and who finds the container left behind removes both; it is removed here first.
    """
    wish = _wish(volume, True, {"Cmd": ["-"]})
    made = make(sdk, volume, wish, fills=True)
    try:
        yield made.container
        sdk.remove_container(made.container, force=True)
    except BaseException:
        remove(sdk, made)
        with contextlib.suppress(EngineError, OSError):
            sdk.remove_volume(volume)
        raise
    remove(sdk, made)


@contextlib.contextmanager
def running(sdk: Any, volume: str) -> Iterator[str]:
    """The id of one of its own that runs."""
    made = begin(sdk, volume)
    try:
        yield made.container
    finally:
        remove(sdk, made)


def begin(sdk: Any, volume: str) -> Helper:
    """One that runs, with the guest's own busybox at TOOL: for looking at folders."""
    made = _make(sdk, volume, True, {"Cmd": [TOOL, "sleep", str(LASTS_S)]})
    try:
        sdk.start(made.container)
    except BaseException:
        remove(sdk, made)
        raise
    return made


def _make(sdk: Any, volume: str, writes: bool, wish: dict[str, Any]) -> Helper:
    sdk.inspect_volume(volume)  # creating a container would make one that is missing
    return make(sdk, volume, _wish(volume, writes, wish))


def _wish(volume: str, writes: bool, wish: dict[str, Any]) -> dict[str, Any]:
    runs = wish["Cmd"][0] == TOOL
    mounts = [_volume_mount(volume, writes), *([TOOL_MOUNT] if runs else ())]
    return {
        **wish, "NetworkDisabled": True,
        "HostConfig": {"Mounts": mounts, "NetworkMode": "none", "AutoRemove": runs},
    }  # fmt: skip


def _volume_mount(volume: str, writes: bool) -> dict[str, Any]:
    return {
        "Type": "volume", "Source": volume, "Target": FOLDER, "ReadOnly": not writes,
        "VolumeOptions": {"NoCopy": True},
    }  # fmt: skip
