"""The window in Chinese: every text that it can show is walked, and none of them is English."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QLocale, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QTableView,
    QWidget,
)

from desktop.core.engine import Container, EngineLink, Image, Link, Port
from desktop.core.job import Job
from desktop.core.machine import Engine, HostUse, Hypervisor, MachinePaths, MachineStatus, State, Supervisor, Vm
from desktop.core.settings import Layout, MachineSettings, Settings
from desktop.core.store import Store
from desktop.engine.context import DecidedBy
from desktop.models.container_columns import containers_model
from desktop.models.image_columns import images_model
from desktop.models.job_words import progress_words
from desktop.models.record_table import HINT_ROLE
from desktop.services.contexts import ContextFacts
from desktop.shell import language
from desktop.shell.context_offer import decided_words
from desktop.shell.notices import unexpected
from desktop.shell.tray import Tray
from desktop.shell.window import MainWindow
from desktop.views.console_pane import ConsolePane
from desktop.views.container_pane import ContainerPane
from desktop.views.image_pane import ImagePane
from desktop.views.images_card import ImagesState
from desktop.views.notice_stack import Notice
from desktop.views.overview import Overview
from desktop.views.settings_pane import SettingsPane
from desktop.views.terminal.paste_bar import PasteBar
from desktop.views.terminal_style import TerminalStyle
from desktop.views.told_words import BOUND
from tests.helpers.translations import CHINESE, messages

HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{2,}")
SAMPLE = "zzz"  # in whatever a test lets the window show that is not the window's own
NAMES = re.compile(
    r"(export DOCKER_HOST=|sudo ln |docker (run|pull) ).*"
    r"|\b(Moorage|English|passt|slirp|QEMU|KVM|API|ID|CPU|PID|tcp|bytes|[kMG]B|[KMG]iB|px|SIG[A-Z]+[12]?|Ctrl\+[A-Z])\b"
    r"|^(Solarized|Gruvbox|One)$"
)
STATUS = MachineStatus(
    since="2026-01-02T03:04:05Z",
    hypervisor=Hypervisor(version="11", accelerator="tcg", accelerator_reason=SAMPLE, pid=42),
    supervisor=Supervisor(pid=4230, rss_mib=35.2),
    vm=Vm(cpus=2, memory_mib=2048, disk_mib=61440, disk_used_mib=310, kernel=SAMPLE),
    engine=Engine(reachable=True, version="28", api_version="1", containers_running=2),
    host=HostUse(cpu_percent=3.25, rss_mib=410.0),
    paths=MachinePaths(docker_socket="/zzz"),
)


class Walk:
    """Gathers texts of widgets, hidden ones too: they may be shown at any time."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def add(self, *texts: object) -> None:
        self.seen |= {str(text).replace("&&", "&") for text in texts if text}

    def look(self, root: QWidget) -> None:
        for widget in (root, *root.findChildren(QWidget)):
            self.add(widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.windowTitle())
            for action in widget.actions():
                self.add(action.text(), action.toolTip())
            match widget:
                case QLabel() | QAbstractButton():
                    self.add(widget.text())
                case QLineEdit():
                    self.add(widget.placeholderText(), widget.text())
                case QSpinBox():
                    self.add(widget.suffix(), widget.prefix())
                case QComboBox():
                    self.add(*(widget.itemText(number) for number in range(widget.count())))
                case QMenu():
                    self.add(widget.title())
                case QTableView():
                    self._look_into(widget)

    def _look_into(self, table: QTableView) -> None:
        model = table.model()
        for column in range(model.columnCount()):
            self.add(model.headerData(column, Qt.Orientation.Horizontal))
            for row in range(model.rowCount()):
                index = model.index(row, column)
                self.add(index.data(), index.data(HINT_ROLE))

    def english(self) -> list[str]:
        """What has words and neither Chinese nor a sample in it, but for names, commands and units."""
        return sorted(
            text for text in self.seen
            if WORD.search(NAMES.sub("", text)) and not HAN.search(text) and SAMPLE not in text
        )  # fmt: skip

    def untranslated(self) -> list[str]:
        """What is, word for word, a source that has a translation of its own."""
        sources = []
        for message in messages(CHINESE):
            if message.source in BOUND:
                continue  # such as "QEMU %1", which not every QEMU is
            if WORD.search(message.source) and message.words != (message.source,):
                pattern = re.sub(r"%[n\d]", ".+", re.escape(message.source))
                sources.append(pattern)
        pattern = re.compile("|".join(sources))
        return sorted(text for text in self.seen if pattern.fullmatch(text) and not HAN.search(text))


