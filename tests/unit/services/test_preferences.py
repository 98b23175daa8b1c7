"""Settings are checked before they are written, and comments stay."""

import stat
from pathlib import Path

import pytest

from desktop.core.errors import SettingsError, UsageError
from desktop.core.paths import Home
from desktop.core.settings import MachineSettings, Theme, read
from desktop.services.preferences import Preferences


def test_saved_values_come_back(tmp_path: Path) -> None:
    Preferences(Home(tmp_path)).save(theme="dark", cpus=1)
    again = Preferences(Home(tmp_path))
    assert (again.app.theme, again.machine.cpus) == (Theme.DARK, 1)
    assert stat.S_IMODE((tmp_path / "settings.toml").stat().st_mode) == 0o600


def test_comments_and_other_keys_stay(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('# my settings\nlanguage = "zh_CN"  # not theirs\n')
    Preferences(Home(tmp_path)).save(theme=Theme.LIGHT)
    assert file.read_text().startswith('# my settings\nlanguage = "zh_CN"  # not theirs\n')


def test_wrong_value_changes_nothing(tmp_path: Path) -> None:
    preferences = Preferences(Home(tmp_path))
    with pytest.raises(SettingsError, match="cpus"):
        preferences.save(cpus=0, theme="dark")
    assert preferences.app.theme is Theme.SYSTEM
    assert not (tmp_path / "settings.toml").exists()


def test_unknown_key_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no setting cpu"):
        Preferences(Home(tmp_path)).save(cpu=2)


def test_change_is_announced(tmp_path: Path) -> None:
    preferences = Preferences(Home(tmp_path))
    seen: list[int] = []
    preferences.changed.connect(lambda now: seen.append(now.machine.cpus))
    preferences.save(cpus=1)
    assert seen == [1]


async def test_what_others_write_is_taken_in_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    """`moorage config` beside an open window, whose lists would be written over it."""
    ours, theirs, seen = Preferences(Home(tmp_path)), Preferences(Home(tmp_path)), list[Preferences]()
    ours.changed.connect(seen.append)
    await ours.look_again()
    theirs.save(host_ports=[5432], theme="dark")
    await ours.look_again()
    await ours.look_again()
    assert len(seen) == 1 and ours.app.theme is Theme.DARK
    ours.save(host_ports=[*ours.machine.host_ports, 6379])
    assert list(Preferences(Home(tmp_path)).machine.host_ports) == [5432, 6379]
    (tmp_path / "settings.toml").write_text("theme = ")  # by an editor, half way
    await ours.look_again()
    assert ours.app.theme is Theme.DARK and (tmp_path / "settings.toml").read_text() == "theme = "


def test_engine_settings_are_a_table(tmp_path: Path) -> None:
    Preferences(Home(tmp_path)).save(engine={"debug": True, "log-opts": {"max-size": "10m"}})
    assert Preferences(Home(tmp_path)).machine.engine == {"debug": True, "log-opts": {"max-size": "10m"}}


def test_what_cannot_be_written_is_not_in_force_either(tmp_path: Path) -> None:
    preferences = Preferences(Home(tmp_path))
    (tmp_path / "settings.toml").symlink_to(tmp_path / "none" / "settings.toml")  # root may write anywhere else
    with pytest.raises(SettingsError, match="cannot be written"):
        preferences.save(theme="dark")
    assert preferences.app.theme is Theme.SYSTEM


def test_a_folder_that_cannot_be_shared_is_refused(tmp_path: Path) -> None:
    preferences = Preferences(Home(tmp_path))
    with pytest.raises(SettingsError, match="never shares its own"):
        preferences.save(shares=["~", str(tmp_path)])
    assert preferences.machine.shares == ("~",)
    preferences.save(shares=[])
    assert Preferences(Home(tmp_path)).machine.shares == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cpus": 256}, "cannot have 256 CPUs"),
        ({"memory_mib": 1 << 20}, "cannot have 1048576 MiB of memory"),
    ],
)
def test_a_machine_is_not_given_more_than_the_host_has(tmp_path: Path, changes: dict[str, int], words: str) -> None:
    preferences = Preferences(Home(tmp_path))
    with pytest.raises(SettingsError, match=words):
        preferences.save(**changes)
    assert preferences.machine == MachineSettings()
    preferences.save(memory_mib=MachineSettings().memory_mib, cpus=MachineSettings().cpus)  # whatever the host


def test_what_was_too_much_already_holds_up_nothing_else(tmp_path: Path) -> None:
    config = Home(tmp_path).machine().config
    config.parent.mkdir(parents=True)
    config.write_text("cpus = 256\n")
    preferences = Preferences(Home(tmp_path))
    preferences.save(suspend_after_min=5)
    assert (preferences.machine.cpus, preferences.machine.suspend_after_min) == (256, 5)


def test_a_change_after_a_broken_file_keeps_what_held_instead_of_it(tmp_path: Path) -> None:
    """A file with that one key alone would share the home folder, which the user may have turned off."""
    config = Home(tmp_path).machine().config
    config.parent.mkdir(parents=True)
    config.write_text("cpus = nine\nshares = []\nsuspend_after_min = 3\n")
    Preferences(Home(tmp_path)).save(stop_deadline_s=7)
    again = Preferences(Home(tmp_path))
    assert (again.machine.shares, again.machine.suspend_after_min, again.machine.stop_deadline_s) == ((), 3, 7)
    assert again.problems == () and "cpus" not in config.read_text()


async def test_a_file_that_another_program_set_aside_is_known_by_what_can_be_read_of_it(tmp_path: Path) -> None:
    """The supervisor does when it is told that settings changed; the window looks later."""
    config = Home(tmp_path).machine().config
    config.parent.mkdir(parents=True)
    config.write_text("shares = []\n")
    window = Preferences(Home(tmp_path))
    config.write_text("shares = []\ncpus =\n")
    read(MachineSettings, config)
    assert not config.exists()
    await window.look_again()
    assert window.machine.shares == ()
    await window.put(stop_deadline_s=7)
    assert Preferences(Home(tmp_path)).machine.shares == ()


def test_a_file_that_is_no_text_any_more_is_told_and_left(tmp_path: Path) -> None:
    """As an editor in another encoding leaves it, while the window is open."""
    preferences = Preferences(Home(tmp_path))
    (tmp_path / "settings.toml").write_bytes(b"# \xe4\n")
    with pytest.raises(SettingsError, match="cannot be read"):
        preferences.save(theme="dark")
    assert (tmp_path / "settings.toml").read_bytes() == b"# \xe4\n" and preferences.app.theme is Theme.SYSTEM
