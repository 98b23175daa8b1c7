"""Files and folders inside a container."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    FOLDER = "folder"
    FILE = "file"
    LINK = "link"
    OTHER = "other"  # a device, a socket, a pipe
    GONE = "gone"  # the image has it, and the container has it no more


class Change(StrEnum):
    """Against the image, as `docker diff` tells."""

    NONE = ""
    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    name: str  # anything but a slash may be in it; bytes that are no UTF-8 are lone surrogates
    kind: Kind
    size_bytes: int = 0
    changed_s: float = 0.0  # seconds since 1970
    mode: int = 0


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    entries: tuple[Entry, ...] = ()
    is_whole: bool = True  # or it took too much to read on


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    text: str | None = None  # None: it is no text
    size_bytes: int = 0
    is_whole: bool = True


def joined(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"


def above(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] or "/"
