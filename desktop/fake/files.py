"""The files of pretended containers: archives of them, what changed, and the programs that list and delete."""

from __future__ import annotations

import base64
import io
import json
import tarfile
import time
from dataclasses import dataclass, field
from typing import Any

from .containers import Container
from .http import Answer, ApiError, Request
from .volumes import Volume, Volumes

TAR = "application/x-tar"
_GO_FOLDER, _GO_LINK = 1 << 31, 1 << 27


@dataclass
class File:
    content: bytes | None = b""  # None: a folder
    link: str = ""
    changed_s: float = field(default_factory=lambda: time.time() - 86400)
    change: int | None = None  # 0 changed, 1 new

    @property
    def raw_mode(self) -> int:
        return 0o120777 if self.link else 0o040755 if self.content is None else 0o100644


def _image_files() -> dict[str, File]:
    folders = ("bin", "etc", "etc/app", "tmp", "usr", "usr/share", "var", "var/log")
    made = {f"/{name}": File(None) for name in folders}
    made["/etc/hostname"] = File(b"cache\n")
    made["/etc/app/settings.conf"] = File(b"# what it listens on\nport = 6379\nlevel = info\n", change=0)
    made["/var/log/app.log"] = File(b"started\n", change=1)
    made["/var"].change = made["/var/log"].change = 0
    made["/bin/app"] = File(b"\x7fELF\0\0\0" * 400)
    made["/etc/localtime"] = File(link="/etc/hostname")
    made["/tmp/two\nlines \x1b[31m<b>"] = File(b"hostile\n", change=1)
    return made


class Files:
    """Made for a container when it is first asked for."""

    def __init__(self, volumes: Volumes) -> None:
        self._volumes = volumes
        self._all: dict[str, dict[str, File]] = {}
        self._deleted: dict[str, set[str]] = {}  # of what came with the image

    def of(self, container: Container) -> dict[str, File]:
        return self._all.setdefault(container.id, _image_files())

    def seen(self, container: Container) -> dict[str, File]:
        """With what is in the volumes that it mounts."""
        found = dict(self.of(container))
        for name, target in container.mounts:
            found[target] = File(None)
            for path, content in self._volumes.get(name).files.items():
                whole = f"{target}/{path}"
                parts = whole.split("/")
                found |= {"/".join(parts[:n]): File(None) for n in range(len(target.split("/")) + 1, len(parts))}
                found[whole] = File(content)
        return found

    def volume_at(self, container: Container, path: str) -> tuple[Volume, str] | None:
        """The volume that a container has at a path or above it, and the path in it."""
        for name, target in container.mounts:
            if path == target or path.startswith(f"{target}/"):
                return self._volumes.get(name), path[len(target) + 1 :]
        return None

    def archive(self, container: Container, request: Request) -> Answer:
        """GET and HEAD: a tar of a path, and in a header what is there."""
        files, path = self.seen(container), _clean(request.query.get("path", ""))
        item = File(None) if path == "/" else files.get(path)
        if item is None:
            raise ApiError(404, f"Could not find the file {path} in container {container.id}")
        mode = 0o755 | (_GO_LINK if item.link else _GO_FOLDER if item.content is None else 0)
        name = path.rpartition("/")[2]
        stat = {"name": name or "/", "size": len(item.content or b""), "mode": mode, "linkTarget": item.link}
        headers = {"X-Docker-Container-Path-Stat": base64.b64encode(json.dumps(stat).encode()).decode()}
        return Answer(200, _tar(files, path, item), {"Content-Type": TAR, **headers})

    def put(self, container: Container, request: Request) -> Answer:
        files, folder = self.of(container), _clean(request.query.get("path", ""))
        if folder != "/" and (folder not in files or files[folder].content is not None):
            raise ApiError(404, f"Could not find the file {folder} in container {container.id}")
        with tarfile.open(fileobj=io.BytesIO(request.body)) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                path = f"{folder.rstrip('/')}/{member.name}"
                held = b"" if member.issym() else None
                link = member.linkname if member.issym() else ""
                files[path] = File(content.read() if content else held, link, member.mtime, change=1)
        return Answer(200)

    def changes(self, container: Container) -> Answer:
        files, deleted = self.of(container), self._deleted.get(container.id, set())
        found = [{"Path": path, "Kind": item.change} for path, item in files.items() if item.change is not None]
        return Answer(200, [*found, *({"Path": path, "Kind": 2} for path in sorted(deleted - set(files)))])

    def run(self, container: Container, argv: list[str]) -> tuple[bytes, int]:
        """The two programs that Moorage asks for: what they print, and their exit code."""
        files = self.seen(container)
        if argv[0] == "rm":
            path = argv[-1]
            if (mounted := self.volume_at(container, path)) is not None:
                mounted[0].remove(mounted[1])
                return b"", 0
            files = self.of(container)
            if path in files and files[path].change != 1:
                self._deleted.setdefault(container.id, set()).add(path)
            for found in [each for each in files if each == path or each.startswith(f"{path}/")]:
                del files[found]
            return b"", 0
        folder = argv[1]
        inside = [path for path in files if path.startswith(folder) and "/" not in path[len(folder) :]]
        lines = (
            f"{files[path].raw_mode:x} {len(files[path].content or b'')} {int(files[path].changed_s)} {path}\n"
            for path in inside
        )
        return "".join(lines).encode(), 0


def _clean(path: str) -> str:
    return "/" + path.removesuffix("/.").strip("/")


def _tar(files: dict[str, File], path: str, item: File) -> bytes:
    """A folder with all that is in it, its own name first."""
    name = path.rpartition("/")[2]
    packed = io.BytesIO()
    inside: list[tuple[str, Any]] = [
        (f"{name}/{found[len(path.rstrip('/')) + 1 :]}".lstrip("/"), each)
        for found, each in files.items()
        if found.startswith(f"{path.rstrip('/')}/")
    ]
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for member, each in [(name or "./", item), *inside]:
            info = tarfile.TarInfo(member)
            info.mtime, info.mode = int(each.changed_s), each.raw_mode & 0o777
            info.type = tarfile.SYMTYPE if each.link else tarfile.DIRTYPE if each.content is None else tarfile.REGTYPE
            info.linkname, info.size = each.link, len(each.content or b"")
            archive.addfile(info, io.BytesIO(each.content or b""))
    return packed.getvalue()
