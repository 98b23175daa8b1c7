"""Rows of host folders in containers: how much longer files take there than on the guest's disk and the host's."""

from __future__ import annotations

import io
import subprocess
import tarfile
from functools import cache
from itertools import pairwise
from pathlib import Path

from rig import Rig
from row import Row

from tests.helpers.busybox_image import BUSYBOX

FILES = 10_000
BIG_MIB = 1024
ROUNDS = 2
# Each step is one program, so that the files take the time and not programs that begin.
WORK = """
now() { cut -d' ' -f1 /proc/uptime; }
small() {
    mkdir "$1/w"; cd "$1/w"
    a=$(now); tar xomf "$2"; b=$(now); ls -lR . >/dev/null; c=$(now); find . -type f | xargs cat >/dev/null; d=$(now)
    cd /; rm -rf "$1/w"
    echo $a $b $c $d
}
big() {
    a=$(now); dd if=/dev/zero of="$1/big" bs=1M count=MIB conv=fsync 2>/dev/null; b=$(now)
    echo 3 2>/dev/null >/proc/sys/vm/drop_caches; c=$(now); dd if="$1/big" of=/dev/null bs=1M 2>/dev/null; d=$(now)
    rm "$1/big"
    echo $a $b $c $d
}
""".replace("MIB", str(BIG_MIB))

Steps = tuple[float, ...]
"""Seconds: to create, look at and read many small files; or to write and read a big one, and nothing between."""


def rows() -> list[Row]:
    return [
        Row("files_small_ratio", "x", "<= 3", lambda rig: [sum(share) / sum(disk) for share, disk in _small(rig)]),
        Row("files_read_ratio", "x", "<= 1.5", lambda rig: [share[2] / disk[2] for share, disk in _big(rig)]),
        Row("files_write_ratio", "x", "<= 1.5", lambda rig: [share[0] / disk[0] for share, disk in _big(rig)]),
        Row("files_small_native_ratio", "x", "<= 200", _small_to_native),
        Row("files_read_native_ratio", "x", "<= 200", lambda rig: _big_to_native(rig, 2)),
        Row("files_write_native_ratio", "x", "<= 10", lambda rig: _big_to_native(rig, 0)),
    ]


def _small_to_native(rig: Rig) -> list[float]:
    return [sum(share) / sum(_small_on_host(rig)) for share, _ in _small(rig)]


def _big_to_native(rig: Rig, step: int) -> list[float]:
    return [share[step] / _big_on_host(rig)[step] for share, _ in _big(rig)]


@cache
def _small_on_host(rig: Rig) -> Steps:
    (_shared(rig) / "small.tar").write_bytes(_archive())
    return _on_host(rig, f"small {rig.folder}/native {_shared(rig)}/small.tar")


@cache
def _big_on_host(rig: Rig) -> Steps:
    return _on_host(rig, f"big {rig.folder}/native")


@cache
def _small(rig: Rig) -> list[tuple[Steps, Steps]]:
    """In a host folder, and on the guest's disk."""
    native = _small_on_host(rig)
    rounds = _in_container(rig, "cp /share/small.tar /dev/shm", "small {} /dev/shm/small.tar")
    for share, disk in rounds:
        for name, steps in ("shared folder", share), ("guest's disk", disk), ("host", native):
            rig.say(f"{FILES} small files, {name}: {_words(('created', 'looked at', 'read'), steps)}")
    return rounds


@cache
def _big(rig: Rig) -> list[tuple[Steps, Steps]]:
    native = _big_on_host(rig)
    rounds = _in_container(rig, "true", "big {}")
    for share, disk in rounds:
        for name, steps in ("shared folder", share), ("guest's disk", disk), ("host", native):
            rig.say(f"{BIG_MIB} MiB, {name}: {_words(('written', '', 'read'), steps)}")
    return rounds


def _shared(rig: Rig) -> Path:
    """In the home folder of the rig's user, which is shared as by default."""
    folder = rig.folder / "user/files"
    folder.mkdir(exist_ok=True)
    return folder


def _on_host(rig: Rig, command: str) -> Steps:
    (rig.folder / "native").mkdir(exist_ok=True)
    words = [BUSYBOX, "sh", "-c", WORK + command]
    return _steps(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)[0]


def _in_container(rig: Rig, before: str, command: str) -> list[tuple[Steps, Steps]]:
    """The two places in turn. The guest's caches can be dropped only by one that is privileged."""
    turns = [command.format(place) for _ in range(ROUNDS) for place in ("/share", "/disk")]
    volumes = ("-v", f"{_shared(rig)}:/share", "-v", "files:/disk", "--shm-size", "200m")
    said = rig.docker.run(
        "run", "--rm", "--privileged", *volumes, "busybox", "sh", "-c", WORK + "\n".join([before, *turns]),
        socket=rig.running.files.docker_socket, timeout_s=1800,
    ).stdout  # fmt: skip
    found = _steps(said)
    return list(zip(found[::2], found[1::2], strict=True))


def _steps(said: bytes) -> list[Steps]:
    """What passed between the moments in each line."""
    lines = [[float(word) for word in line.split()] for line in said.decode().splitlines()]
    return [tuple(after - before for before, after in pairwise(line)) for line in lines]


def _words(names: tuple[str, ...], steps: Steps) -> str:
    return ", ".join(f"{name} {step:.2f} s" for name, step in zip(names, steps, strict=True) if name)


def _archive() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number in range(FILES):
            entry = tarfile.TarInfo(f"d{number % 100}/f{number}")
            content = f"the content of the file {number}\n".encode() * 20
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
