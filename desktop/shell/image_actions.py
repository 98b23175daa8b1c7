"""Wishes about images that ask for more than a yes: pull, build, tag, push, save, load, clean up, history."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.core.engine import Image
from desktop.core.errors import EngineError
from desktop.core.text import file_name
from desktop.services.disk_room import DiskRoom
from desktop.services.engine import EngineService
from desktop.services.transfers import Transfers
from desktop.views.file_dialog import to_open, to_save

from .job_feed import JobFeed
from .tasks import Tasks

if TYPE_CHECKING:
    from desktop.engine.client import EngineClient
    from desktop.views.form import Values
    from desktop.views.history_dialog import HistoryDialog
    from desktop.views.prune_dialog import PruneDialog

PLATFORMS = ("", "linux/amd64", "linux/arm64", "linux/arm/v7", "linux/386", "linux/riscv64")

translate = QCoreApplication.translate


class ImageActions:
    """`remove` is with the other acts that need no more than a yes; see actions.py."""

    def __init__(
        self, window: QWidget, engine: EngineService, transfers: Transfers, room: DiskRoom, jobs: JobFeed, tasks: Tasks
    ) -> None:
        self._window, self._engine, self._transfers, self._room = window, engine, transfers, room
        self._jobs, self._tasks = jobs, tasks

    def on_wish(self, wish: str) -> None:
        wishes: dict[str, Callable[[], None]] = {
            "pull": self._ask_pull, "build": self._ask_build, "load": self._ask_load, "prune": self._ask_prune,
            "login": self._ask_login,
        }  # fmt: skip
        wishes[wish]()

    def on_act(self, act: str, ids: Sequence[str]) -> None:
        images = [record for id in ids if (record := self._engine.images.get(id)) is not None]
        if not images:
            return
        if act == "push":
            self._ask_push([tag for image in images for tag in image.tags])
        elif act == "save":
            self._ask_save(images)
        elif act == "tag":
            self._ask_tag(images[0])
        elif act == "history":
            self._ask_history(images[0])

    def _ask_push(self, references: list[str]) -> None:
        """Who pushes one tag of an image may not want to give away the others."""
        if len(references) == 1:
            self._push(references)
        elif references:
            from desktop.views.choose_dialog import ChooseDialog

            what = translate("ImageActions", "Push which of these tags?")
            dialog = ChooseDialog(self._window, "push", what, references, translate("ImageActions", "Push"))
            dialog.answered.connect(self._push)

    def _push(self, references: list[str]) -> None:
        for reference in references:
            self._jobs.begin("push", reference, self._transfers.push(reference))

    def _ask_pull(self) -> None:
        from desktop.views.form import Field, Form

        form = Form(
            self._window, "pull", translate("ImageActions", "Pull an image"),
            (
                Field("reference", translate("ImageActions", "Image"), "nginx:latest"),
                Field(
                    "platform", translate("ImageActions", "Platform"),
                    translate("ImageActions", "the machine's own"), choices=PLATFORMS, needed=False,
                ),
            ),
            translate("ImageActions", "Pull"),
            translate("ImageActions", "A registry that asks who you are takes your `docker login`."),
        )  # fmt: skip
        form.answered.connect(self._pull)

    def _pull(self, typed: Values | None) -> None:
        if typed:
            reference = typed["reference"]
            self._jobs.begin("pull", reference, self._transfers.pull(reference, typed["platform"]))

    def _ask_login(self) -> None:
        from desktop.views.form import Field, Form

        form = Form(
            self._window, "login", translate("ImageActions", "Log in to a registry"),
            (
                Field("host", translate("ImageActions", "Registry"), value="docker.io"),
                Field("user", translate("ImageActions", "User")),
                Field("password", translate("ImageActions", "Password or token"), is_secret=True),
            ),
            translate("ImageActions", "Log in"),
            translate("ImageActions", "docker's credential helper keeps it, for `docker` too. Moorage stores nothing."),
        )  # fmt: skip
        form.answered.connect(self._log_in)

    def _log_in(self, typed: Values | None) -> None:
        if typed:
            work = self._transfers.log_in(typed["host"], typed["user"], typed["password"])
            self._jobs.begin("login", typed["host"], work)

    def _ask_build(self) -> None:
        from desktop.views.form import Field, Form

        form = Form(
            self._window, "build", translate("ImageActions", "Build an image"),
            (
                Field("folder", translate("ImageActions", "Folder"), folder=True),
                Field("tag", translate("ImageActions", "Tag"), "name:tag"),
                Field("dockerfile", translate("ImageActions", "Dockerfile"), "Dockerfile", needed=False),
            ),
            translate("ImageActions", "Build"),
            translate("ImageActions", "What .dockerignore names stays here. The engine's classic builder is used."),
        )  # fmt: skip
        form.answered.connect(self._build)

    def _build(self, typed: Values | None) -> None:
        if typed:
            folder = Path(os.path.expanduser(typed["folder"]))  # a Path's own raises where there is no such user
            work = self._transfers.build(folder, typed["tag"], typed["dockerfile"])
            self._jobs.begin("build", typed["tag"], work)

    def _ask_tag(self, image: Image) -> None:
        from desktop.views.form import Field, Form

        form = Form(
            self._window, "tag", translate("ImageActions", "Add a tag"),
            (Field("reference", translate("ImageActions", "Tag"), "registry.example/name:tag"),),
            translate("ImageActions", "Add"),
            ", ".join(image.tags) or image.id,
        )  # fmt: skip
        form.answered.connect(lambda typed: self._tag(image.id, typed))

    def _tag(self, image: str, typed: Values | None) -> None:
        if typed:
            self._tasks.spawn("tag", self._engine.tag_image(image, typed["reference"]))

    def _ask_save(self, images: Sequence[Image]) -> None:
        name = images[0].tags[0] if images[0].tags else images[0].id.removeprefix("sha256:")[:12]
        proposed = file_name(name.replace(":", "-"), ".tar")  # what is before a colon is a host to tar
        title = translate("ImageActions", "Save images")
        dialog = to_save(self._window, "save_dialog", title, proposed, str(Path.home()))
        dialog.fileSelected.connect(lambda file: self._save(images, Path(file)))
        dialog.open()

    def _save(self, images: Sequence[Image], path: Path) -> None:
        tags = {image.id: image.tags for image in images}
        size = sum(image.size_bytes for image in images)
        self._jobs.begin("save", path.name, self._transfers.save(tags, path, size))

    def _ask_load(self) -> None:
        dialog = to_open(self._window, "load_dialog", translate("ImageActions", "Load images"), str(Path.home()))
        dialog.fileSelected.connect(
            lambda file: self._jobs.begin("load", Path(file).name, self._transfers.load(Path(file)))
        )
        dialog.open()

    def _ask_prune(self) -> None:
        from desktop.views.prune_dialog import PruneDialog

        dialog = PruneDialog(self._window)
        dialog.answered.connect(self._prune)
        measuring = self._tasks.spawn("what can be freed", self._measure(dialog))
        if measuring is not None:
            dialog.finished.connect(lambda _result: measuring.cancel())

    async def _measure(self, dialog: PruneDialog) -> None:
        try:
            found = await self._room.reclaimable()
        except EngineError:
            dialog.close()
            raise
        dialog.show_found(found)

    def _prune(self, kinds: list[str]) -> None:
        if kinds:
            self._jobs.begin("prune", "", self._room.prune(kinds))

    def _ask_history(self, image: Image) -> None:
        from desktop.views.history_dialog import HistoryDialog

        client = self._engine.client
        if client is None:
            return
        dialog = HistoryDialog(self._window, image.tags[0] if image.tags else image.id[:19])
        reading = self._tasks.spawn("history", _show_history(client, image, dialog))
        if reading is not None:
            dialog.finished.connect(lambda _result: reading.cancel())


async def _show_history(client: EngineClient, image: Image, dialog: HistoryDialog) -> None:
    try:
        layers = await client.history(image.id)
    except EngineError:
        dialog.close()
        raise
    dialog.show_layers(layers)
