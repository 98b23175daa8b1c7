"""The entry in the desktop's app menu: valid, and it starts the checkout that put it there."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop.core.paths import resources
from desktop.views.icons import app_icon

ROOT = Path(__file__).resolve().parents[2]
PUT_IN_MENU = ". packaging/set_up.sh; put_in_menu"


def checkout(folder: Path) -> Path:
    """As much of one as the entry needs."""
    folder.mkdir()
    for name in ("packaging", "resources"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def put(folder: Path, data: Path) -> Path:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(data)}
    subprocess.run(["sh", "-euc", PUT_IN_MENU], cwd=folder, env=environment, check=True)
    return data / ".local/share/applications/moorage.desktop"


def problems(entry: Path) -> str:
    program = shutil.which("desktop-file-validate")
    assert program is not None
    return subprocess.run([program, entry], capture_output=True, text=True).stdout


def test_entry_is_valid_and_names_what_is_there() -> None:
    entry = resources() / "moorage.desktop"
    assert problems(entry) == ""
    words = entry.read_text("utf-8")
    assert "\nStartupWMClass=moorage\n" in words and "\nIcon=moorage\n" in words
    assert "\nComment[zh_CN]=" in words


def test_entry_starts_the_checkout_that_put_it_there(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "a b|ü&c")
    (tmp_path / ".local/share").mkdir(parents=True)
    entry = put(folder, tmp_path)
    assert problems(entry) == ""
    line = next(line for line in entry.read_text("utf-8").splitlines() if line.startswith("Exec="))
    assert shlex.split(line.removeprefix("Exec=")) == [f"{folder}/packaging/run", "app"]
    assert (tmp_path / ".local/share/icons/hicolor/scalable/apps/moorage.svg").read_text().startswith("<svg")
    written = entry.stat().st_mtime_ns
    assert put(folder, tmp_path).stat().st_mtime_ns == written


@pytest.mark.parametrize("name", ["50%", 'a"b', "a$HOME", "a`b", "a\\b"])
def test_folder_that_the_file_would_read_otherwise_gets_none(tmp_path: Path, name: str) -> None:
    (tmp_path / ".local/share").mkdir(parents=True)
    assert not put(checkout(tmp_path / name), tmp_path).exists()


def test_home_without_a_data_folder_is_left_alone(tmp_path: Path) -> None:
    put(ROOT, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_menu_and_window_show_the_same_icon() -> None:
    drawn = app_icon().pixmap(64, 64).toImage()
    from_file = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    from_file.fill(Qt.GlobalColor.transparent)
    painter = QPainter(from_file)
    QSvgRenderer(str(resources() / "icons" / "moorage.svg")).render(painter)
    painter.end()
    places = [(x, y) for x in range(64) for y in range(64)]
    one, other = ([image.pixelColor(*place) for place in places] for image in (drawn, from_file))
    apart = [max(abs(a.red() - b.red()), abs(a.alpha() - b.alpha())) for a, b in zip(one, other, strict=True)]
    assert sum(apart) / len(apart) < 2
    assert {colour.name() for colour in one} >= {"#0f62c0", "#ffffff"}