def containers() -> list[Container]:
    states = ("created", "running", "paused", "restarting", "removing", "exited", "dead")
    busy = ("starting", "stopping", "restarting", "killing", "pausing", "resuming", "removing",
            "signalling", "renaming", "committing")  # fmt: skip
    ages = (1, 3, 5_000, 100_000, 500_000, 20_000_000, 200_000_000)
    ports = (Port(80, host_port=8080),)
    made = Container(id="", name="", image=SAMPLE, cpu_percent=1.5, memory_bytes=5 << 20, ports=ports)
    now = time.time()
    return [
        *(replace(made, id=f"zzz-s{s}", name=f"zzz-{s}", state=s, created_s=now - a)
          for s, a in zip(states, ages, strict=True)),
        *(replace(made, id=f"zzz-b{b}", name=f"zzz-{b}", state="running", busy=b) for b in busy),
        replace(made, id="zzz-u", name="zzz-u", state="running", status="zzz (unhealthy)"),
        replace(made, id="zzz-e", name="zzz-e", state="exited", status="zzz (3)"),
    ]  # fmt: skip


def images() -> list[Image]:
    made = Image(id="zzz", size_bytes=5_000_000)
    return [
        replace(made, id=f"zzz{n}", tags=("zzz:1",) * (n % 2), containers=n, busy="removing" if n == 3 else "")
        for n in range(4)
    ]


def walk_pane(walk: Walk, pane: ContainerPane | ImagePane, records: list[Container] | list[Image]) -> None:
    store: Store[Container | Image] = Store(lambda record: record.id)
    pane.model.follow(store)  # type: ignore[arg-type]
    for rows in ([], records):
        store.apply(rows)
        for state in State:
            for link in Link:
                pane.show_situation(replace(STATUS, state=state), EngineLink(link))
                walk.look(pane)
    pane.show_situation(replace(STATUS, state=State.RUNNING), EngineLink(Link.UP))
    for words in (records[0].id, "nothing has this zzz"):
        edit = pane.findChild(QLineEdit, f"{pane.objectName().removesuffix('_pane')}_filter")
        assert edit is not None
        edit.setText(words)
        walk.look(pane)


def walk_settings(walk: Walk, pane: SettingsPane) -> None:
    for memory in (2048, 60_000):
        pane.show_values(Settings(), MachineSettings(memory_mib=memory), 8, 65_536)
        walk.look(pane)
    for card in (ImagesState(), ImagesState(checked=True, versions=SAMPLE), ImagesState(building=True),
                 ImagesState(checked=True, problem=SAMPLE), ImagesState(problem=SAMPLE, asks_mirror=True)):  # fmt: skip
        pane.images.show_state(card)
        walk.look(pane)


def walk_machine(walk: Walk, window: MainWindow, overview: Overview, console: ConsolePane, tray: Tray) -> None:
    tray.show_containers(containers())
    for state in State:
        for deadline_s, counts, failure in ((None, (2, 7, 12), ""), (30.0, (-1, -1, -1), SAMPLE)):
            status = replace(STATUS, state=state, deadline_s=deadline_s, detail=failure)
            for shows in (window.header, overview, console, tray):
                shows.show_status(status)
            overview.show_counts(*counts)
            for root in (window, tray.menu()):
                walk.look(root)
    for accelerator in ("kvm", "hvf", ""):
        overview.show_status(replace(STATUS, hypervisor=Hypervisor(accelerator=accelerator)))
        walk.look(overview)
    for attached in (True, False):
        console.show_attached(attached)
        walk.look(console)


