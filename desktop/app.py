"""The tray app: the one place that builds the window's objects and connects them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import PySide6
import qasync
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from desktop.core.errors import MoorageError
from desktop.core.paths import Home, private_folder
from desktop.core.settings import OnClose
from desktop.models.container_columns import containers_model
from desktop.models.image_columns import images_model
from desktop.services.autostart import autostart
from desktop.services.contexts import ContextService
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.services.preferences import Preferences
from desktop.shell.actions import EngineActions, MachineActions
from desktop.shell.asking import Asking
from desktop.shell.at_login import AtLoginFeed
from desktop.shell.bell import Bell
from desktop.shell.console_link import ConsoleLink
from desktop.shell.container_shells import ContainerShells
from desktop.shell.context_offer import ContextOffer
from desktop.shell.crash import CrashLog
from desktop.shell.engine_feed import EngineFeed
from desktop.shell.garbage import Garbage
from desktop.shell.images_setup import ImagesSetup
from desktop.shell.language import LANGUAGES, load_language
from desktop.shell.links import offer_link, open_link
from desktop.shell.machine_failures import MachineFailures
from desktop.shell.new_warnings import NewWarnings
from desktop.shell.notices import Notices, unexpected
from desktop.shell.overview_feed import OverviewFeed
from desktop.shell.quitting import Quitting
from desktop.shell.screen import refuse_no_screen
from desktop.shell.settings_feed import SettingsFeed
from desktop.shell.single_instance import SingleInstance
from desktop.shell.startup_trace import StartupTrace, wanted
from desktop.shell.tasks import Tasks
from desktop.shell.tray import Tray
from desktop.shell.versions import refuse_bad_pair
from desktop.shell.window import MainWindow
from desktop.terminal.prefix import prefix_letter
from desktop.views.console_pane import ConsolePane
from desktop.views.console_tabs import ConsoleTabs
from desktop.views.container_pane import ContainerPane
from desktop.views.containers_page import DETAIL_TABS, ContainersPage
from desktop.views.icons import app_icon
from desktop.views.image_pane import ImagePane
from desktop.views.notice_stack import Notice
from desktop.views.overview import Overview
from desktop.views.settings_pane import SettingsPane
from desktop.views.side_bar import PAGES
from desktop.views.theme import Appearance

if TYPE_CHECKING:
    from desktop.shell.detail_feed import DetailFeed
    from desktop.views.detail.pane import DetailPane
    from desktop.views.shell_pane import ShellPane

log = logging.getLogger("desktop.app")

FIRST_LOOK_DEADLINE_S = 0.4
SHUTDOWN_DEADLINE_S = 4.0
THREADS = 4


def run(home: Home, hidden: bool = False, page: str | None = None) -> int:
    """Runs the app until the user quits; a second one raises the first and ends. The exit code comes back."""
    try:
        refuse_bad_pair(sys.version_info[:2], PySide6.__version_info__[:3])
        refuse_no_screen(os.environ)
        os.umask(0o077)
        private_folder(home.base)
        instance = SingleInstance(home)
        if not instance.acquire():
            instance.tell("console" if page == "console" else "raise")
            return 0
    except MoorageError as error:
        print(error, file=sys.stderr)
        return 1
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
    Garbage(qt)
    qt.setApplicationName("moorage")
    qt.setApplicationDisplayName("Moorage")
    qt.setDesktopFileName("moorage")
    qt.setWindowIcon(app_icon())
    qt.setQuitOnLastWindowClosed(False)
    qt.setStyle("Fusion")
    loop = qasync.QEventLoop(qt)
    # The default executor of qasync keeps ten threads, and is waited for at the end.
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="moorage")
    loop.set_default_executor(threads)
    with loop:
        try:
            loop.run_until_complete(_run_app(qt, home, instance, crash, hidden, page))
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            # What a task left in the loop would otherwise be told to a notice of a window that is gone.
            loop.set_exception_handler(None)
    return 0


async def _run_app(
    qt: QApplication, home: Home, instance: SingleInstance, crash: CrashLog, hidden: bool, page: str | None
) -> None:
    # Events and futures of the app's objects belong to the loop that runs.
    await App(qt, home, instance, crash).main(hidden, page)


class App:
    """Every object of the app, each given what it needs. What was begun here ends in `_close`, in reverse."""

    def __init__(self, qt: QApplication, home: Home, instance: SingleInstance, crash: CrashLog) -> None:
        self._instance, self._crash = instance, crash
        self.preferences = Preferences(home)
        self._translators = load_language(qt, self.preferences.app.language)
        self.appearance = Appearance(qt)
        self.appearance.apply(self.preferences.app.theme)
        self.notices = Notices()
        self.tasks = Tasks(self.notices.failed)
        self.machine = MachineService(home.machine())
        self.engine = EngineService()
        self.detail_feed: DetailFeed
        self._build_window(home)
        self._build_shell(home)
        self._connect()

    async def main(self, hidden: bool, page: str | None) -> None:
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

    async def _first_look(self) -> None:
        """The window shows the real state at its first paint, unless nobody tells it in time."""
        try:
            async with asyncio.timeout(FIRST_LOOK_DEADLINE_S):
                await self.machine.look()
        except (TimeoutError, MoorageError):
            pass  # following the machine tells the state, or what is wrong

    def _build_window(self, home: Home) -> None:
        self.window = MainWindow(QSettings(str(home.window_state), QSettings.Format.IniFormat))
        self.overview = Overview()
        self.containers = ContainerPane(containers_model(self.window))
        self.containers_page = ContainersPage(self.containers)
        self.images = ImagePane(images_model(self.window))
        self.console = ConsolePane(self.preferences.app.console_font_px)
        self.consoles = ConsoleTabs(self.console, lambda: self.shells.running())
        self.settings = SettingsPane(LANGUAGES)
        for key, made in (
            ("overview", self.overview),
            ("containers", self.containers_page),
            ("images", self.images),
            ("console", self.consoles),
            ("settings", self.settings),
        ):
            self.window.add_page(key, made)

    def _build_shell(self, home: Home) -> None:
        asking = Asking(self.window)
        self.machine_actions = MachineActions(self.machine, self.tasks, asking)
        self.engine_actions = EngineActions(self.engine, self.tasks, self.notices, asking)
        self.quitting = Quitting(
            self.machine, self.preferences, self.machine_actions, asking, self.notices, self.tasks
        )
        self.tray = Tray()
        self.overview_feed = OverviewFeed(self.overview, self.machine, self.engine, self.tasks)
        self.engine_feed = EngineFeed(self.engine, self.machine, self.tasks)
        self.settings_feed = SettingsFeed(self.settings, self.preferences, self.machine, self.notices, self.tasks)
        self.at_login = AtLoginFeed(self.settings, autostart(), self.tasks)
        self.images_setup = ImagesSetup(home, self.preferences, self.tasks, self.notices)
        self.console_link = ConsoleLink(self.machine, self.consoles)
        self.shells = ContainerShells(self.engine, self.consoles, self.tasks, asking)
        self.context_offer = ContextOffer(
            self.overview.connect_card,
            ContextService(self.machine.files.docker_socket),
            self.preferences,
            self.notices,
            self.tasks,
        )
        self.failures = MachineFailures(self.machine, self.notices, self.window)
        self.new_warnings = NewWarnings(self.machine, self.notices, self.window)
        self.overview_feed.host_known.connect(self.settings_feed.show_host)

    def _connect(self) -> None:
        self._connect_machine()
        self._connect_notices()
        self._connect_engine()
        self.preferences.changed.connect(self._on_preferences)
        self.window.close_requested.connect(self._on_close_requested)
        self.console.opened.connect(lambda: self.tasks.spawn("console", self.console_link.run()))
        self._connect_terminal(self.console)
        self.consoles.shell_made.connect(self._connect_terminal)
        self.consoles.set_prefix(prefix_letter(self.preferences.app.console_prefix))
        self.tray.window_requested.connect(self.window.come_forward)
        self.tray.console_requested.connect(lambda: self._on_word("console"))
        self.tray.quit_requested.connect(self.quitting.request)
        self.tray.missing.connect(self._on_tray_missing)

    def _connect_terminal(self, pane: ConsolePane | ShellPane) -> None:
        Bell(pane, self.notices)
        pane.noticed.connect(lambda words: self.notices.say(Notice(words)))
        pane.link_requested.connect(lambda address: offer_link(self.notices, address))

    def _connect_machine(self) -> None:
        for shows in (self.window.header, self.overview, self.console, self.consoles, self.tray):
            self.machine.changed.connect(shows.show_status)
        for asks in (self.window.header, self.overview, self.console, self.tray):
            asks.verb_requested.connect(self.machine_actions.do)
        self.settings.restart_requested.connect(lambda: self.machine_actions.do("restart"))
        self.settings.reset_requested.connect(self.machine_actions.reset)
        self.machine.changed.connect(self.context_offer.on_status)
        for shows in (self.window.header, self.tray):
            self.machine_actions.asked.connect(shows.show_asked)
        self.machine_actions.late.connect(lambda _: self.window.header.show_late())

    def _connect_notices(self) -> None:
        self.notices.said.connect(self.window.notices.show_notice)
        self.notices.said.connect(self._on_notice)
        self.notices.withdrawn.connect(self.window.notices.put_away)

    def _connect_engine(self) -> None:
        self.engine_feed.containers_changed.connect(self.tray.show_containers)
        self.engine_feed.counts_changed.connect(lambda counts: self.overview.show_counts(*counts))
        self.containers.model.follow(self.engine.containers)
        self.images.model.follow(self.engine.images)
        self.containers.act_requested.connect(self._on_containers)
        self.containers_page.detail_made.connect(self._on_detail_made)
        self.images.act_requested.connect(self.engine_actions.on_images)
        self.containers.link_requested.connect(open_link)
        self.containers.shown_changed.connect(self.engine.set_sampled)
        self.engine.link_changed.connect(lambda _: self._show_situation())
        self.machine.changed.connect(lambda _: self._show_situation())
        for pane in (self.containers, self.images):
            pane.machine_start_requested.connect(lambda: self.machine_actions.do("start"))
            pane.console_requested.connect(lambda: self._on_word("console"))
            pane.retry_requested.connect(self.engine.retry)
        self.tray.container_requested.connect(lambda act, id: self.engine_actions.on_containers(act, [id]))
        for card in (self.overview.images, self.settings.images):
            self.images_setup.serve(card)

    def _on_containers(self, act: str, ids: list[str]) -> None:
        """Looking at one is the window's own; what changes it is the engine's."""
        if act == "shell":
            for container in ids:
                self.shells.open(container)
            self.window.show_page("console")
        elif act not in DETAIL_TABS:
            self.engine_actions.on_containers(act, ids)
        elif (record := self.engine.containers.get(ids[0])) is not None:
            self.containers_page.open(record, act)
            self.detail_feed.begin()

    def _on_detail_made(self, pane: DetailPane) -> None:
        from desktop.shell.detail_feed import DetailFeed

        self.detail_feed = DetailFeed(
            self.containers_page, pane, self.engine, self.machine, self.tasks, self.notices
        )
        pane.act_requested.connect(self.engine_actions.on_containers)
        pane.machine_start_requested.connect(lambda: self.machine_actions.do("start"))
        pane.console_requested.connect(lambda: self._on_word("console"))
        pane.retry_requested.connect(self.engine.retry)

    def _show_situation(self) -> None:
        for pane in (self.containers, self.images):
            pane.show_situation(self.machine.status, self.engine.link)

    def _begin(self) -> None:
        self.tasks.spawn("images", self.images_setup.look())
        self.tray.begin()
        self.tasks.spawn("machine", self.machine.follow())
        self.overview_feed.begin()
        self.overview.shown_changed.connect(self._on_overview_shown)
        self.context_offer.look()
        self.settings_feed.begin()
        self.at_login.begin()

    async def _close(self) -> None:
        """Ends everything in reverse; what does not end in time is left to the end of the process."""
        self.window.remember()
        await self.shells.hang_up_all()
        late = await self.tasks.close(SHUTDOWN_DEADLINE_S)
        self.engine_feed.close()
        self.tray.close()
        if late:
            log.warning("still running at the end: %s", ", ".join(late))
        self.consoles.close_terminals()
        self.window.hide()
        self.window.deleteLater()

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

    def _on_notice(self, notice: Notice) -> None:
        if not self.window.isVisible():
            self.tray.show_message(notice)

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
        self.consoles.set_font_px(preferences.app.console_font_px)
        self.consoles.set_prefix(prefix_letter(preferences.app.console_prefix))
