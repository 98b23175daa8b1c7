"""A container's files: listed, read, saved, sent and deleted. The calls block, and end early once `stopped` is set.

A running container is listed by its own `find` and `stat`. Without these, or where it rests, there is only the
engine's archive of a folder, which holds all that is below it too: it is read up to a limit.
"""

from __future__ import annotations

import base64
import os
import re
import stat
import struct
import tarfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, Self

from desktop.core.container_files import Change, Entry, Kind, Listing, Preview, joined
from desktop.core.errors import EngineError

from .convert import decode_json
from .json_values import id_in
from .json_values import mapping as _mapping
from .json_values import sequence as _sequence
from .json_values import text as _text
from .json_values import whole as _whole
from .saved_file import saved_file, saved_tar

OUTPUT_LIMIT, LOOK_LIMIT_S = 32 << 20, 60.0
ARCHIVE_LIMIT, ARCHIVE_LIMIT_S = 256 << 20, 12.0
PREVIEW_LIMIT = 512 << 10
CHUNK = 256 << 10
HEADER_LIMIT = 1 << 20
MOST_LINKS = 16
Progress = Callable[[int], None]  # bytes so far
_KINDS = {stat.S_IFDIR: Kind.FOLDER, stat.S_IFREG: Kind.FILE, stat.S_IFLNK: Kind.LINK}


class Stopped(Exception):
    """Nobody wants it any more."""


def list_running(
    sdk: Any, container: str, path: str, stopped: threading.Event, tool: Sequence[str] = ()
) -> Listing | None:
    """None where the container has not what it takes. `tool` comes before each program, such as a busybox."""
    folder = joined(path, "")
    look = [*tool, "stat", "-c", "%f %s %Y %n", "{}", "+"]
    argv = [*tool, "find", folder, "-mindepth", "1", "-maxdepth", "1", "-exec", *look]
    try:
        output, _, code = run(sdk, container, argv, stopped)
    except EngineError:
        return None
    entries = entries_of(output, folder)
    return Listing(path=path, entries=entries) if entries or code == 0 else None


def entries_of(output: bytes, folder: str) -> tuple[Entry, ...]:
    """What `stat` printed. No name has a slash in it, so that only a true beginning of a line looks like one.

    The program is the container's own: what is no number of a file system's is none.
    """
    start = re.compile(rb"(?:^|\n)([0-9a-f]{1,8}) (\d{1,18}) (-?\d{1,18}) " + re.escape(os.fsencode(folder)))
    _, *parts = start.split(output)
    found = []
    for mode, size, changed, name in zip(*(iter(parts),) * 4, strict=True):
        bits = int(mode, 16)
        shown = (name[:-1] if name.endswith(b"\n") and name is parts[-1] else name).decode("utf-8", "surrogateescape")
        found.append(
            Entry(
                name=shown, kind=_KINDS.get(stat.S_IFMT(bits), Kind.OTHER), size_bytes=int(size),
                changed_s=float(changed), mode=stat.S_IMODE(bits),
            )
        )  # fmt: skip
    return tuple(found)


def list_archived(sdk: Any, container: str, path: str, stopped: threading.Event) -> Listing:
    """What stands directly in a folder, from the archive of all that is in it."""
    entries: dict[str, Entry] = {}
    root: list[str] | None = None  # the folder's own name, in front of those of all that is in it; of "." nothing
    began = time.monotonic()
    with _archive(sdk, container, joined(path, ".")) as archive:
        for member in archive:
            if stopped.is_set():
                raise Stopped
            parts = [part for part in member.name.split("/") if part not in ("", ".")]
            if root is None:
                root = parts if parts == [path.rpartition("/")[2]] else []
            inside = parts[len(root) :] if parts[: len(root)] == root else parts
            if len(inside) == 1 and inside[0] != "..":
                entries[inside[0]] = _entry(inside[0], member)
            if archive.offset > ARCHIVE_LIMIT or time.monotonic() - began > ARCHIVE_LIMIT_S:
                return Listing(path=path, entries=tuple(entries.values()), is_whole=False)
    return Listing(path=path, entries=tuple(entries.values()))


def resolve(sdk: Any, container: str, path: str) -> tuple[str, Kind]:
    """Where a path leads in the end, and what is there."""
    for _ in range(MOST_LINKS):
        found = _state(sdk, container, path)
        target = _text(found.get("linkTarget"))
        if not target:
            mode = _whole(found.get("mode"))
            is_file = not mode & _GO_SPECIAL
            return path, Kind.FOLDER if mode & _GO_FOLDER else Kind.FILE if is_file else Kind.OTHER
        path = target  # whole, as the engine tells it
    raise EngineError("The file cannot be opened", "its links lead round in a circle")


