"""Text from outside is shown as it is: in labels, tooltips and buttons."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QLabel

from desktop.views.plain import PlainLabel, plain_action_text, plain_tooltip
from tests.helpers.hostile import HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_label_takes_nothing_for_markup_or_control(text: str) -> None:
    label = PlainLabel(text, elide=True)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert not set(label.text()) & {"\0", "\x1b", "\x07", "\n", "\u202e", "\ud800"}
    assert label.accessibleName() == label.text()


def red_pixels(label: QLabel) -> int:
    picture = label.grab().toImage()
    red = QColor(255, 0, 0)
    return sum(picture.pixelColor(x, y) == red for x in range(picture.width()) for y in range(picture.height()))


def test_no_file_is_loaded_by_a_label(tmp_path: Path) -> None:
    picture = QImage(20, 20, QImage.Format.Format_RGB32)
    picture.fill(QColor(255, 0, 0))
    picture.save(str(tmp_path / "x.png"))
    text = f'<img src="{tmp_path / "x.png"}">'
    assert red_pixels(QLabel(text)) > 300  # Qt's own label does
    assert red_pixels(PlainLabel(text)) == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_tooltip_is_read_as_the_text(text: str) -> None:
    tip = plain_tooltip(text)
    if GuiQt.mightBeRichText(tip):
        assert tip.startswith("<span>") and "<" not in tip.removeprefix("<span>").removesuffix("</span>").replace(
            "<br>", ""
        )


def test_ampersand_in_a_name_is_no_shortcut() -> None:
    assert plain_action_text("a&b") == "a&&b"


def test_long_label_gives_way() -> None:
    label = PlainLabel("x" * 100_000, elide=True)
    assert label.minimumSizeHint().width() < 30
    assert label.sizeHint().width() <= 640
