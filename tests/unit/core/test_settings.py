"""Settings files: values are checked, broken files are kept."""

from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.core.settings import MachineSettings, Network, Settings, Theme, parse, read

SAFE = MachineSettings(shares=(), network=Network.PASST, disk_mib=2048)


def test_absent_file_gives_defaults(tmp_path: Path) -> None:
    assert read(Settings, tmp_path / "settings.toml") == (Settings(), None)


def test_values_are_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = "dark"\n')
    assert read(Settings, path)[0].theme is Theme.DARK


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cpus = 2\nmemory_mib = 1\n", "line 2"),
        ("# mine\n\ncpu = 2\n", "line 3"),
        ("cpus = 2\ncpus =\n", "line 2"),
        ('accelerator = "warp"\n', "line 1"),
    ],
)
def test_error_names_the_line(text: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(MachineSettings, text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cpus = 0", "cpus takes a whole number from 1 to 256"),
        ('memory_mib = "lots"', "memory_mib takes a whole number from 512 to 1048576"),
        ('accelerator = "warp"', "accelerator takes one of: auto, kvm, hvf, tcg"),
        ("host_ports = [0]", "host_ports takes a list of at most 32 whole numbers from 1 to 65535"),
        ("shares = true", 'shares takes a list of at most 8, such as ["~/project"]'),
        ("\nengine = 1", "engine takes a table"),
        ("[warp]\nx = 1", "there is no setting warp"),
    ],
)
def test_error_says_what_the_setting_takes(text: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(MachineSettings, text)
    assert caught.value.why == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("language = 1", "language takes text"),
        ('console_prefix = "x"', 'console_prefix takes text, such as "C-a"'),
    ],
)
def test_error_says_what_a_setting_of_the_app_takes(text: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(Settings, text)
    assert caught.value.why == words


def test_broken_file_is_kept_aside_and_defaults_are_used(tmp_path: Path) -> None:
    path = tmp_path / "machine.toml"
    path.write_text("cpus = nine\n")
    settings, problem = read(MachineSettings, path)
    assert settings == SAFE
    assert problem is not None and "line 1" in str(problem) and str(path) in problem.next_step
    kept = list(tmp_path.glob("machine.toml.broken-*"))
    assert [file.read_text() for file in kept] == ["cpus = nine\n"]
    assert kept[0].name in problem.next_step


@pytest.mark.parametrize(
    "broken",
    [
        'shares = "~/project"\n',  # a word for a list
        'shares = ["~/project]\n',  # no TOML
        'share = ["~/project"]\n',
        "cpus = nine\n",
        b"\xff\xfe",
        "cpus = " + "9" * 5000 + "\n",
        "shares = " + "[" * 5000 + "\n",
    ],
)
def test_what_a_broken_file_does_not_say_is_safe(tmp_path: Path, broken: str | bytes) -> None:
    """Nobody knows what stood there: perhaps that nothing is shared."""
    path = tmp_path / "machine.toml"
    path.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    for _ in range(2):  # as it is, and once it is kept aside
        settings, problem = read(MachineSettings, path)
        assert settings == SAFE
        assert problem is not None and "no folder is shared that it does not name" in problem.next_step


def test_what_a_broken_file_says_of_other_keys_holds(tmp_path: Path) -> None:
    path = tmp_path / "machine.toml"
    path.write_text(
        "cpus = nine\nmemory_mib = 1\nshares = [\"~/project\"]\nhost_ports = [0]\nwhat = 1\nnetwork = \"slirp\"\n"
        "[engine]\nicc = false\nproxies = {\n[engine.log]\nlevel = 1\n"
    )
    settings = read(MachineSettings, path)[0]
    assert (settings.cpus, settings.memory_mib, settings.host_ports) == (2, 2048, ())
    assert (settings.shares, settings.network, settings.disk_mib) == (("~/project",), Network.SLIRP, 2048)
    assert settings.engine == {"icc": False, "log": {"level": 1}}


def test_a_file_of_many_broken_lines_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "machine.toml"
    path.write_text("cpus =\n" * 20000)
    assert read(MachineSettings, path)[0] == SAFE


def test_broken_file_is_told_of_until_it_is_replaced(tmp_path: Path) -> None:
    """Whoever read it first may not have been one who tells the user."""
    path = tmp_path / "machine.toml"
    path.write_text("cpus = nine\n")
    first = read(MachineSettings, path)[1]
    again = read(MachineSettings, path)[1]
    assert str(first) == str(again)
    path.write_text("cpus = 9\n")
    assert read(MachineSettings, path)[1] is None


def test_a_file_that_is_mended_where_it_is_kept_holds(tmp_path: Path) -> None:
    """Defaults would come back without a word, and share the home folder."""
    path = tmp_path / "machine.toml"
    path.write_text("cpus = nine\nshares = []\n")
    read(MachineSettings, path)
    (kept,) = tmp_path.glob("machine.toml.broken-*")
    kept.write_text("cpus = 1\nshares = []\n")
    assert read(MachineSettings, path) == (MachineSettings(cpus=1, shares=()), None)


def test_a_link_to_a_broken_file_is_mended_where_it_leads(tmp_path: Path) -> None:
    path, real = tmp_path / "machine.toml", tmp_path / "mine.toml"
    real.write_text("cpus = nine\n")
    path.symlink_to(real)
    assert read(MachineSettings, path)[0] == SAFE
    real.write_text("shares = []\n")
    assert read(MachineSettings, path) == (MachineSettings(shares=()), None)


def test_a_kept_file_that_cannot_be_read_shares_nothing(tmp_path: Path) -> None:
    (tmp_path / "machine.toml.broken-20260101-000000").mkdir()
    settings, problem = read(MachineSettings, tmp_path / "machine.toml")
    assert settings == SAFE and problem is not None and "Is a directory" in problem.why


def test_newest_of_the_broken_files_is_the_one_that_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "machine.toml.broken-20260101-000000").write_text("cpus = nine\n")
    (tmp_path / "machine.toml.broken-20260102-000000").write_text("\nmemory_mib = nine\n")
    problem = read(MachineSettings, tmp_path / "machine.toml")[1]
    assert problem is not None and "line 2" in problem.why and "20260102" in problem.next_step


def test_file_that_cannot_be_read_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.mkdir()  # root reads any file, but no folder
    settings, problem = read(Settings, path)
    assert settings == Settings() and path.is_dir() and len(list(tmp_path.iterdir())) == 1
    assert problem is not None and "Is a directory" in problem.why and "stays" in problem.next_step


def test_a_machines_file_that_cannot_be_read_shares_nothing(tmp_path: Path) -> None:
    path = tmp_path / "machine.toml"
    path.mkdir()
    settings, problem = read(MachineSettings, path)
    assert settings == SAFE and problem is not None and "no folder is shared" in problem.next_step


def test_bytes_that_are_no_text_are_kept_aside_too(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert read(Settings, path)[1] is not None
    assert not path.exists()