def those_there(sdk: Any, container: str, paths: Sequence[str], stopped: threading.Event) -> list[bool]:
    """Of each whether something is there."""
    found = []
    for path in paths:
        if stopped.is_set():
            raise Stopped
        response = _head(sdk, container, path)
        if response.status_code != 404:
            sdk._raise_for_status(response)
        found.append(response.status_code != 404)
    return found


def preview(sdk: Any, container: str, path: str) -> Preview:
    """The beginning of a file, if it is text."""
    with _archive(sdk, container, path) as archive:
        member, content = _only_file(archive)
        data = content.read(PREVIEW_LIMIT)
    text = None if b"\0" in data else data.decode("utf-8", "replace")
    return Preview(path=path, text=text, size_bytes=member.size, is_whole=member.size <= len(data))


def save(
    sdk: Any, container: str, path: str, is_folder: bool, target: Path, stopped: threading.Event, report: Progress
) -> None:
    """A file as it is, a folder as the tar archive that the engine sends: nothing of it is unpacked here."""
    if is_folder:
        with closing(_open_archive(sdk, container, path)) as response, saved_tar(target) as write:
            _copy(response.raw, write, stopped, report)
        return
    with _archive(sdk, container, path) as archive:
        _, content = _only_file(archive)
        with saved_file(target) as file:
            _copy(content, lambda chunk: file.write(chunk) and file.tell(), stopped, report)


def send(
    sdk: Any, container: str, folder: str, sources: Sequence[Path], stopped: threading.Event, report: Progress
) -> None:
    """Files and folders of this computer into a folder of the container's. Links are sent as links."""
    response = sdk._put(
        sdk._url("/containers/{0}/archive", container),
        params={"path": os.fsencode(folder)},
        data=_packed(sources, stopped, report),
    )
    sdk._raise_for_status(response)


def delete(sdk: Any, container: str, path: str, tool: Sequence[str] = ()) -> None:
    """By the container's own `rm`, or the tool's. Where there is none, the engine says so in its place."""
    printed, said, code = run(sdk, container, [*tool, "rm", "-rf", "--", path])
    if code != 0:
        why = (said or printed).decode("utf-8", "replace").strip()[:4096]
        raise EngineError("It could not be deleted", why or f"`rm` ended with code {code}")


def changes(sdk: Any, container: str) -> dict[str, Change]:
    found = (_mapping(each) for each in _sequence(sdk.diff(container)))
    kinds = {0: Change.MODIFIED, 1: Change.ADDED, 2: Change.DELETED}
    return {_text(each.get("Path")): kinds[kind] for each in found if (kind := each.get("Kind")) in kinds}


def run(
    sdk: Any, container: str, argv: Sequence[str], stopped: threading.Event | None = None
) -> tuple[bytes, bytes, int]:
    """Runs a program in a container as its root: what it printed, what it complained of, and its exit code.

    It is the container's own, and may never end: with `stopped` it is for a look, which does.
    """
    if any("\ud800" <= char <= "\udfff" for char in "".join(argv)):  # the engine would put others in their place
        raise EngineError("The container's programs cannot be given this name", "it has bytes that are no text")
    id = id_in(sdk.exec_create(container, list(argv), user="0"))
    # Not the SDK's `exec_start`, which leaves its connection open.
    response = sdk._post_json(sdk._url("/exec/{0}/start", id), data={"Tty": False, "Detach": False}, stream=True)
    sdk._raise_for_status(response)
    said, began = {1: bytearray(), 2: bytearray()}, time.monotonic()
    with closing(response):
        while len(head := response.raw.read(8)) == 8:
            if stopped is not None and stopped.is_set():
                raise Stopped
            source, length = struct.unpack(">BxxxL", head)
            is_late = stopped is not None and time.monotonic() - began > LOOK_LIMIT_S
            if is_late or sum(map(len, said.values())) + length > OUTPUT_LIMIT:
                raise EngineError("The folder has too many files to list")
            said.setdefault(source, bytearray()).extend(response.raw.read(length))
    code = _mapping(sdk.exec_inspect(id)).get("ExitCode")
    return bytes(said[1]), bytes(said[2]), code if isinstance(code, int) else -1


_GO_FOLDER = 1 << 31
_GO_SPECIAL = 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21  # as Go's os.FileMode has devices, pipes and sockets


def _head(sdk: Any, container: str, path: str) -> Any:
    return sdk.head(
        sdk._url("/containers/{0}/archive", container), params={"path": os.fsencode(path)}, timeout=sdk.timeout
    )


