"""The tray app: the one place that builds the window's objects and connects them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import PySide6
import qasync
from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication

from desktop.core.engine import whole_project
from desktop.core.errors import MoorageError
from desktop.core.paths import Home, private_folder, short_folder
from desktop.core.settings import OnClose
from desktop.services.contexts import ContextService
from desktop.services.engine import EngineService
from desktop.services.jobs import Jobs
from desktop.services.machine import MachineService
from desktop.services.other_consoles import OtherConsoles
from desktop.services.preferences import Preferences
from desktop.shell.actions import EngineActions, MachineActions
from desktop.shell.asking import Asking
from desktop.shell.bell import Bell
from desktop.shell.console_link import ConsoleLink
from desktop.shell.context_offer import ContextOffer
from desktop.shell.crash import CrashLog
from desktop.shell.desktop_notices import DesktopNotices
from desktop.shell.engine_feed import EngineFeed
from desktop.shell.garbage import Garbage
from desktop.shell.images_setup import ImagesSetup
from desktop.shell.job_feed import JobFeed
from desktop.shell.language import LANGUAGES, english_words, load_language, set_layout
from desktop.shell.links import offer_link, open_file, open_link
from desktop.shell.machine_failures import MachineFailures
from desktop.shell.new_warnings import NewWarnings
from desktop.shell.notice_history import NoticeHistory
from desktop.shell.notices import Notices, unexpected
from desktop.shell.object_feed import ObjectFeed
from desktop.shell.overview_feed import OverviewFeed
from desktop.shell.qt_words import say_less
from desktop.shell.quitting import Quitting
from desktop.shell.screen import refuse_no_screen
from desktop.shell.settings_feed import SettingsFeed
from desktop.shell.single_instance import SingleInstance
from desktop.shell.startup_trace import StartupTrace, wanted
from desktop.shell.stream_tabs import StreamTabs
from desktop.shell.streams import Streams
from desktop.shell.tasks import Tasks
from desktop.shell.thread_turns import shorten_turns
from desktop.shell.threads import Threads
from desktop.shell.tray import Tray
from desktop.shell.unshared_folders import UnsharedFolders
from desktop.shell.versions import refuse_bad_pair
from desktop.shell.window import MainWindow
from desktop.views.console_pane import ConsolePane
from desktop.views.console_tabs import ConsoleTabs
from desktop.views.icons import app_icon
from desktop.views.lazy_page import LazyPage
from desktop.views.notice_stack import Notice
from desktop.views.on_screen import is_on_screen
from desktop.views.overview import Overview
from desktop.views.side_bar import PAGES
from desktop.views.stream_words import MACHINE_SHELL, Kind
from desktop.views.terminal_style import style_of
from desktop.views.theme import Appearance

if TYPE_CHECKING:
    from desktop.services.transfers import Transfers
    from desktop.shell.detail_feed import DetailFeed
    from desktop.shell.image_actions import ImageActions
    from desktop.shell.palette import Palette
    from desktop.shell.run_actions import RunActions
    from desktop.views.container_pane import ContainerPane
    from desktop.views.containers_page import ContainersPage
    from desktop.views.detail.pane import DetailPane
    from desktop.views.image_pane import ImagePane
    from desktop.views.record_pane import RecordPane
    from desktop.views.settings_pane import SettingsPane
    from desktop.views.stream_pane import StreamPane

log = logging.getLogger("desktop.app")

FIRST_LOOK_DEADLINE_S = 0.4
SHUTDOWN_DEADLINE_S = 4.0
THREADS, THREADS_DEADLINE_S = 4, 2.0


def run(home: Home, hidden: bool = False, page: str | None = None) -> int:
    """Runs the app until the user quits; a second one raises the first and ends. The exit code comes back."""
    refuse_bad_pair(sys.version_info[:2], PySide6.__version_info__[:3])
    refuse_no_screen(os.environ)
    os.umask(0o077)
    private_folder(home.base)
    short_folder(home.machine().folder)  # refuses what another user planted
    instance = SingleInstance(home)
    if not instance.acquire() and instance.tell("console" if page == "console" else "raise"):
        return 0
    crash = CrashLog(home.crash_log)
    crash.open()
    try:
        return _run_first(home, instance, crash, hidden, page)
    finally:
        instance.close()
        crash.close()


def _run_first(home: Home, instance: SingleInstance, crash: CrashLog, hidden: bool, page: str | None) -> int:
    qt = QApplication.instance()
    if not isinstance(qt, QApplication):
        qt = QApplication(["moorage"])
    shorten_turns()
    say_less()
    Garbage(qt)
    qt.setApplicationName("moorage")
    qt.setApplicationDisplayName("Moorage")
    qt.setDesktopFileName("moorage")
    qt.setWindowIcon(app_icon())
    qt.setQuitOnLastWindowClosed(False)
    qt.setStyle("Fusion")
    loop = qasync.QEventLoop(qt)
    threads = Threads(THREADS)
    loop.set_default_executor(threads)
    with loop:
        try:
            return int(loop.run_until_complete(_run_app(qt, home, instance, crash, hidden, page)))
        finally:
            threads.end(THREADS_DEADLINE_S)
            # What a task left in the loop would otherwise be told to a notice of a window that is gone.
            loop.set_exception_handler(None)


async def _run_app(
    qt: QApplication, home: Home, instance: SingleInstance, crash: CrashLog, hidden: bool, page: str | None
) -> int:
    # Events and futures of the app's objects belong to the loop that runs.
    app = App(qt, home, instance, crash)
    if not await app.main(hidden, page):
        return 0
    instance.close()  # what they have of their own goes too
    crash.close()
    asyncio.get_running_loop().set_exception_handler(None)  # there is no window to tell it
    from desktop.shell.deleting import delete_shown

    return await delete_shown(home)


class App:
    """Every object of the app, each given what it needs. What was begun here ends in `_close`, in reverse."""

    def __init__(self, qt: QApplication, home: Home, instance: SingleInstance, crash: CrashLog) -> None:
        self._qt, self._instance, self._crash = qt, instance, crash
        self.preferences = Preferences(home)
        self._translators = load_language(qt, self.preferences.app.language)
        set_layout(qt, self.preferences.app.layout)
        self.appearance = Appearance(qt)
        self.appearance.apply(self.preferences.app.theme)
        self.notices = Notices()
        self.tasks = Tasks(self.notices.failed)
        self.machine = MachineService(home.machine())
        self.engine = EngineService()
        self.jobs = Jobs()
        self.detail_feed: DetailFeed
        self.settings: SettingsPane
        self.palette: Palette | None = None
        self._build_window(home)
        self._build_shell(home)
        self._connect()

    async def main(self, hidden: bool, page: str | None) -> bool:
        """Returns when the app has ended: whether everything is to be deleted."""
        loop = asyncio.get_running_loop()
        self._crash.tell_through(loop, lambda where, error: self.notices.error(unexpected(where, error)))
        await self._first_look()
        self.window.show_page(page if page in PAGES else self.window.remembered_page())
        if wanted():
            StartupTrace(self.window, str(self.machine.status.state))
        if not hidden:
            self.window.show()
        # Everything else comes after the first paint.
        await asyncio.sleep(0)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.quitting.at_once)
        await self._instance.listen(self._on_word)
        self._begin()
        await self.quitting.done.wait()
        await self._close()
        return self.quitting.deletes_everything

    async def _first_look(self) -> None:
        """The window shows the real state at its first paint, unless nobody tells it in time."""
        try:
            async with asyncio.timeout(FIRST_LOOK_DEADLINE_S):
                await self.machine.look()
        except (TimeoutError, MoorageError):
            pass  # following the machine tells the state, or what is wrong

    def _build_window(self, home: Home) -> None:
        self._memory = QSettings(str(home.window_state), QSettings.Format.IniFormat)
        self.window = MainWindow(self._memory)
        self.overview = Overview()
        self.console = ConsolePane(style_of(self.preferences.app))
        self.consoles = ConsoleTabs(self.console, lambda: self.streams.running())
        self.job_feed = JobFeed(self.jobs, self.window, self.notices, self.tasks)
        self.asking = Asking(self.window)
        self.object_feed = ObjectFeed(
            self.engine, self.machine, self.tasks, self.notices, self.asking, self.job_feed, self._connect_pane,
            self.window.show_page,
        )  # fmt: skip
        self._settings_page = LazyPage("settings_page", self._make_settings)
        for key, made in (
            ("overview", self.overview),
            ("containers", LazyPage("containers_place", lambda: self.containers_page)),
            ("images", LazyPage("images_place", lambda: self.images)),
            ("volumes", self.object_feed.volumes_page),
            ("networks", self.object_feed.networks_page),
            ("console", self.consoles),
            ("tasks", self.job_feed.page),
            ("settings", self._settings_page),
        ):
            self.window.add_page(key, made)

    def _build_shell(self, home: Home) -> None:
        asking = self.asking
        self.machine_actions = MachineActions(self.machine, self.tasks, asking)
        self.engine_actions = EngineActions(self.engine, self.tasks, self.notices, asking)
        self.quitting = Quitting(
            self.machine, self.preferences, self.machine_actions, asking, self.notices, self.tasks,
            self.jobs,
        )
        self.tray = Tray()
        self.overview_feed = OverviewFeed(self.overview, self.machine, self.engine, self.tasks)
        self.engine_feed = EngineFeed(self.engine, self.machine, self.tasks)
        self.settings_feed = SettingsFeed(self.preferences, self.machine, self.notices, self.tasks)
        self.images_setup = ImagesSetup(home, self.preferences, self.tasks, self.notices)
        self.console_link = ConsoleLink(self.machine, self.consoles)
        others = OtherConsoles()
        self.streams = Streams(self.engine, others, self.tasks, asking, style_of(self.preferences.app))
        self.stream_tabs = StreamTabs(self.consoles, self.streams, self.engine, others, self.tasks)
        self.context_offer = ContextOffer(
            self.overview.connect_card,
            ContextService(self.machine.files.docker_socket),
            self.preferences,
            self.notices,
            self.tasks,
        )
        self.notice_history = NoticeHistory(self.notices, self.window)
        self.desktop_notices = DesktopNotices(self.tray.show_message, self._is_unseen)
        self.failures = MachineFailures(self.machine, self.notices, self.window)
        self.new_warnings = NewWarnings(self.machine, self.notices, self.window)
        self.unshared_folders = UnsharedFolders(self.engine, self.notices, self.window)
        self.overview_feed.host_known.connect(self.settings_feed.show_host)

    def _connect(self) -> None:
        self._connect_machine()
        self._connect_notices()
        self._connect_engine()
        self.preferences.changed.connect(self._on_preferences)
        self.window.close_requested.connect(self._on_close_requested)
        self.window.palette_requested.connect(self._show_palette)
        self.console.opened.connect(lambda: self.tasks.keep("console", self.console_link.run))
        self._connect_terminal(self.console)
        self.console.log_requested.connect(lambda: open_file(self.notices, self.machine.status.paths.console_log))
        self.consoles.added.connect(self._connect_terminal)
        self.tray.window_requested.connect(self.window.come_forward)
        self.tray.console_requested.connect(lambda: self._on_word("console"))
        self.tray.quit_requested.connect(self.quitting.request)
        self.tray.missing.connect(self._on_tray_missing)

    def _connect_terminal(self, pane: ConsolePane | StreamPane) -> None:
        Bell(pane, self.notices)
        pane.noticed.connect(lambda words: self.notices.say(Notice(words)))
        pane.link_requested.connect(lambda address: offer_link(self.notices, address))
        pane.font_px_changed.connect(self.settings_feed.keep_font_px)

    def _connect_machine(self) -> None:
        for shows in (self.window.header, self.overview, self.console, self.streams, self.tray):
            self.machine.changed.connect(shows.show_status)
        for asks in (self.window.header, self.overview, self.console, self.tray):
            asks.verb_requested.connect(self._on_verb)
        self.machine.changed.connect(self.context_offer.on_status)
        for shows in (self.window.header, self.tray):
            self.machine_actions.asked.connect(shows.show_asked)
        self.machine_actions.late.connect(lambda _: self.window.header.show_late())
        self.images_setup.built.connect(lambda _: self.machine_actions.images_built())

    def _connect_notices(self) -> None:
        self.notices.said.connect(self.window.notices.show_notice)
        self.notices.said.connect(self.desktop_notices.on_notice)
        for told in (self.window.notices.put_away, self.desktop_notices.withdraw):
            self.notices.withdrawn.connect(told)

    def _connect_engine(self) -> None:
        self.engine_feed.containers_changed.connect(self.tray.show_containers)
        self.window.page_shown.connect(lambda _: self.engine.look())
        self.window.seen_changed.connect(self._on_seen)
        self.window.attended_changed.connect(self.engine.set_attended)
        self.engine_feed.counts_changed.connect(lambda counts: self.overview.show_counts(*counts))
        self.tray.container_requested.connect(lambda act, id: self.engine_actions.on_containers(act, [id]))
        self.images_setup.serve(self.overview.images)

    @cached_property
    def containers_page(self) -> ContainersPage:
        """Made at its first use, as every page but Overview and the console: until then it costs no time."""
        from desktop.views.containers_page import ContainersPage

        page = ContainersPage(self.containers)
        page.detail_made.connect(self._on_detail_made)
        return page

    @cached_property
    def containers(self) -> ContainerPane:
        from desktop.models.container_columns import containers_model
        from desktop.views.container_pane import ContainerPane

        pane = ContainerPane(containers_model(self.window))
        pane.model.follow(self.engine.containers)
        pane.act_requested.connect(self._on_containers)
        pane.link_requested.connect(open_link)
        pane.shown_changed.connect(lambda shown: self.engine.set_sampled(pane.measured if shown else None))
        pane.sight_changed.connect(self.engine.sample_soon)
        self._serve_pane(pane)
        return pane

    @cached_property
    def images(self) -> ImagePane:
        from desktop.models.image_columns import images_model
        from desktop.views.image_pane import ImagePane

        def users(image: str) -> list[str]:
            return [container.name for container in self.engine.containers if container.image_id == image]

        pane = ImagePane(images_model(self.window, users))
        pane.model.follow(self.engine.images)
        pane.shown_changed.connect(self.engine.set_images_seen)
        pane.show_total(self.engine.layers_bytes)
        self.engine.layers_changed.connect(pane.show_total)
        pane.act_requested.connect(self._on_images)
        pane.wished.connect(lambda wish: self.image_actions.on_wish(wish))
        self._serve_pane(pane)
        return pane

    @cached_property
    def transfers(self) -> Transfers:
        from desktop.services.transfers import Transfers

        return Transfers(self.engine, self.machine.files.docker_socket)

    @cached_property
    def image_actions(self) -> ImageActions:
        from desktop.services.disk_room import DiskRoom
        from desktop.shell.image_actions import ImageActions

        room = DiskRoom(self.engine, self.machine)
        return ImageActions(self.window, self.engine, self.transfers, room, self.job_feed, self.tasks)

    @cached_property
    def runs(self) -> RunActions:
        from desktop.shell.run_actions import RunActions

        return RunActions(
            self.engine, self.machine, self.transfers, self.jobs,
            self.tasks, self.notices, self.asking, self._show_container,
        )  # fmt: skip

    def _on_images(self, act: str, ids: list[str]) -> None:
        if act == "run":
            self.runs.open(ids[0])
        else:
            self.engine_actions.on_images(act, ids)
            self.image_actions.on_act(act, ids)

    def _serve_pane(self, pane: ContainerPane | ImagePane) -> None:
        """What every table of the engine's things is told."""

        def show() -> None:
            pane.show_situation(self.machine.status, self.engine.link)

        self.engine.link_changed.connect(lambda _: show())
        self.machine.changed.connect(lambda _: show())
        pane.remember_in(self._memory)
        self._connect_pane(pane)
        show()

    def _make_settings(self) -> SettingsPane:
        from desktop.services.autostart import autostart
        from desktop.shell.at_login import AtLoginFeed
        from desktop.views.settings_pane import SettingsPane
        from desktop.views.terminal.metrics import monospaced_families

        self.settings = SettingsPane(LANGUAGES, monospaced_families())
        self.settings_feed.serve(self.settings)
        self.images_setup.serve(self.settings.images)
        self.at_login = AtLoginFeed(self.settings, autostart(), self.tasks)
        self.at_login.begin()
        self.settings.restart_requested.connect(lambda: self.machine_actions.do("restart"))
        self.settings.reset_requested.connect(self.machine_actions.reset)
        self.settings.delete_requested.connect(self.quitting.delete_everything)
        return self.settings

    def _on_containers(self, act: str, ids: list[str]) -> None:
        """Looking at one is the window's own; what changes it is the engine's."""
        if act == "run":
            self.runs.open()
        elif act == "shell":
            for container in ids:
                self.stream_tabs.open(Kind.SHELL, container)
            self.window.show_page("console")
        elif act not in self.containers_page.tabs:
            self.engine_actions.on_containers(act, ids)
        elif records := [record for id in ids if (record := self.engine.containers.get(id)) is not None]:
            self.containers_page.open(records, act, whole_project(records, self.engine.containers))
            self.detail_feed.begin()

    def _open_machine_shell(self) -> None:
        self.window.show_page("console")
        self.stream_tabs.open_target(MACHINE_SHELL)

    def _show_container(self, id: str) -> None:
        self._show_containers()
        self.containers.select(id)

    def _turn_groups(self) -> None:
        self._show_containers()
        self.containers.turn_groups()

    def _show_containers(self) -> None:
        """All of them, and not one in full."""
        self.window.show_page("containers")
        if self.containers_page.currentWidget() is not self.containers:
            self.containers_page.go_back()

    def _on_detail_made(self, pane: DetailPane) -> None:
        from desktop.shell.detail_feed import DetailFeed

        self.detail_feed = DetailFeed(
            self.containers_page, pane, self.engine, self.machine, self.tasks, self.notices, self.asking,
            self.job_feed,
        )  # fmt: skip
        pane.act_requested.connect(self.engine_actions.on_containers)
        self._connect_pane(pane)
        for tab in (pane.terminal, pane.attached):
            tab.made.connect(self._connect_terminal)
            tab.made.connect(self.streams.serve)

    def _connect_pane(self, pane: RecordPane[Any] | DetailPane) -> None:
        """What helps where there is nothing to show."""
        pane.verb_requested.connect(self._on_verb)
        pane.console_requested.connect(lambda: self._on_word("console"))
        pane.retry_requested.connect(self.engine.retry)

    def _show_palette(self) -> None:
        """Made at its first use."""
        if self.palette is None:
            from desktop.shell.palette import Palette
            from desktop.shell.palette_things import Projects, RunningTasks, containers_of_palette
            from desktop.views.container_pane import container_subject
            from desktop.views.image_pane import images_of_palette

            english = english_words(self._translators)
            self.palette = made = Palette(self.window, self.engine, self.machine, self.tasks, self.asking, english)
            made.add_kind(containers_of_palette(), self.engine.containers, self._on_containers_wished)
            projects = Projects(self.engine, self._on_containers_wished)
            made.add_kind(projects.subject(), projects, projects.do)
            running = RunningTasks(self.jobs, lambda: self.window.show_page("tasks"))
            made.add_kind(running.subject(), running, running.do, needs_engine=False)
            made.add_kind(images_of_palette(), self.engine.images, self._on_images_wished)
            made.serve(self.object_feed.on_volumes, self.object_feed.on_networks, self.machine_actions.do)
            made.add_command(QCoreApplication.translate("Palette", "Show the notices"), self.notice_history.show)
            groups = container_subject().groups
            made.add_command(groups, self._turn_groups, self.window.side_bar.title("containers"))
            shell = QCoreApplication.translate("Palette", "Open a shell in the machine")
            made.add_command(shell, self._open_machine_shell, self.window.side_bar.title("console"), True)
            reset = QCoreApplication.translate("SettingsPane", "Delete engine data…")
            made.add_command(reset, self.machine_actions.reset)
            everything = QCoreApplication.translate("SettingsPane", "Delete everything…")
            made.add_command(everything, self.quitting.delete_everything)
            self._settings_page.make()
            for key, title in self.settings.titles():
                made.add_command(title, partial(self._show_setting, key), self.window.side_bar.title("settings"))
            made.add_command(QCoreApplication.translate("Palette", "Quit Moorage"), self.quitting.request)
        self.palette.show()

    def _on_images_wished(self, act: str, ids: list[str]) -> None:
        if ids:
            self._on_images(act, ids)
        else:
            self.image_actions.on_wish(act)

    def _show_setting(self, key: str) -> None:
        self.window.show_page("settings")
        self.settings.show_setting(key)

    def _on_containers_wished(self, act: str, ids: list[str]) -> None:
        self.window.show_page("containers")
        self._on_containers(act, ids)

    def _begin(self) -> None:
        self.tasks.spawn("images", self.images_setup.look())
        self.tray.begin()
        self.tasks.keep("machine", self.machine.follow)
        self.overview_feed.begin()
        self.overview.shown_changed.connect(self._on_overview_shown)
        self.context_offer.look()
        self.settings_feed.tell_problem()
        if (problem := self.preferences.machine_problem) is not None:
            self.new_warnings.tell_settings(str(problem))
        self.settings_feed.begin()

    async def _close(self) -> None:
        """Ends everything in reverse; what does not end in time is left to the end of the process."""
        self._instance.stop_listening()  # who starts the app now gets one of its own
        await self.settings_feed.save_font_px()
        self.window.remember()
        self._memory.sync()  # not once more when it is let go: the file may be gone
        await self.streams.hang_up_all()
        late = await self.tasks.close(SHUTDOWN_DEADLINE_S)
        self.engine_feed.close()
        self.job_feed.close()
        self.desktop_notices.close()
        self.settings_feed.close()
        self.tray.close()
        if late:
            log.warning("still running at the end: %s", ", ".join(late))
        self.console.close_terminal()
        self.streams.close_terminals()
        self.window.hide()
        self.window.deleteLater()

    def _on_verb(self, verb: str) -> None:
        """What is wished of the machine, or what puts right why it failed."""
        if verb == "settings":
            self.window.show_page("settings")
        elif verb == "build":
            self.window.show_page("overview")
            self.images_setup.build()
        else:
            self.machine_actions.do(verb)

    def _on_word(self, word: str) -> None:
        """What a second start, or the tray, wishes."""
        if word == "quit":
            self.quitting.request()
            return
        if word == "console":
            self.window.show_page("console")
        self.window.come_forward()

    def _on_overview_shown(self, shown: bool) -> None:
        if shown:
            self.context_offer.look()

    def _is_unseen(self) -> bool:
        return not is_on_screen(self.window)

    def _on_seen(self, seen: bool) -> None:
        self.engine.set_seen(seen)
        if seen:
            self.engine.look()

    def _on_close_requested(self) -> None:
        if self.preferences.app.on_close is OnClose.QUIT:
            self.quitting.request()
        elif self.tray.available():
            self.window.hide()
        else:
            # Without a tray a hidden window could not be found again.
            self.quitting.request()

    def _on_tray_missing(self) -> None:
        if not self.window.isVisible():
            self.window.come_forward()

    def _on_preferences(self, preferences: Preferences) -> None:
        self.appearance.apply(preferences.app.theme)
        set_layout(self._qt, preferences.app.layout)
        for terminals in (self.console, self.streams):
            terminals.set_style(style_of(preferences.app))
