"""Settings files: values are checked, broken files are kept."""

from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.core.settings import MachineSettings, Settings, Theme, parse, read


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
    assert words in caught.value.why


def test_broken_file_is_kept_aside_and_defaults_are_used(tmp_path: Path) -> None:
    path = tmp_path / "machine.toml"
    path.write_text("cpus = nine\n")
    settings, problem = read(MachineSettings, path)
    assert settings == MachineSettings()
    assert problem is not None and "line 1" in problem.why and str(path) in problem.next_step
    kept = list(tmp_path.glob("machine.toml.broken-*"))
    assert [file.read_text() for file in kept] == ["cpus = nine\n"]
    assert kept[0].name in problem.next_step


def test_bytes_that_are_no_text_are_kept_aside_too(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert read(Settings, path)[1] is not None
    assert not path.exists()
