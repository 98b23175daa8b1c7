"""The settings pane shows what is saved, and says what the user changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton, QSpinBox

from desktop.core.settings import AtLogin, MachineSettings, OnQuit, Settings, SuspendWhen, Theme
from desktop.services.preferences import APP_KEYS, MACHINE_KEYS
from desktop.views.images_card import ImagesCard, ImagesState
from desktop.views.settings_pane import SettingsPane
from desktop.views.shares_card import SharedFolders
from desktop.views.terminal.metrics import monospaced_families

ONLY_IN_THE_FILE = {"start_deadline_s", "stop_deadline_s", "engine", "use_context", "mirror"}
"""use_context is the switch in the overview, mirror stands with the build."""


class Shown:
    def __init__(self) -> None:
        self.pane = SettingsPane((("en", "English"), ("zh_CN", "简体中文")), monospaced_families())
        self.saved: list[tuple[str, Any]] = []
        self.pane.save_requested.connect(lambda key, value: self.saved.append((key, value)))
        self.pane.resize(900, 700)
        self.pane.show()

    def box(self, key: str) -> QComboBox:
        return self.part(QComboBox, f"setting_{key}")

    def spin(self, key: str) -> QSpinBox:
        return self.part(QSpinBox, f"setting_{key}")

    def part(self, kind: type[Any], name: str) -> Any:
        found = self.pane.findChild(kind, name)
        assert found is not None, name
        return found


@pytest.fixture
def shown() -> Iterator[Shown]:
    made = Shown()
    yield made
    made.pane.close()
    made.pane.deleteLater()


def test_every_setting_has_its_control(shown: Shown) -> None:
    kinds = (QComboBox, QSpinBox, QLineEdit, SharedFolders)
    for key in {*APP_KEYS, *MACHINE_KEYS} - ONLY_IN_THE_FILE:
        assert any(shown.pane.findChild(kind, f"setting_{key}") for kind in kinds), key


def test_what_is_on_linux_only_is_said_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    elsewhere = Shown()
    words = [label.text() for label in elsewhere.pane.findChildren(QLabel)]
    assert elsewhere.part(QPushButton, "share_add").isEnabled()
    elsewhere.pane.close()
    elsewhere.pane.deleteLater()
    assert any(text.startswith("Machines are suspended on Linux only") for text in words)
    assert any("your home folder is not shared as a whole" in text for text in words)


def test_at_login_is_shown_and_said(shown: Shown) -> None:
    shown.pane.show_at_login(AtLogin.TRAY)
    box = shown.box("at_login")
    assert (box.currentText(), shown.saved) == ("Starts in the tray", [])
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert shown.saved == [("at_login", "window")]


def test_showing_saves_nothing(shown: Shown) -> None:
    shown.pane.show_values(Settings(theme=Theme.DARK), MachineSettings(cpus=3, memory_mib=4096), 8, 16384)
    assert shown.saved == []
    assert shown.spin("cpus").value() == 3
    assert shown.spin("memory_mib").value() == 4096
    assert shown.box("theme").currentData() == "dark"


def test_changes_are_said_with_the_value_that_is_saved(shown: Shown) -> None:
    shown.pane.show_values(Settings(), MachineSettings(), 8, 16384)
    shown.spin("cpus").setValue(4)
    shown.spin("disk_mib").setValue(100)
    box = shown.box("on_quit")
    box.setCurrentIndex(box.findData(OnQuit.LEAVE))
    box.activated.emit(box.currentIndex())
    assert shown.saved == [("cpus", 4), ("disk_mib", 100 * 1024), ("on_quit", "leave")]


def test_ports_that_containers_may_reach_are_said_as_numbers(shown: Shown) -> None:
    shown.pane.show_values(Settings(), MachineSettings(host_ports=(5432,)), 8, 16384)
    ports = shown.part(QLineEdit, "setting_host_ports")
    assert ports.text() == "5432"
    ports.editingFinished.emit()
    for text in ("5432 6379, 80", ""):
        ports.setText(text)
        ports.editingFinished.emit()
    QTest.keyClicks(ports, "web")
    assert (ports.text(), [value for _, value in shown.saved]) == ("", [[5432, 6379, 80], []])
    shown.pane.show_problem("host_ports", "Expected int <= 65535")
    assert shown.part(QLabel, "setting_host_ports_problem").isVisible()


def test_when_to_suspend_is_chosen_in_words(shown: Shown) -> None:
    shown.pane.show_values(Settings(), MachineSettings(), 8, 16384)
    after = shown.spin("suspend_after_min")
    assert after.text() == "10 min"
    after.setValue(0)
    assert after.text() == "Never"
    containers = shown.box("suspend_when")
    assert containers.currentText() == "Keep it awake"
    containers.setCurrentIndex(containers.findData(SuspendWhen.UNUSED))
    containers.activated.emit(containers.currentIndex())
    assert shown.saved == [("suspend_after_min", 0), ("suspend_when", "unused")]


def test_a_consoles_font_is_one_of_the_monospaced(shown: Shown) -> None:
    shown.pane.show_values(Settings(console_font="DejaVu Sans Mono"), MachineSettings(), 8, 16384)
    fonts = shown.box("console_font")
    assert fonts.currentText() == "DejaVu Sans Mono" and fonts.findData("DejaVu Sans") < 0
    fonts.setCurrentIndex(0)
    fonts.activated.emit(0)
    assert (fonts.currentText(), shown.saved) == ("As the system", [("console_font", "")])


def test_digits_are_saved_when_they_are_all_typed(shown: Shown) -> None:
    shown.pane.show_values(Settings(), MachineSettings(), 8, 16384)
    memory = shown.spin("memory_mib")
    memory.selectAll()
    QTest.keyClicks(memory, "4096")
    assert shown.saved == []
    QTest.keyClick(memory, Qt.Key.Key_Return)
    assert shown.saved == [("memory_mib", 4096)]


def test_host_is_the_limit_but_never_changes_what_is_saved(shown: Shown) -> None:
    shown.pane.show_values(Settings(), MachineSettings(cpus=16), 2, 4096)
    assert shown.spin("cpus").value() == 16 and shown.saved == []
    shown.pane.show_values(Settings(), MachineSettings(cpus=2), 2, 4096)
    assert shown.spin("cpus").maximum() == 2


def test_refusal_stands_beside_the_setting(shown: Shown) -> None:
    shown.pane.show_problem("cpus", "Expected int <= 256")
    label = shown.part(QLabel, "setting_cpus_problem")
    assert label.isVisible() and label.text() == "Expected int <= 256"
    shown.pane.show_problem("cpus", "")
    assert not label.isVisible()


def test_much_memory_is_warned_of(shown: Shown) -> None:
    shown.pane.show_values(Settings(), MachineSettings(memory_mib=15000), 8, 16384)
    assert shown.part(QLabel, "setting_memory_mib_problem").isVisible()


def test_restart_is_offered_while_the_machine_has_older_settings(shown: Shown) -> None:
    wishes: list[str] = []
    shown.pane.restart_requested.connect(lambda: wishes.append("restart"))
    button = shown.part(QPushButton, "pending_restart_button")
    assert not button.isVisible()
    shown.pane.show_pending(True)
    button.click()
    assert wishes == ["restart"]


@pytest.fixture
def card() -> Iterator[ImagesCard]:
    made = ImagesCard("card", "Guest image", only_when_needed=True)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def visible(card: ImagesCard) -> set[str]:
    buttons = [button for button in card.findChildren(QPushButton) if not button.isHidden()]
    return {button.objectName().removeprefix("card_") for button in buttons}


def test_missing_images_can_be_built_or_imported(card: ImagesCard) -> None:
    card.show_state(ImagesState(checked=True, problem="There is no guest image yet"))
    assert not card.isHidden() and visible(card) == {"build", "import"}


def test_build_shows_its_step_and_can_be_cancelled(card: ImagesCard) -> None:
    cancelled: list[bool] = []
    card.cancel_requested.connect(lambda: cancelled.append(True))
    card.show_state(ImagesState(problem="There is none", building=True, step="downloading", fraction=0.4))
    assert visible(card) == {"cancel"}
    words = card.findChild(QLabel, "card_words")
    button = card.findChild(QPushButton, "card_cancel")
    assert words is not None and words.text() == "downloading" and button is not None
    button.click()
    assert cancelled == [True]


def test_whole_images_need_no_card_in_the_overview(card: ImagesCard) -> None:
    card.show_state(ImagesState(checked=True, versions="1"))
    assert card.isHidden()


def test_host_without_a_mirror_is_asked_for_one(card: ImagesCard) -> None:
    wishes: list[str] = []
    card.build_requested.connect(wishes.append)
    card.show_state(ImagesState(checked=True, problem="There is none", asks_mirror=True))
    line, build = card.findChild(QLineEdit, "card_mirror"), card.findChild(QPushButton, "card_build")
    assert line is not None and build is not None and not build.isEnabled()
    QTest.keyClicks(line, "ftp//wrong")
    assert not build.isEnabled()
    line.clear()
    QTest.keyClicks(line, "https://mirror.example/debian")
    build.click()
    assert wishes == ["https://mirror.example/debian"]


def test_shared_folders_are_listed_added_and_removed(shown: Shown) -> None:
    shown.pane.show_values(Settings(), MachineSettings(shares=("~", "/srv/<b>data</b>")), 8, 16384)
    assert shown.part(QLabel, "share_1_path").text() == "/srv/<b>data</b>"
    shown.part(QPushButton, "share_0_remove").click()
    shown.part(QPushButton, "share_add").click()
    dialog = shown.part(QFileDialog, "share_dialog")
    dialog.fileSelected.emit("/srv/more")
    dialog.close()
    assert shown.saved == [("shares", ["/srv/<b>data</b>"]), ("shares", ["~", "/srv/<b>data</b>", "/srv/more"])]
    shown.pane.show_values(Settings(), MachineSettings(shares=()), 8, 16384)
    assert shown.part(QLabel, "setting_shares_none").isVisible()
    shown.pane.show_problem("shares", "there is no such folder")
    assert shown.part(QLabel, "setting_shares_problem").isVisible()


def test_ports_that_were_changed_elsewhere_are_not_put_back(shown: Shown) -> None:
    """By `moorage config`, while the window was hidden and the cursor stood in the field."""
    field = shown.part(QLineEdit, "setting_host_ports")
    shown.pane.activateWindow()
    assert QTest.qWaitForWindowActive(shown.pane)
    field.setFocus()
    QTest.keyClicks(field, "5432")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert shown.saved == [("host_ports", [5432])]
    shown.pane.show_values(Settings(), MachineSettings(host_ports=[5432]), 8, 16384)
    shown.pane.show_values(Settings(), MachineSettings(host_ports=[6379]), 8, 16384)
    assert field.text() == "6379"
    shown.box("network").setFocus()
    assert shown.saved == [("host_ports", [5432])]


def test_ports_that_are_being_typed_are_left_alone(shown: Shown) -> None:
    field = shown.part(QLineEdit, "setting_host_ports")
    shown.pane.activateWindow()
    assert QTest.qWaitForWindowActive(shown.pane)
    field.setFocus()
    QTest.keyClicks(field, "54")
    shown.pane.show_values(Settings(), MachineSettings(host_ports=[6379]), 8, 16384)
    assert field.text() == "54"
    QTest.keyClicks(field, "32")
    shown.box("network").setFocus()
    assert shown.saved == [("host_ports", [5432])]


def test_a_value_that_only_the_file_can_have_is_shown_as_it_is(shown: Shown) -> None:
    """The first choice would be told in its place: Ctrl+A, where the console's key is another one."""
    settings = Settings(console_prefix="C-x", console_font="A font that went", language="fr")
    for _ in range(2):
        shown.pane.show_values(settings, MachineSettings(), 8, 16384)
    for key, words in (("console_prefix", "C-x"), ("console_font", "A font that went"), ("language", "fr")):
        box = shown.box(key)
        assert (box.currentText(), box.currentData()) == (words, words)
        assert [box.itemText(number) for number in range(box.count())].count(words) == 1
    shown.pane.show_values(Settings(), MachineSettings(), 8, 16384)
    assert shown.box("console_prefix").currentText() == "Ctrl+A" and shown.saved == []
