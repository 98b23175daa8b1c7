"""What the user wishes for volumes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import Volume
from desktop.core.text import file_name
from desktop.models import words
from desktop.services.engine import EngineService
from desktop.services.job_report import Report
from desktop.services.object_acts import ObjectActs
from desktop.views.form import Field, Values
from desktop.views.notice_stack import Notice

from .asking import Asking
from .job_feed import JobFeed
from .notices import Notices
from .object_dialogs import ObjectDialogs, name_problem
from .tasks import Tasks
from .together_told import each

_TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst")

translate = QCoreApplication.translate


class VolumeActions:
    def __init__(
        self, engine: EngineService, tasks: Tasks, notices: Notices, asking: Asking, jobs: JobFeed
    ) -> None:
        self._tasks, self._notices, self._asking, self._jobs = tasks, notices, asking, jobs
        self._objects = engine.objects
        self._acts = ObjectActs(engine)
        self._dialogs = ObjectDialogs(asking)
        self._pruning: asyncio.Task[None] | None = None

    def do(self, act: str, ids: Sequence[str]) -> None:
        """`create import prune` without a volume, `export clone remove` with the names of some."""
        if act == "prune" and self._pruning is not None and not self._pruning.done():
            return  # its question is on its way
        task = self._tasks.spawn(f"volume {act}", self._do(act, tuple(ids)))
        if act == "prune":
            self._pruning = task

    async def _do(self, act: str, ids: tuple[str, ...]) -> None:
        without: dict[str, Callable[[], Awaitable[None]]] = {
            "create": self._create,
            "import": self._import,
            "prune": self._prune,
        }
        each: dict[str, Callable[[Volume], Awaitable[None]]] = {"export": self._export, "clone": self._clone}
        records = [record for id in ids if (record := self._objects.volumes.get(id)) is not None]
        if act in without:
            await without[act]()
        elif records:  # what it was about may be gone
            await (self._remove(records) if act == "remove" else each[act](records[0]))

    async def _create(self) -> None:
        title, ok = translate("VolumeActions", "Create a volume"), translate("VolumeActions", "Create")
        name = await self._form("volume_form", title, "", ok)
        if name is not None:
            await self._acts.create_volume(name, "local")

    async def _import(self) -> None:
        path = await self._dialogs.file(translate("VolumeActions", "Import a volume from a tar"))
        if path is None:
            return
        title = translate("VolumeActions", "Import %1 as a new volume").replace("%1", path.name)
        name = await self._form("volume_import", title, _name_of_tar(path), translate("VolumeActions", "Import"))
        if name is None:
            return

        async def work(report: Report) -> None:
            total = await asyncio.to_thread(_size_of, path)
            await self._acts.import_volume(name, path, lambda done: report.bytes(done, total))

        self._jobs.begin("import", name, work)

    async def _export(self, volume: Volume) -> None:
        title = translate("VolumeActions", "Export the volume %1").replace("%1", volume.name)
        path = await self._dialogs.file(title, save_as=file_name(volume.name, ".tar"))
        if path is None:
            return

        async def work(report: Report) -> None:
            await self._acts.export_volume(volume.name, path, lambda done: report.bytes(done, volume.size_bytes or 0))

        self._jobs.begin("export", volume.name, work)

    async def _clone(self, volume: Volume) -> None:
        title = translate("VolumeActions", "Clone the volume %1").replace("%1", volume.name)
        proposed = f"{volume.name}-copy"[:255]
        name = await self._form("volume_clone", title, proposed, translate("VolumeActions", "Clone"))
        if name is None:
            return

        async def work(report: Report) -> None:
            total = volume.size_bytes or 0
            await self._acts.clone_volume(volume.name, name, lambda done: report.bytes(done, total))

        self._jobs.begin("copy", f"{volume.name} → {name}", work)

    async def _remove(self, volumes: Sequence[Volume]) -> None:
        what = translate("VolumeActions", "Remove these volumes? (%1)").replace("%1", str(len(volumes)))
        if await self._asking.may_remove(
            translate("VolumeActions", "Remove this volume?") if len(volumes) == 1 else what,
            [_named(volume) for volume in volumes],
            translate("VolumeActions", "What is in them is lost. This cannot be undone.")
            if len(volumes) > 1
            else translate("VolumeActions", "What is in it is lost. This cannot be undone."),
        ):
            await each(self._notices, self._acts.remove_volume, [volume.name for volume in volumes])

    async def _prune(self) -> None:
        """Removes exactly those that were shown; one that came into use meanwhile is refused by the engine."""
        await self._objects.refresh("volume")
        if any(volume.size_bytes is None for volume in self._objects.volumes):
            await self._objects.measure()
        unused = [volume for volume in self._objects.volumes if not volume.users]
        if not unused:
            self._notices.say(Notice(translate("VolumeActions", "Every volume is used by a container")))
            return
        size = words.size(sum(volume.size_bytes or 0 for volume in unused))
        why = translate("VolumeActions", "%1 are freed. What they hold is lost; this cannot be undone.")
        if await self._asking.may_remove(
            translate("VolumeActions", "Remove the volumes that no container uses? (%1)").replace(
                "%1", str(len(unused))
            ),
            [_named(volume) for volume in unused],
            why.replace("%1", size),
        ):
            await each(self._notices, self._acts.remove_volume, [volume.name for volume in unused])

    async def _form(self, name: str, title: str, value: str, ok: str) -> str | None:
        """The name of a volume that there is not yet."""
        fields = (Field("name", translate("VolumeActions", "Name"), value=value),)
        values = await self._dialogs.form(name, title, fields, ok, self._problem)
        return None if values is None else values["name"]

    def _problem(self, values: Values) -> str:
        if self._objects.volumes.get(values["name"]) is not None:
            return translate("VolumeActions", "There is a volume of that name already.")
        return name_problem(values["name"])


def _named(volume: Volume) -> str:
    return volume.name if volume.size_bytes is None else f"{volume.name}  ({words.size(volume.size_bytes)})"


def _size_of(path: Path) -> int:
    """In bytes; 0 where that is not known. May wait for a disk."""
    try:
        return path.stat().st_size
    except OSError:
        return 0  # opening it says what is wrong


def _name_of_tar(path: Path) -> str:
    ending = next((ending for ending in _TAR_ENDINGS if path.name.endswith(ending)), "")
    name = re.sub(r"[^a-zA-Z0-9_.-]+", "-", path.name.removesuffix(ending))
    return name.lstrip("-._") or "imported"
