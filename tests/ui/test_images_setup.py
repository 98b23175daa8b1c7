"""Building from the window: a mirror is looked at before it is kept and used."""

from __future__ import annotations

import asyncio
import http.server
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton

from desktop.core.paths import Home
from desktop.core.settings import Settings, read
from desktop.machine.image import archive, recipe
from desktop.services.preferences import Preferences
from desktop.shell.images_setup import ImagesSetup
from desktop.shell.notices import Notices
from desktop.shell.tasks import Tasks
from desktop.views.images_card import ImagesCard, ImagesState
from desktop.views.notice_stack import Notice
from tests.helpers.builds import make_build
from tests.helpers.log_watch import LogWatch

DEADLINE_S = 60.0


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A mirror that has lists of every suite and no package."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for suite in recipe.load().suites.values():
        folder = tmp_path / "debian" / "dists" / suite.name
        folder.mkdir(parents=True)
        (folder / "InRelease").write_text(f"Origin: Debian\nCodename: {suite.name}\n")
    handler = partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Shown:
    """The card, and what feeds it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.notices, self.said = Notices(), list[Notice]()
        self.notices.said.connect(self.said.append)
        self.tasks = Tasks(self.notices.failed)
        self.setup = ImagesSetup(home, Preferences(home), self.tasks, self.notices)
        self.card = ImagesCard("card", "Guest image", only_when_needed=False)
        self.setup.serve(self.card)
        self.card.show()

    def part(self, kind: type[Any], name: str) -> Any:
        return self.card.findChild(kind, f"card_{name}")

    def ask(self, address: str) -> None:
        line = self.part(QLineEdit, "mirror")
        line.clear()
        QTest.keyClicks(line, address)
        self.part(QPushButton, "build").click()

    def kept(self) -> str:
        return read(Settings, self.home.settings_file)[0].mirror

    async def until_at_rest(self) -> None:
        await asyncio.sleep(0)  # the build that was asked for begins
        async with asyncio.timeout(DEADLINE_S):
            while self.part(QPushButton, "build").isHidden():
                await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def shown(home: Home) -> AsyncIterator[Shown]:
    made = Shown(home)
    yield made
    assert await made.tasks.close(DEADLINE_S) == []
    made.card.close()
    made.card.deleteLater()


async def test_fault_of_a_mirror_stands_beside_the_field_and_nothing_is_kept(shown: Shown, site: str) -> None:
    shown.ask(f"{site}/nothing")
    await shown.until_at_rest()
    fault = shown.part(QLabel, "mirror_fault")
    assert fault.isVisible() and "404" in fault.text() and fault.text()[0] == "I"
    assert (shown.kept(), shown.said) == ("", [])
    assert not any(shown.home.base.rglob(".work-*"))
    QTest.keyClicks(shown.part(QLineEdit, "mirror"), "2")
    assert not fault.isVisible()


async def test_mirror_that_will_do_is_kept_and_built_from(shown: Shown, site: str, logs: LogWatch) -> None:
    shown.ask(f"{site}/debian")
    async with asyncio.timeout(DEADLINE_S):
        while shown.kept() != f"{site}/debian":
            await asyncio.sleep(0.01)
    shown.part(QPushButton, "cancel").click()
    await shown.until_at_rest()
    assert not shown.part(QLabel, "mirror_fault").isVisible()


def test_fault_belongs_to_the_address_that_has_it(home: Home) -> None:
    card = ImagesCard("card", "Guest image", only_when_needed=False)
    one = "https://one.example"
    card.show_state(ImagesState(mirror=one, mirror_fault="it is closed", faulty_mirror=one))
    card.show()
    fault = card.findChild(QLabel, "card_mirror_fault")
    assert fault is not None and fault.isVisible() and fault.text() == "It is closed."
    card.show_state(ImagesState(mirror_fault="it is closed", faulty_mirror="https://other.example"))
    assert not fault.isVisible()
    card.close()
    card.deleteLater()


def test_a_mirror_that_was_taken_out_stays_out(home: Home) -> None:
    """It came back with the first word of the build, and was built from the next time."""
    card = ImagesCard("card", "Guest image", only_when_needed=False)
    card.show_state(ImagesState(mirror="https://one.example"))
    line, asked = card.findChild(QLineEdit, "card_mirror"), list[str]()
    assert line is not None and line.text() == "https://one.example"
    card.build_requested.connect(asked.append)
    line.clear()
    card._ask_build()
    card.show_state(ImagesState(building=True, mirror="https://one.example"))
    card.show_state(ImagesState(checked=True))
    assert line.text() == "" and asked == [""]
    line.setText("https://two.ex")  # half typed
    card.show_state(ImagesState(checked=True, mirror="https://one.example"))
    assert line.text() == "https://two.ex"
    card.deleteLater()


@pytest_asyncio.fixture
async def exported(tmp_path: Path) -> Path:
    file = tmp_path / "exported"
    await archive.export_archive(file, [make_build(tmp_path / "guest/d1", {"kernel": b"kernel"})], lambda share: None)
    return file


def test_the_name_that_an_export_is_offered_says_how_it_is_packed(exported: Path) -> None:
    card = ImagesCard("card", "Guest image", only_when_needed=False)
    card.show_state(ImagesState(checked=True))
    card.show()
    export = card.findChild(QPushButton, "card_export")
    assert export is not None
    export.click()
    dialog = card.findChild(QFileDialog, "card_file_dialog")
    assert dialog is not None
    packings = {b"\x1f\x8b": ".gz", b"\x28\xb5": ".zst"}
    assert Path(dialog.selectedFiles()[0]).suffix == packings[exported.read_bytes()[:2]]
    card.close()
    card.deleteLater()
