"""Containers that hold a volume for Moorage, since an engine gives and takes files of containers only."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

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
    runs = wish["Cmd"][0] == TOOL
    mounts = [_volume_mount(volume, writes), *([TOOL_MOUNT] if runs else ())]
    wish = {
        **wish, "NetworkDisabled": True,
        "HostConfig": {"Mounts": mounts, "NetworkMode": "none", "AutoRemove": runs},
    }  # fmt: skip
    return make(sdk, volume, wish)


def _volume_mount(volume: str, writes: bool) -> dict[str, Any]:
    return {
        "Type": "volume", "Source": volume, "Target": FOLDER, "ReadOnly": not writes,
        "VolumeOptions": {"NoCopy": True},
    }  # fmt: skip