def _state(sdk: Any, container: str, path: str) -> dict[str, Any]:
    response = _head(sdk, container, path)
    if response.status_code == 404:
        raise EngineError("The engine refused", f"there is no {path} in the container")
    sdk._raise_for_status(response)
    try:
        return _mapping(decode_json(base64.b64decode(response.headers.get("X-Docker-Container-Path-Stat", ""))))
    except ValueError as error:
        raise EngineError("The engine's answer makes no sense", "it does not tell what the file is") from error


def _open_archive(sdk: Any, container: str, path: str) -> Any:
    url, params = sdk._url("/containers/{0}/archive", container), {"path": os.fsencode(path)}
    response = sdk._get(url, params=params, stream=True)
    sdk._raise_for_status(response)
    return response


class _Header(tarfile.TarInfo):
    """An archive that breaks off is wrong, where TarFile takes it for ended; one for the header of a header, which
    TarFile reads whole, is of no size that a name or a time could have; a number that is none is no error of ours."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(archive)
        except ValueError as error:
            raise tarfile.ReadError(str(error)) from error

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            made = super().frombuf(buf, encoding, errors)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from error
        if made.type in _OF_HEADERS and made.size > HEADER_LIMIT:
            raise tarfile.ReadError("a header is too long")
        return made


_OF_HEADERS = (
    tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
)  # fmt: skip


@contextmanager
def _archive(sdk: Any, container: str, path: str) -> Iterator[tarfile.TarFile]:
    with closing(_open_archive(sdk, container, path)) as response:
        try:
            with tarfile.open(
                fileobj=response.raw, mode="r|", encoding="utf-8", errors="surrogateescape", tarinfo=_Header
            ) as archive:
                yield archive
        except tarfile.TarError as error:
            raise EngineError("The engine's answer makes no sense", f"no `tar` archive: {error}") from error


def _only_file(archive: tarfile.TarFile) -> tuple[tarfile.TarInfo, IO[bytes]]:
    member = archive.next()
    content = archive.extractfile(member) if member is not None and member.isreg() else None
    if member is None or content is None:
        raise EngineError("The file cannot be opened", "it is no plain file")
    return member, content


def _entry(name: str, member: tarfile.TarInfo) -> Entry:
    kind = Kind.OTHER
    if member.isdir():
        kind = Kind.FOLDER
    elif member.isreg() or member.islnk():
        kind = Kind.FILE
    elif member.issym():
        kind = Kind.LINK
    return Entry(name=name, kind=kind, size_bytes=max(0, member.size), changed_s=float(member.mtime), mode=member.mode)


def _copy(content: Any, write: Callable[[bytes], int], stopped: threading.Event, report: Progress) -> None:
    """`write` gives back how much there is by then."""
    for chunk in iter(lambda: content.read(CHUNK), b""):
        if stopped.is_set():
            raise Stopped
        report(write(chunk))


def _packed(sources: Sequence[Path], stopped: threading.Event, report: Progress) -> Iterator[bytes]:
    """A tar archive, piece by piece."""
    sent = 0
    for path, name in _walk(sources):
        for chunk in _member(path, name):
            if stopped.is_set():
                raise Stopped
            sent += len(chunk)
            yield chunk
            report(sent)
    yield b"\0" * (2 * tarfile.BLOCKSIZE)


def _walk(sources: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    for source in sources:
        yield source, source.name
        if source.is_dir() and not source.is_symlink():
            for folder, folders, files in os.walk(source, onerror=_refuse):
                for name in (*folders, *files):
                    path = Path(folder, name)
                    yield path, str(path.relative_to(source.parent))


def _refuse(error: OSError) -> None:
    raise EngineError(f"{error.filename} cannot be read", error.strerror or str(error)) from error


def _member(path: Path, name: str) -> Iterator[bytes]:
    try:
        found = path.lstat()
        info = tarfile.TarInfo(name)
        info.mtime, info.mode = int(found.st_mtime), stat.S_IMODE(found.st_mode) & 0o777
        if stat.S_ISDIR(found.st_mode):
            info.type = tarfile.DIRTYPE
        elif stat.S_ISLNK(found.st_mode):
            info.type, info.linkname = tarfile.SYMTYPE, os.readlink(path)
        elif not stat.S_ISREG(found.st_mode):
            return  # a socket or a pipe: nothing to send
        else:
            info.size = found.st_size
        yield info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        if info.isreg():
            yield from _content(path, info.size)
    except OSError as error:
        _refuse(error)


def _content(path: Path, size: int) -> Iterator[bytes]:
    """As many bytes as were announced, in whole blocks."""
    left = size
    with open(path, "rb") as file:
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    if left:
        raise EngineError(f"{path} cannot be read", "it became shorter meanwhile")
    yield b"\0" * (-size % tarfile.BLOCKSIZE)
