"""A container with a folder that is not shared is marked, and told of when it comes up."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from desktop.core.engine import Container, EngineLink, Link
from desktop.core.paths import Home
from desktop.models.container_columns import containers_model
from desktop.models.record_table import HINT_ROLE, MARK_ROLE
from desktop.services.engine import EngineService
from desktop.shell.notices import Notices
from desktop.shell.unshared_folders import UnsharedFolders
from desktop.shell.window import MainWindow

PLAIN = Container(id="b", name="app", image="app")
WEB = Container(id="a", name="web", image="web", binds=("/tmp/pages",), unshared=("/tmp/pages",))


async def test_a_container_that_comes_up_without_its_folder_is_told_until_it_is_gone(home: Home) -> None:
    window = MainWindow(QSettings(str(home.base / "window.ini"), QSettings.Format.IniFormat))
    notices, engine = Notices(), EngineService()
    notices.said.connect(window.notices.show_notice)
    notices.withdrawn.connect(window.notices.put_away)
    folders = UnsharedFolders(engine, notices, window)
    engine.containers.replace([WEB])  # there before the app was
    assert window.notices.notices() == []
    engine.link = EngineLink(Link.UP)
    engine.containers.replace([])
    engine.containers.apply([WEB, PLAIN])
    (notice,) = window.notices.notices()
    assert notice.what == "web was given a folder that is not shared" and "/tmp/pages" in notice.why
    assert [choice.label for choice in notice.choices] == ["Settings"]
    engine.containers.apply(removed=["a"])
    assert window.notices.notices() == []
    del folders
    window.deleteLater()


def test_its_name_has_a_mark_that_says_why() -> None:
    model = containers_model()
    engine = EngineService()
    model.follow(engine.containers)
    engine.containers.apply([WEB, PLAIN])
    marks = [(model.record(row).name, model.index(row, 0).data(MARK_ROLE)) for row in range(2)]
    assert marks == [("app", ""), ("web", "warning")]
    assert "/tmp/pages" in model.index(1, 0).data(HINT_ROLE)
