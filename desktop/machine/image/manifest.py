"""The manifest of a build: what it is made of and the checksum of each file; checked before each boot."""

from __future__ import annotations

import asyncio
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import msgspec

from desktop.core.errors import ImageError

from .elf import is_program

NAME = "manifest.json"
FORMAT = 1
UNPACKED_KERNEL = "vmlinux"
_BLOCK = 1 << 20


class Package(msgspec.Struct, frozen=True):
    name: str
    version: str
    suite: str
    sha256: str


class SuiteRecord(msgspec.Struct, frozen=True):
    """A suite as it was at the build. Signatures are always checked."""

    name: str
    date: str
    valid_until: str
    valid_until_checked: bool


class FileRecord(msgspec.Struct, frozen=True):
    size: int
    sha256: str
    executable: bool = False


class Made(msgspec.Struct, frozen=True):
    """What the makers of a build know about it."""

    label: str
    facts: dict[str, str]
    packages: set[str]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    kind: Literal["runtime", "guest"]
    version: str
    architecture: str
    recipe: str
    built_at: str
    facts: dict[str, str]
    """Guest: kernel_release, engine_version, command_line, console. Runtime: qemu_version, qemu_program."""
    suites: list[SuiteRecord]
    packages: list[Package]
    files: dict[str, FileRecord]


def read(folder: Path) -> Manifest:
    """The manifest in `folder`; an error in words when it is missing or makes no sense."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise _damaged(folder, f"its {NAME} cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise ImageError(
            f"{folder} was built by another version of Moorage",
            f"format {manifest.format}, this one reads {FORMAT}",
            "Build it again with `moorage guest build`",
        )
    return manifest


def record_files(folder: Path) -> dict[str, FileRecord]:
    """Size and checksum of every file in `folder`, but of the manifest itself."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / NAME)
    with ThreadPoolExecutor(_threads()) as pool:
        digests = list(pool.map(_sha256, paths))
    return {
        path.relative_to(folder).as_posix(): FileRecord(
            size=path.stat().st_size, sha256=digest, executable=is_program(path)
        )
        for path, digest in zip(paths, digests, strict=True)
    }


def kernel(folder: Path, emulated: bool) -> Path:
    """The kernel to boot in a guest's folder. Unpacked it starts a second sooner where it is emulated; packed
    it lies at another address each time, which is worth more where the hypervisor is a wall."""
    unpacked = folder / UNPACKED_KERNEL
    return unpacked if emulated and unpacked.exists() else folder / "kernel"


async def verify(folder: Path) -> Manifest:
    """Checks every file against the manifest, in threads; names the first that is not as it was built."""
    return await asyncio.to_thread(verify_now, folder)


def verify_now(folder: Path) -> Manifest:
    manifest = read(folder)
    with ThreadPoolExecutor(_threads()) as pool:
        checks = [pool.submit(_fault, folder, name, record) for name, record in manifest.files.items()]
        faults = [check.result() for check in checks]
    for fault in faults:
        if fault:
            raise _damaged(folder, fault)
    return manifest


def _fault(folder: Path, name: str, record: FileRecord) -> str:
    """What is wrong with a file, or nothing."""
    try:
        size = (folder / name).stat().st_size
        if size != record.size:
            return f"{name} has {size} bytes, not {record.size}"
        if _sha256(folder / name) != record.sha256:
            return f"{name} is not as it was built"
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}"
    return ""


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _threads() -> int:
    return min(4, os.cpu_count() or 1)


def _damaged(folder: Path, why: str) -> ImageError:
    kind = "hypervisor" if folder.parent.name == "runtime" else "guest image"
    return ImageError(f"The {kind} in {folder} is damaged", why, "Build it again with `moorage guest build`")
