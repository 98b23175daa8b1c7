"""Failures as they really happen, in a Chinese window: of ours nothing is left in English.

They happen first, on a loop without Qt as a supervisor has it, and are shown afterwards.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from desktop.core.engine import EngineLink, Link
from desktop.core.errors import MoorageError
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home
from desktop.core.settings import MachineSettings, read
from desktop.engine.client import EngineClient
from desktop.models.container_columns import containers_model
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.services.preferences import Preferences
from desktop.shell.machine_failures import MachineFailures
from desktop.shell.notices import Notices
from desktop.shell.settings_feed import SettingsFeed
from desktop.shell.tasks import Tasks
from desktop.shell.window import MainWindow
from desktop.views.console_pane import ConsolePane
from desktop.views.container_pane import ContainerPane
from desktop.views.overview import Overview
from desktop.views.settings_pane import SettingsPane
from desktop.views.terminal_style import TerminalStyle
from tests.helpers.engine_server import EngineServer
from tests.helpers.machine_rig import DEADLINE_S, Rig, until
from tests.helpers.played_home import make_played_home

WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = re.compile(r"`[^`]+`|/[\w./-]+|\b(Moorage|QEMU|TCG|Docker|docker|MiB|SIGKILL|engine|MOORAGE_HOME)\b")
PARTS = re.compile(r"(notice|failure|warning|machine_(state|detail)|(containers|console)_face|containers_lost).*")


class Shown:
    """A window with what tells of failures, fed as the app feeds it."""

    def __init__(self, home: Home) -> None:
        self.window = MainWindow(QSettings(str(home.base / "window.ini"), QSettings.Format.IniFormat))
        self.overview, self.settings = Overview(), SettingsPane()
        self.containers = ContainerPane(containers_model(self.window))
        self.console = ConsolePane(TerminalStyle())
        for page in (self.overview, self.containers, self.console, self.settings):
            self.window.add_page(page.objectName().removesuffix("_pane"), page)
        self.window.show()
        self.notices = Notices()
        self.notices.said.connect(self.window.notices.show_notice)
        self.tasks = Tasks(self.notices.failed)
        self.machine = MachineService(home.machine())
        self.failures = MachineFailures(self.machine, self.notices, self.window)

    def show(self, status: MachineStatus, link: EngineLink | None = None) -> None:
        for shows in (self.window.header, self.overview, self.console):
            shows.show_status(status)
        self.containers.show_situation(status, link or EngineLink())

    def texts(self) -> list[str]:
        """What tells of failures now, and its accessible names."""
        found = []
        for part in self.window.findChildren(QWidget):
            if PARTS.fullmatch(part.objectName()):
                found.append(part.accessibleName())
                found += [part.text()] if isinstance(part, QLabel) else []
                found += [part.toPlainText()] if isinstance(part, QPlainTextEdit) else []
        return list(filter(None, found))

    def check(self, *chinese: str, foreign: tuple[str, ...] = ()) -> None:
        """That these are shown, and that beside them and what is foreign no English word is."""
        texts = self.texts()
        assert texts
        for words in chinese:
            assert any(words in text for text in texts), (words, texts)
        for words in foreign:
            texts = [text.replace(words, "") for text in texts]
        assert not [text for text in texts if WORD.search(NAMES.sub("", text))]


@pytest.fixture
def shown(home: Home, speak: Callable[[str], None]) -> Iterator[Shown]:
    speak("zh_CN")
    made = Shown(home)
    yield made
    made.window.close()
    made.window.deleteLater()


Lived = Callable[[Callable[[Rig], Awaitable[None]]], MachineStatus]


@pytest.fixture
def lived(home: Home) -> Lived:
    """What a machine's status is when something has happened to it."""
    files = make_played_home(home, "stop_deadline_s = 60\n")

    async def live(happens: Callable[[Rig], Awaitable[None]]) -> MachineStatus:
        rig = Rig(files)
        async with asyncio.timeout(DEADLINE_S):
            await happens(rig)
            status = rig.publisher.status
            await rig.end()
        return status

    return lambda happens: asyncio.run(live(happens))


def error_of(work: Awaitable[object]) -> MoorageError:
    async def fail() -> MoorageError:
        with pytest.raises(MoorageError) as failure:
            await work
        return failure.value

    return asyncio.run(fail())


async def start(rig: Rig) -> None:
    with pytest.raises(MoorageError):
        await rig.machine.start()


def test_missing_guest_image(shown: Shown, lived: Lived, home: Home) -> None:
    (home.guest / "played").rename(home.base / "away")
    shown.show(lived(start))
    shown.check("没有虚拟机镜像", f"{home.guest} 中没有构建好的内容", "请运行 `moorage guest build`")


