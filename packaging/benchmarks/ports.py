"""Rows of the containers' network: what is the default, beside the better one of slirp and passt in the same run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import port_streams
from rig import Rig
from row import Row

from desktop.core.paths import Home
from desktop.core.settings import MachineSettings, Network
from tests.helpers.busybox_image import BUSYBOX
from tests.helpers.images import image_home, lend_images
from tests.helpers.sealed import UNSHARE

ROUNDS = 11  # by turns, since one turn differs from the next by a third
_IN_PLACE = f'{BUSYBOX} ip link set lo up && {BUSYBOX} ip addr add {port_streams.FAR}/32 dev lo && exec "$@"'

Rates = dict[Network, float]


def rows() -> list[Row]:
    return [
        Row("port_in_ratio", "", ">= 0.95", lambda rig: _ratios([_into_port(each) for each in _turns(rig)])),
        Row("port_out_ratio", "", ">= 0.95", lambda rig: _ratios([_way_out(each) for each in _turns(rig)])),
    ]


def _ratios(turns: list[Rates]) -> list[float]:
    """The default's rate over that of the one that is the better in the middle of all turns."""
    better = max(Network, key=lambda network: statistics.median(turn[network] for turn in turns))
    return [turn[MachineSettings().network] / turn[better] for turn in turns]


def _into_port(turn: dict[str, list[float]]) -> Rates:
    return {network: turn[network][0] for network in Network}


def _way_out(turn: dict[str, list[float]]) -> Rates:
    """As much up as down."""
    return {network: statistics.harmonic_mean(turn[network][1:]) for network in Network}


@cache
def _turns(rig: Rig) -> list[dict[str, list[float]]]:
    homes = [Home(rig.folder / network) for network in Network]
    for home in homes:
        lend_images(image_home(), home)
    root = Path(__file__).resolve().parents[2]
    words = [port_streams.__file__, str(ROUNDS), *(str(home.base) for home in homes)]
    process = subprocess.Popen(
        [*UNSHARE, BUSYBOX, "sh", "-c", _IN_PLACE, "sh", sys.executable, *words],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    try:
        printed, _ = process.communicate()
    except BaseException:  # it ends its machines, which a kill would leave
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    turns: list[dict[str, list[float]]] = [json.loads(line) for line in printed.splitlines()]
    _tell(rig.say, turns)
    return turns


def _tell(say: Callable[[str], None], turns: list[dict[str, list[float]]]) -> None:
    for network in Network:
        middle = [statistics.median(values) for values in zip(*(turn[network] for turn in turns), strict=True)]
        rates = ", ".join(f"{name} {rate:.1f}" for name, rate in zip(("port", "up", "down"), middle, strict=True))
        say(f"{network}, MB/s: {rates}")
