"""The pages of volumes and networks: made when they are first opened, fed while they are on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from desktop.core.engine import Link
from desktop.core.machine import State
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.views.lazy_page import LazyPage
from desktop.views.on_screen import is_on_screen

from .asking import Asking
from .job_feed import JobFeed
from .notices import Notices
from .tasks import Tasks

if TYPE_CHECKING:
    from desktop.views.detail.files_tab import FilesTab
    from desktop.views.object_pane import ObjectPane
    from desktop.views.volumes_page import VolumesPage

    from .files_feed import FilesFeed
    from .network_actions import NetworkActions
    from .volume_actions import VolumeActions

VOLUME, NETWORK = "volume", "network"
WHO = "page"


class ObjectFeed:
    """`connect` is given each pane that is made, for what all panes of the engine say."""

    def __init__(
        self, engine: EngineService, machine: MachineService, tasks: Tasks, notices: Notices, asking: Asking,
        jobs: JobFeed, connect: Callable[[Any], None], show_page: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._engine, self._machine, self._tasks = engine, machine, tasks
        self._notices, self._asking, self._jobs = notices, asking, jobs
        self._connect, self._show_page = connect, show_page
        self._volumes: VolumesPage
        self._files: FilesFeed
        self.volumes_page = LazyPage("volumes_page", self._make_volumes)
        self.networks_page = LazyPage("networks_page", self._make_networks)
        self._volume_actions: VolumeActions | None = None
        self._network_actions: NetworkActions | None = None

    def on_volumes(self, act: str, ids: list[str]) -> None:
        if act == "files":
            self._show_files(ids[0])
            return
        if self._volume_actions is None:
            from .volume_actions import VolumeActions

            made = VolumeActions(self._engine, self._tasks, self._notices, self._asking, self._jobs)
            self._volume_actions = made
        self._volume_actions.do(act, ids)

    def on_networks(self, act: str, ids: list[str]) -> None:
        if self._network_actions is None:
            from .network_actions import NetworkActions

            self._network_actions = NetworkActions(self._engine, self._tasks, self._notices, self._asking)
        self._network_actions.do(act, ids)

    def _show_files(self, volume: str) -> None:
        from desktop.services.volume_files import VolumeFiles

        self._show_page("volumes")
        if self._engine.link.link is Link.UP:
            self._volumes.open(volume)
            self._files.serve(VolumeFiles(self._engine, volume))

    def _on_files_made(self, tab: FilesTab) -> None:
        from .files_feed import FilesFeed

        self._files = FilesFeed(tab, self._engine, self._tasks, self._asking, self._jobs)
        self._volumes.left.connect(self._files.leave)

    def _make_volumes(self) -> VolumesPage:
        from desktop.models.volume_columns import volumes_model
        from desktop.views.volume_pane import VolumePane
        from desktop.views.volumes_page import VolumesPage

        objects = self._engine.objects
        pane = VolumePane(volumes_model())
        pane.model.follow(objects.volumes)
        pane.act_requested.connect(self.on_volumes)
        objects.read_changed.connect(lambda _: pane.show_measuring(objects.measuring))
        pane.seen_changed.connect(self._measure)
        self._engine.link_changed.connect(lambda _: self._measure(is_on_screen(pane) and not objects.measured))
        self._serve(pane, VOLUME)
        page = self._volumes = VolumesPage(pane)
        page.files_made.connect(self._on_files_made)
        self._machine.changed.connect(lambda status: None if status.state is State.RUNNING else page.go_back())
        return page

    def _make_networks(self) -> ObjectPane[Any]:
        from desktop.models.network_columns import networks_model
        from desktop.views.network_pane import NetworkPane

        pane = NetworkPane(networks_model())
        pane.model.follow(self._engine.objects.networks)
        pane.act_requested.connect(self.on_networks)
        self._serve(pane, NETWORK)
        return pane

    def _serve(self, pane: ObjectPane[Any], kind: str) -> None:
        objects = self._engine.objects

        def show() -> None:
            pane.show_situation(self._machine.status, self._engine.link)
            pane.show_read(objects.read[kind])

        for signal in (self._machine.changed, self._engine.link_changed, objects.read_changed):
            signal.connect(lambda _: show())
        pane.seen_changed.connect(lambda seen: objects.set_wanted(kind, WHO, seen))
        pane.retry_requested.connect(lambda: objects.mark(kind))
        self._connect(pane)
        show()

    def _measure(self, seen: bool) -> None:
        """Sizes are asked for when the page is opened, or the engine comes up, and not again while it is looked at."""
        if seen and self._engine.link.link is Link.UP:
            self._tasks.spawn("sizes of volumes", self._engine.objects.measure())
