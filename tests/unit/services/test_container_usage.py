"""What is kept of a container's figures, and for how long."""

from __future__ import annotations

import time

from desktop.core.usage import Usage
from desktop.services.container_usage import KEPT_S, ContainerUsage
from desktop.services.engine import EngineService


def test_ten_minutes_are_kept_and_no_more() -> None:
    usage = ContainerUsage(EngineService(), "a")
    now_s = time.monotonic()
    told: list[int] = []
    usage.measured.connect(lambda kept: told.append(len(kept)))
    for ago_s in range(1000, -1, -1):
        usage._keep(Usage(at_s=now_s - ago_s, cpu_percent=float(ago_s)))
    assert KEPT_S == 600 and told[-1] == 601
    assert [usage.kept[0].cpu_percent, usage.kept[-1].cpu_percent] == [600.0, 0.0]


def test_what_has_become_too_old_meanwhile_is_not_told() -> None:
    usage = ContainerUsage(EngineService(), "a")
    now_s = time.monotonic()
    for ago_s in (KEPT_S + 5.0, KEPT_S - 60.0):
        usage.kept.append(Usage(at_s=now_s - ago_s))
    told: list[int] = []
    usage.measured.connect(lambda kept: told.append(len(kept)))
    usage.tell()
    assert told == [1]