def test_damaged_guest_image(shown: Shown, lived: Lived, home: Home) -> None:
    (home.guest / "played" / "root.erofs").write_bytes(b"not what it was")
    shown.show(lived(start))
    shown.check("中的虚拟机镜像已损坏", "root.erofs 的大小为 15 字节，而不是 4 字节", foreign=("root.erofs",))


def test_hypervisor_that_ends_at_once(shown: Shown, lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYED_GUEST", "refuses-options")
    status = lived(start)
    shown.show(status)
    shown.check("QEMU 刚启动就退出了", "退出码 1", foreign=(status.detail.rpartition("\n")[2],))


def test_hypervisor_that_is_killed(shown: Shown, lived: Lived) -> None:
    async def kill(rig: Rig) -> None:
        await rig.machine.start()
        assert rig.machine.life is not None and rig.machine.life.vm is not None
        await rig.machine.life.vm.kill()
        await until(rig, State.FAILED)

    shown.show(lived(kill))
    shown.check("虚拟机意外停止", "QEMU：被 SIGKILL 终止", "请重新启动")


def test_machine_that_does_not_stop(shown: Shown, lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYED_GUEST", "ignores-shutdown")
    failures = []

    async def stop(rig: Rig) -> None:
        await rig.machine.start()
        with pytest.raises(MoorageError) as late:
            await rig.machine.stop(0.1)
        failures.append(late.value)

    shown.show(lived(stop))
    shown.notices.error(failures[0])
    shown.check("虚拟机没有停止", "虚拟机尚未关机；用 `moorage kill` 可强制终止", "软件模拟 (TCG) 速度慢")


def test_broken_settings(shown: Shown, home: Home) -> None:
    files = make_played_home(home, "memory_mib = 1\n")
    _, problem = read(MachineSettings, files.config)
    assert problem is not None
    shown.show(MachineStatus(warnings=(str(problem),)))
    defaults = "其中未写明的项使用默认值"
    kept = problem.next_step.rpartition(" ")[2]
    takes = "memory_mib 的值应为 512 至 1048576 的整数"
    words = f"第 4 行的设置不正确。{takes}。{defaults}，但不会共享其中未列出的文件夹。"
    shown.check(words, foreign=("memory_mib", kept))
    home.settings_file.write_text("no TOML\n")
    SettingsFeed(Preferences(home), shown.machine, shown.notices, shown.tasks).tell_problem()
    (banner,) = shown.window.notices.notices()
    assert banner.what == "设置不是有效的 TOML"
    assert re.fullmatch(rf"{defaults}。您的文件 /\S+ 已保留为 \S+", banner.next_step)


def test_setting_that_is_refused(shown: Shown, home: Home) -> None:
    label = shown.settings.findChild(QLabel, "setting_cpus_problem")
    assert label is not None

    async def refuse() -> None:
        SettingsFeed(Preferences(home), shown.machine, shown.notices, shown.tasks).serve(shown.settings)
        shown.settings.save_requested.emit("cpus", 0)
        async with asyncio.timeout(DEADLINE_S):
            while not label.text():
                await asyncio.sleep(0.01)

    asyncio.run(refuse())
    assert label.text().startswith("未采用此设置：cpus 的值应为 1 至 256 的整数")


def test_supervisor_that_cannot_be_had(shown: Shown, home: Home) -> None:
    (home.base / "vms").touch()
    error = error_of(MachineService(home.machine()).look())
    shown.machine.lost.emit(error)
    shown.check("无法连接 /", foreign=(error.why,))


def test_engine_that_is_not_there(shown: Shown, tmp_path: Path) -> None:
    service = EngineService()
    links: list[EngineLink] = []
    service.link_changed.connect(links.append)

    async def follow() -> None:
        following = asyncio.create_task(service.follow(tmp_path / "none"))
        while service.link.link is not Link.LOST:
            await asyncio.sleep(0.01)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    asyncio.run(follow())
    lost = next(link for link in links if link.link is Link.LOST)
    shown.show(MachineStatus(state=State.RUNNING), lost)
    shown.notices.error(error_of(service.stop("0123")))
    shown.check("其套接字不存在。", "无法停止 0123", "尚未连接引擎")


def test_engine_that_refuses(shown: Shown, tmp_path: Path) -> None:
    async def stop() -> None:
        async with EngineClient(engine.path) as client:
            await client.stop("a")

    with EngineServer(tmp_path / "e.sock") as engine:
        engine.answers["/containers/a/stop"] = lambda: (500, {"message": "zzz will not"})
        shown.notices.error(error_of(stop()))
    shown.check("引擎拒绝了请求", foreign=("zzz will not",))
