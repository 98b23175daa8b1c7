"""What is told of this host and its processes, held against what the system itself says."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest

from desktop.core.machine import HostUse
from desktop.host import samples
from desktop.host.info import host_info
from desktop.host.processes import start_time
from desktop.host.samples import Sampler


def test_the_host_is_described() -> None:
    info = host_info()
    assert info.kernel == subprocess.check_output(["uname", "-r"], text=True).strip()
    assert info.cpus >= len(os.sched_getaffinity(0))
    assert info.memory_mib > 256
    assert info.system


def busy_s(process: subprocess.Popen[bytes]) -> float:
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


def test_a_busy_process_uses_a_core_and_a_sleeping_one_none(monkeypatch: pytest.MonkeyPatch) -> None:
    sampler = Sampler()
    busy = subprocess.Popen([sys.executable, "-c", "x = bytearray(64 << 20)\nprint(flush=True)\nwhile True: pass"],
                            stdout=subprocess.PIPE)  # fmt: skip
    idle = subprocess.Popen(["sleep", "600"])
    try:
        assert busy.stdout is not None
        with busy.stdout:
            busy.stdout.readline()
        for process in (busy, idle):
            sampler.sample(process.pid)
        used_s, begun_s = busy_s(busy), time.monotonic()
        while busy_s(busy) < used_s + 0.3:  # on a busy machine its turn is late
            time.sleep(0.05)
        working, sleeping = sampler.sample(busy.pid), sampler.sample(idle.pid)
        assert working.cpu_percent is not None
        assert 100 * 0.25 / (time.monotonic() - begun_s) < working.cpu_percent < 120
        assert sleeping.cpu_percent == 0
        assert working.rss_mib is not None
        assert working.rss_mib > 64
        monkeypatch.setattr(samples, "_SHORTEST_S", 600.0)
        at_once = sampler.sample(busy.pid).cpu_percent
        assert at_once == working.cpu_percent  # nothing new can be known so soon
    finally:
        for process in (busy, idle):
            process.kill()
            process.wait()
    assert sampler.sample(busy.pid) == HostUse()


def test_the_first_look_tells_the_use_since_the_start() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        while busy_s(busy) < 0.2:  # on a busy machine its turn is late
            time.sleep(0.05)
        percent = Sampler().sample(busy.pid).cpu_percent
        assert percent is not None
        assert percent > 0
    finally:
        busy.kill()
        busy.wait()


def test_a_process_is_known_by_its_start() -> None:
    process = subprocess.Popen(["sleep", "60"])
    began = start_time(process.pid)
    assert began is not None
    time.sleep(0.05)
    assert start_time(process.pid) == began
    process.kill()
    process.wait()
    assert start_time(process.pid) is None
