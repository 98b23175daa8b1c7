"""Carries the runtime and the guest, as they were built, to a host that cannot build them: one tar file."""

from __future__ import annotations

import contextlib
import hashlib
import io
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from desktop.core.errors import ImageError
from desktop.core.replaced_file import written_aside
from desktop.machine.threads import Stop, finish, stoppable

from . import manifest, versions
from .manifest import FileRecord, Manifest

Progress = Callable[[float], None]

_BLOCK = 1 << 20
_LARGEST_MANIFEST = 8 << 20  # bytes; it is read whole before anything in it can be believed
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_PART = re.compile(r"[A-Za-z0-9_+][A-Za-z0-9._+-]*")


async def export_archive(file: Path, folders: list[Path], progress: Progress) -> None:
    """Writes the builds in `folders`, each checked first, to `file`: all of it, or nothing."""
    records = [await manifest.verify(folder) for folder in folders]
    try:
        await stoppable(partial(_export, file, list(zip(folders, records, strict=True)), progress))
    except OSError as error:
        raise ImageError(f"{file} could not be written", error.strerror or str(error)) from error


async def import_archive(
    file: Path, targets: Mapping[str, Path], architecture: str, progress: Progress
) -> dict[str, Path]:
    """Puts the builds in `file` into `targets`, by their kind (`<home>/runtime`, `<home>/guest`).

    Returns the folders of those that it held. Nothing of a damaged archive is kept.
    """
    async with contextlib.AsyncExitStack() as stack:
        works = {}
        for kind, target in targets.items():
            works[kind] = await stack.enter_async_context(versions.build_folder(target)) / "built"
        try:
            found = await stoppable(partial(_import, file, works, architecture, progress))
        except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
            if isinstance(error, OSError) and error.errno is not None:  # of the system: the archive may be well
                raise ImageError(f"{file} was not imported", error.strerror or str(error)) from error
            raise _refusal(file, str(error)) from error
        return {
            kind: await finish(versions.publish, works[kind], targets[kind], record.version)
            for kind, record in found.items()
        }


def _export(file: Path, builds: list[tuple[Path, Manifest]], progress: Progress, stop: Stop) -> None:
    parts = [(folder, build.kind, name) for folder, build in builds for name in (manifest.NAME, *sorted(build.files))]
    total = sum((folder / name).stat().st_size for folder, _, name in parts)
    done = 0

    def tell(size: int) -> None:
        nonlocal done
        stop.check()
        done += size
        progress(done / total)

    with (
        written_aside(file, keeps_mode=False) as unfinished,
        tarfile.open(fileobj=unfinished, mode="w:gz", compresslevel=1) as archive,
    ):
        for folder, kind, name in parts:
            with _Told(folder / name, tell) as source:
                archive.addfile(_anonymous(archive.gettarinfo(arcname=f"{kind}/{name}", fileobj=source)), source)


class _Told(io.FileIO):
    """A file that tells of each piece that is read of it."""

    def __init__(self, path: Path, tell: Callable[[int], None]) -> None:
        super().__init__(path)
        self._tell = tell

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._tell(len(data))
        return data


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who built it is nobody's affair."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _import(
    file: Path, works: Mapping[str, Path], architecture: str, progress: Progress, stop: Stop
) -> dict[str, Manifest]:
    found: dict[str, Manifest] = {}
    written: dict[str, set[str]] = {}
    size = file.stat().st_size
    with file.open("rb") as raw, _opened(file, raw) as archive:
        for member in archive:
            stop.check()
            progress(raw.tell() / size)
            kind, _, name = member.name.partition("/")
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is None or kind not in ("runtime", "guest"):
                raise _refusal(file, f"it holds {member.name!r}")
            if kind not in works:
                continue  # a runtime, on a host that uses its system's
            if kind not in found:
                found[kind] = _read_manifest(file, kind, name, stream, works[kind], architecture)
                written[kind] = set()
                continue
            record = found[kind].files.get(name)
            if record is None or name in written[kind]:
                raise _refusal(file, f"it holds {member.name!r}, which its manifest does not name once")
            _write(file, stream, works[kind] / name, record, stop)
            written[kind].add(name)
    for kind, build in found.items():
        if missing := set(build.files) - written[kind]:
            raise _refusal(file, f"it lacks {kind}/{min(missing)}")
    if not found:
        raise _refusal(file, "it holds neither a runtime nor a guest")
    return found


def _read_manifest(file: Path, kind: str, name: str, stream: IO[bytes], work: Path, architecture: str) -> Manifest:
    """The manifest, which comes first; refuses names in it that lead elsewhere."""
    if name != manifest.NAME:
        raise _refusal(file, f"{kind}/{manifest.NAME} does not come first")
    data = stream.read(_LARGEST_MANIFEST)
    work.mkdir()
    (work / manifest.NAME).write_bytes(data)
    build = manifest.read(work)
    if build.kind != kind or not _VERSION.fullmatch(build.version):
        raise _refusal(file, f"its manifest is that of the {build.kind} {build.version!r}")
    for path in build.files:
        if path == manifest.NAME or not all(_PART.fullmatch(part) for part in path.split("/")):
            raise _refusal(file, f"its manifest names {path!r}")
    if build.architecture != architecture:
        raise ImageError(f"{file} is for {build.architecture} hosts", f"This one is {architecture}")
    return build


def _write(file: Path, stream: IO[bytes], target: Path, record: FileRecord, stop: Stop) -> None:
    """Writes one file and checks it on the way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    with target.open("xb") as out:
        while block := stream.read(_BLOCK):
            stop.check()
            size += len(block)
            if size > record.size:
                break
            digest.update(block)
            out.write(block)
    if size != record.size or digest.hexdigest() != record.sha256:
        raise _refusal(file, f"{target.name} in it is damaged")


def _opened(file: Path, raw: IO[bytes]) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=raw, mode="r:*")
    except tarfile.ReadError as error:  # what each way to unpack it says, a line each
        raise _refusal(file, "it is no archive") from error


def _refusal(file: Path, why: str) -> ImageError:
    return ImageError(f"{file} was not imported", why, "Export it again with `moorage guest export FILE`")