def test_nothing_in_the_window_is_english(speak: Callable[[str], None], tmp_path: Path) -> None:
    speak("zh_CN")
    walk = Walk()
    window = MainWindow(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    overview, console, settings = Overview(), ConsolePane(TerminalStyle()), SettingsPane(language.LANGUAGES)
    of_containers, of_images = ContainerPane(containers_model(window)), ImagePane(images_model(window))
    tray = Tray()
    for page in (overview, of_containers, of_images, console, settings):
        window.add_page(page.objectName(), page)
    window.side_bar.show_page("console")
    window.show()
    console.show()
    try:
        walk_pane(walk, of_containers, containers())
        walk_pane(walk, of_images, images())
        walk_settings(walk, settings)
        walk_machine(walk, window, overview, console, tray)
        error = unexpected(SAMPLE, ValueError(SAMPLE))
        window.notices.show_notice(Notice(error.what, error.why, error.next_step))
        paste = PasteBar(window)
        paste.ask("zzz\nzzz")
        walk.look(window)
        for decided in DecidedBy:
            walk.add(decided_words(ContextFacts(False, SAMPLE, decided, Path("/zzz"))))
        walk.add(decided_words(ContextFacts(False, SAMPLE, DecidedBy.DOCKER_HOST, None)))
    finally:
        console.close_terminal()
        tray.close()
        window.close()
        window.deleteLater()
        tray.deleteLater()
    assert len(walk.seen) > 200
    assert not walk.untranslated()
    assert not walk.english()


@pytest.mark.parametrize("step", ["Waiting", "Downloading", "Extracting", "Pushing", "Loading layer"])
def test_steps_of_a_transfer_are_chinese_too(step: str, speak: Callable[[str], None]) -> None:
    speak("zh_CN")
    words = progress_words(Job(id="1", verb="pull", subject="", step=step, parts_done=1, parts=3))
    assert HAN.search(words) and not WORD.search(words) and "1" in words and "3" in words


def test_words_of_a_base_class_are_found_from_its_subclasses(speak: Callable[[str], None]) -> None:
    """`tr` asks for the name of each class of the instance in turn; lupdate writes that of the source."""
    speak("zh_CN")
    pane = ContainerPane(containers_model())
    assert pane.tr("Clear the filter") == "清除筛选"
    pane.deleteLater()
    # A plural would not be found so: its number is put in at the first class, which ends the search.
    assert not PasteBar.__subclasses__() and not Tray.__subclasses__()


def test_direction_is_that_of_the_words(speak: Callable[[str], None], application: QApplication) -> None:
    speak("ar_EG")
    language.set_layout(application, Layout.LANGUAGE)
    assert application.layoutDirection() is Qt.LayoutDirection.LeftToRight
    language.set_layout(application, Layout.RIGHT_TO_LEFT)
    assert application.layoutDirection() is Qt.LayoutDirection.RightToLeft
    language.set_layout(application, Layout.LANGUAGE)
    assert application.layoutDirection() is Qt.LayoutDirection.LeftToRight
    assert QLocale().toString(8080) == "8,080"
    speak("de_DE")
    assert QLocale().toString(8080) == "8.080"


@pytest.mark.parametrize("code", ["en", "en_GB", "fr", "ar"])
def test_english_has_plurals_whatever_the_system_speaks(code: str, speak: Callable[[str], None]) -> None:
    speak(code)
    tray = Tray()
    words = [tray.tr("%n container(s) running", "", number) for number in (0, 1, 2)]
    assert words == ["0 containers running", "1 container running", "2 containers running"]
    assert tray.tr("Start") == "Start"
    tray.close()
    tray.deleteLater()


def test_actions_have_chinese_keys(speak: Callable[[str], None]) -> None:
    """A letter in brackets, as Chinese menus have it."""
    speak("zh_CN")
    bar = PasteBar()
    assert "粘贴(&P)" in [button.text() for button in bar.findChildren(QAbstractButton)]
    bar.deleteLater()


def test_qt_speaks_chinese_too(speak: Callable[[str], None], application: QApplication) -> None:
    speak("zh_CN")
    edit = QLineEdit()
    menu = edit.createStandardContextMenu()
    texts = [action.text() for action in menu.actions() if isinstance(action, QAction) and action.text()]
    assert texts and all(HAN.search(text) for text in texts)
    menu.deleteLater()
    edit.deleteLater()
