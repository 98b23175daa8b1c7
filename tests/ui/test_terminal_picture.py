"""What the terminal paints, pixel by pixel: sharp and without gaps at any scale."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QImage, QPainter

from desktop.core.settings import ConsoleColours
from desktop.shell.qt_words import say_less
from desktop.terminal.screen import Screen
from desktop.views.terminal.metrics import CellMetrics, default_family, family_of
from desktop.views.terminal.palette import DARK, LIGHT, SCHEMES, Rgb, Scheme, contrast
from desktop.views.terminal.surface import Surface

INK, PAPER = DARK.foreground, DARK.background
GRAB = Path(__file__).parent / "grab_terminal.py"


class Picture:
    """A screen of 12 by 4 cells, painted."""

    def __init__(self, text: str, pixel_size: int = 14, scheme: Scheme = DARK) -> None:
        self.screen = Screen(12, 4)
        self.screen.set_theme(scheme.foreground, scheme.background, scheme.cursor, scheme.palette())
        self.screen.feed(b"\x1b[?25l" + text.encode())
        self.metrics = CellMetrics(default_family(), pixel_size)
        self.surface = Surface(self.metrics, scheme)
        self.surface.refresh(self.screen)

    def image(self, cursor: bool = False) -> QImage:
        image = QImage(self.surface.size, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        self.surface.paint(painter, self.surface.cell_rect(0, 0).topLeft())
        if cursor:
            self.surface.paint_cursor(painter, is_focused=True)
        painter.end()
        return image

    def colours_of(self, column: int, row: int, cells: int = 1, cursor: bool = False) -> set[Rgb]:
        image, rect = self.image(cursor), self.surface.cell_rect(column, row, cells)
        return {
            image.pixelColor(x, y).getRgb()[:3]
            for x in range(rect.left(), rect.right() + 1)
            for y in range(rect.top(), rect.bottom() + 1)
        }

    def is_column_whole(self, column: int, rows: int) -> bool:
        """Whether some column of pixels in a column of cells is ink from top to bottom."""
        image, rect = self.image(), self.surface.cell_rect(column, 0)
        return any(
            all(image.pixelColor(x, y).getRgb()[:3] == INK for y in range(rows * self.metrics.height))
            for x in range(rect.left(), rect.right() + 1)
        )

    def is_line_whole(self, row: int, columns: int) -> bool:
        image, rect = self.image(), self.surface.cell_rect(0, row)
        return any(
            all(image.pixelColor(x, y).getRgb()[:3] == INK for x in range(columns * self.metrics.width))
            for y in range(rect.top(), rect.bottom() + 1)
        )


@pytest.mark.parametrize("pixel_size", [7, 11, 14, 17, 21, 28, 35])
@pytest.mark.parametrize("line", "│┃║█▌")
def test_vertical_lines_join_from_row_to_row(line: str, pixel_size: int) -> None:
    assert Picture("\r\n".join([f"x{line}y"] * 4), pixel_size).is_column_whole(1, 4)


@pytest.mark.parametrize("pixel_size", [7, 11, 14, 17, 21, 28, 35])
@pytest.mark.parametrize("line", "─━═▄█")
def test_horizontal_lines_join_from_cell_to_cell(line: str, pixel_size: int) -> None:
    assert Picture(line * 12, pixel_size).is_line_whole(0, 12)


@pytest.mark.parametrize("pixel_size", [11, 14, 21, 28])
@pytest.mark.parametrize(
    "box", ["┌─┐\r\n│ │\r\n└─┘", "╔═╗\r\n║ ║\r\n╚═╝", "┏━┓\r\n┃ ┃\r\n┗━┛", "╒═╕\r\n│ │\r\n╘═╛", "╓─╖\r\n║ ║\r\n╙─╜"]
)
def test_a_box_is_closed(box: str, pixel_size: int) -> None:
    """Paint poured in from outside does not reach the middle."""
    picture = Picture(box, pixel_size)
    image, width, height = picture.image(), 3 * picture.metrics.width, 3 * picture.metrics.height
    reached, edge = {(0, 0)}, [(0, 0)]
    assert image.pixelColor(0, 0).getRgb()[:3] == PAPER
    while edge:
        x, y = edge.pop()
        for near in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            inside = 0 <= near[0] < width and 0 <= near[1] < height
            if inside and near not in reached and image.pixelColor(*near).getRgb()[:3] == PAPER:
                reached.add(near)
                edge.append(near)
    assert (width // 2, height // 2) not in reached


def test_every_box_and_block_character_draws_something_within_its_cell() -> None:
    for code in range(0x2500, 0x25A0):
        picture = Picture(f" {chr(code)} ")
        assert picture.colours_of(1, 0) != {PAPER}, hex(code)
        assert picture.colours_of(0, 0) == picture.colours_of(2, 0) == {PAPER}, hex(code)


@pytest.mark.parametrize("text", ["漢", "한", "👍", "ｗ"])
def test_a_wide_character_stays_within_its_two_cells(text: str) -> None:
    picture = Picture(f" {text} x")
    assert picture.colours_of(1, 0, cells=2) != {PAPER}
    assert picture.colours_of(0, 0) == picture.colours_of(3, 0) == {PAPER}


@pytest.mark.parametrize("text", ["﷽", "㎞", "Ꮻ", "⟹", "Ǆ"])
def test_a_character_too_wide_for_its_cell_is_made_smaller(text: str) -> None:
    picture = Picture(f" {text} ")
    assert picture.colours_of(1, 0) != {PAPER}
    assert picture.colours_of(0, 0) == picture.colours_of(3, 0) == {PAPER}


@pytest.mark.parametrize("text", ["عربى abc", "abc عر ١٢ x", "שלום (abc)"])
def test_text_from_right_to_left_stays_in_the_cells_in_which_the_guest_put_it(text: str) -> None:
    whole = Picture(text)
    for column, char in enumerate(text):
        if not char.isascii() or char == " ":  # which a neighbour may reach into
            continue
        alone, rect = Picture(f"\x1b[{column + 1}G{char}"), whole.surface.cell_rect(column, 0)
        assert whole.image().copy(rect) == alone.image().copy(rect), char


def test_characters_that_no_font_shapes_are_not_told_of_one_by_one(caplog: pytest.LogCaptureFixture) -> None:
    say_less()
    caplog.set_level(logging.INFO, "qt")
    Picture(" ".join(map(chr, range(0x905, 0x910))) + " ".join(map(chr, range(0xB05, 0xB0C))))
    assert not caplog.records


def test_a_long_run_does_not_drift_out_of_its_cells() -> None:
    for pixel_size in range(8, 30):
        picture = Picture("          │x", pixel_size)
        shifted = Picture("iiiiiiiiii│x", pixel_size)
        assert picture.colours_of(10, 0) == shifted.colours_of(10, 0)
        rect = picture.surface.cell_rect(11, 0)
        assert picture.image().copy(rect) == shifted.image().copy(rect), pixel_size


@pytest.mark.parametrize(
    ("sequence", "differs"),
    [("1", True), ("3", True), ("4", True), ("4:2", True), ("4:3", True), ("4:4", True), ("4:5", True), ("7", True),
     ("9", True), ("53", True), ("2", True), ("8", True), ("5", False), ("10", False)],
)  # fmt: skip
def test_attributes_are_seen(sequence: str, differs: bool) -> None:
    assert (Picture(f"\x1b[{sequence}mHg").image() != Picture("Hg").image()) == differs


def test_true_colour_and_the_palette_are_painted_as_they_are() -> None:
    picture = Picture("\x1b[48;2;1;2;3m  \x1b[48;5;196m  \x1b[41m  \x1b[m")
    assert picture.colours_of(0, 0, 2) == {(1, 2, 3)}
    assert picture.colours_of(2, 0, 2) == {(255, 0, 0)}
    assert picture.colours_of(4, 0, 2) == {DARK.named[1]}


def test_hidden_text_is_not_painted() -> None:
    assert Picture("\x1b[8msecret").colours_of(0, 0, 6) == {PAPER}


@pytest.mark.parametrize(("shape", "share"), [("2", 1.0), ("4", 0.2), ("6", 0.5)])
def test_the_cursor_has_the_shape_the_guest_asked_for(shape: str, share: float) -> None:
    picture = Picture(f"\x1b[?25h\x1b[{shape} q")
    rect, image = picture.surface.cursor_rect(), picture.image(cursor=True)
    painted = [
        image.pixelColor(x, y).getRgb()[:3] == DARK.cursor
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    ]
    assert 0 < sum(painted) / len(painted) <= share


@pytest.mark.parametrize("scheme", [DARK, LIGHT])
def test_the_cursor_is_seen_on_a_reversed_screen(scheme: Scheme) -> None:
    picture = Picture("\x1b[?25h\x1b[?5h", scheme=scheme)
    assert picture.colours_of(0, 0, cursor=True) != picture.colours_of(0, 0)


def test_the_cursor_covers_a_wide_character_and_leaves_it_readable() -> None:
    picture = Picture("\x1b[?25h漢\x1b[1;1H")
    assert picture.surface.cursor_rect().width() == 2 * picture.metrics.width
    assert {DARK.cursor, PAPER} <= picture.colours_of(0, 0, 2, cursor=True)


def test_a_wide_character_of_which_half_is_selected_is_marked_whole() -> None:
    picture = Picture("a漢b")
    top = picture.screen.scroll.first
    for column in (1, 2):
        picture.screen.select((column, top), (column, top))
        picture.surface.refresh(picture.screen)
        assert PAPER not in picture.colours_of(1, 0, 2) and PAPER in picture.colours_of(0, 0)
        assert picture.screen.selected_text() == "漢"


def test_selected_text_stands_on_the_selections_colour() -> None:
    picture = Picture("\x1b[34mab\x1b[m cd")
    picture.screen.select_all()
    picture.surface.refresh(picture.screen)
    assert DARK.selection in picture.colours_of(0, 0)
    assert PAPER not in picture.colours_of(0, 0, 5)
    picture.screen.clear_selection()
    picture.surface.refresh(picture.screen)
    assert picture.image() == Picture("\x1b[34mab\x1b[m cd").image()


@pytest.mark.parametrize("scheme", [scheme for both in SCHEMES.values() for scheme in both], ids=lambda it: it.name)
def test_every_named_colour_can_be_read(scheme: Scheme) -> None:
    for number in range(16):
        picture = Picture(f"\x1b[38;5;{number}m\u2588", scheme=scheme)
        (colour,) = picture.colours_of(0, 0)
        assert contrast(colour, scheme.background) >= 3.0, number
    text, selected = (7.0, 4.5) if scheme in (DARK, LIGHT) else (4.5, 4.0)  # Solarized has little of it on purpose
    assert contrast(scheme.foreground, scheme.background) >= text
    assert contrast(scheme.foreground, scheme.selection) >= selected
    assert contrast(scheme.cursor, scheme.background) >= 3.0
    assert contrast(scheme.selection, scheme.background) >= 1.2


def test_each_choice_of_colours_has_a_dark_and_a_light_scheme() -> None:
    assert set(SCHEMES) == set(ConsoleColours)
    for dark, light in SCHEMES.values():
        assert contrast(dark.background, (0, 0, 0)) < 3 and contrast(light.background, (255, 255, 255)) < 1.5
        assert len(dark.named) == len(light.named) == 16


def test_only_a_font_whose_letters_are_equally_wide_is_taken() -> None:
    assert family_of("DejaVu Sans Mono") == "DejaVu Sans Mono"
    assert QFontDatabase.hasFamily("DejaVu Sans")
    for family in ("DejaVu Sans", "No Such Font", ""):
        assert family_of(family) == default_family()


def test_only_rows_that_changed_are_painted_anew() -> None:
    picture = Picture("one\r\ntwo\r\nthree")
    picture.screen.feed(b"\x1b[2;1HTWO")
    area = picture.surface.refresh(picture.screen)
    assert area.height() <= 2 * picture.metrics.height
    assert picture.surface.refresh(picture.screen).isEmpty()


@pytest.mark.parametrize("pixel_size", range(11, 30))
def test_words_that_are_copied_look_as_those_that_are_drawn(pixel_size: int) -> None:
    """Each screen is drawn three times: anew, kept, copied. Some characters reach out of their cells at some sizes."""
    words = ["Kw", "_x", "wk", "@&", "Hg", "fj", "%#", "m "]
    styles = ["31", "1;32", "3;33", "1;3;34;48;5;60", "7", "2;35", "4;36", "38;2;9;200;99"]
    for turn in range(len(styles)):
        lines = [
            "".join(f"\x1b[0;{styles[(turn + x + y) % 8]}m{words[(x + 3 * y) % 8]}" for x in range(6)) for y in range(4)
        ]
        text = "\x1b[H" + "\r\n".join(lines)
        picture = Picture(text, pixel_size)
        drawn = picture.image()
        for _ in range(2):
            picture.screen.feed(b"\x1b[m\x1b[2J" + text.encode())
            picture.surface.refresh(picture.screen)
            assert picture.image() == drawn, (turn, lines)


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "2"])
def test_a_window_shows_the_picture_one_to_one_at_any_scale(scale: str, tmp_path: Path) -> None:
    """Full blocks in turn with blanks: their edges are where the cells' are, and no pixel is between two colours."""
    file = tmp_path / "grab.png"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    done = subprocess.run(
        [sys.executable, str(GRAB), str(file)], env=environment, check=True, timeout=60, capture_output=True
    )
    window = json.loads(done.stdout)
    image = QImage(str(file))
    assert image.width() == round(window["width"] * float(scale))
    seen = {image.pixelColor(x, y).getRgb()[:3] for x in range(image.width()) for y in range(0, image.height(), 3)}
    assert seen == {LIGHT.foreground, LIGHT.background}
    margin, cell = round(6 * float(scale)), window["cell"]
    line = [image.pixelColor(x, margin).getRgb()[:3] == LIGHT.foreground for x in range(margin + 20 * cell)]
    assert line == [False] * margin + ([True] * cell + [False] * cell) * 10
