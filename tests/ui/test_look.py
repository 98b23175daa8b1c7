"""What can be said of colours and shapes without an eye: contrast, and that states differ in both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox

from desktop.core.machine import State
from desktop.core.settings import Theme
from desktop.views.detail.log_view import LogView
from desktop.views.icons import STATE_COLOURS, contrast, line_icon, look_of, state_icon, state_pixmap
from desktop.views.side_bar import PAGES
from desktop.views.theme import ALL, DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, Appearance, Colours, colours_of, style_sheet

LOOKS = {look_of(state): state for state in State}


def picture(state: State, size: int = 22) -> QImage:
    return state_pixmap(state, size).toImage()


def pixels(image: QImage) -> list[QColor]:
    return [image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width())]


@pytest.mark.parametrize("panel", ["#ffffff", "#1e1e1e", "#000000"])
@pytest.mark.parametrize("look", STATE_COLOURS)
def test_state_colours_are_seen_on_light_and_dark_panels(look: str, panel: str) -> None:
    assert contrast(STATE_COLOURS[look], panel) >= 3


@pytest.mark.parametrize("look", LOOKS)
def test_tray_icon_has_a_solid_area_of_its_own_colour(look: str) -> None:
    own = QColor(STATE_COLOURS[look])
    assert sum(pixel == own for pixel in pixels(picture(LOOKS[look]))) > 80
    for other in set(LOOKS) - {look}:
        assert own not in pixels(picture(LOOKS[other]))


def test_states_differ_by_shape_without_any_colour() -> None:
    def shape(state: State) -> list[bool]:
        """What is seen in one colour: the body without its white mark."""
        return [pixel.alpha() > 128 and pixel.lightness() < 200 for pixel in pixels(picture(state))]

    shapes = {look: shape(state) for look, state in LOOKS.items()}
    for one, other in itertools.combinations(shapes, 2):
        different = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
        assert different > 20, (one, other)


def test_tray_icon_has_every_usual_size() -> None:
    sizes = {size.width() for size in state_icon(State.RUNNING).availableSizes()}
    assert {16, 22, 24, 32, 48} <= sizes


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_an_icon(name: str) -> None:
    assert any(pixel.alpha() for pixel in pixels(line_icon(name, "#000000").pixmap(18, 18).toImage()))


NAMES = ["light", "dark", "high light", "high dark"]


@pytest.mark.parametrize("colours", ALL, ids=NAMES)
def test_words_are_readable(colours: Colours) -> None:
    for ground in (colours.window, colours.card, colours.field, colours.side):
        for ink in (colours.text, colours.muted, colours.accent_text, colours.danger_text):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    for ground in (colours.warn_fill, colours.bad_fill, colours.note_fill):
        assert contrast(colours.text, ground) >= 7
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_danger, colours.danger) >= 4.5


@pytest.mark.parametrize("colours", ALL, ids=NAMES)
def test_words_of_notices_and_chosen_rows_are_readable(colours: Colours) -> None:
    for ground in (colours.warn_fill, colours.bad_fill, colours.note_fill):
        assert contrast(colours.muted, ground) >= 4.5, ground  # the moment of a notice, and what to do next
    for ground in (colours.accent, colours.pressed):
        assert contrast(colours.on_accent, ground) >= 4.5, ground
    for ground in (colours.accent, colours.warn_line):  # what a search has found
        assert found_contrast(ground) >= 4.5, ground


@pytest.mark.parametrize("colours", [HIGH_LIGHT, HIGH_DARK], ids=["light", "dark"])
def test_high_contrast_has_words_and_lines_that_stand_out(colours: Colours) -> None:
    grounds = (colours.window, colours.card, colours.field, colours.side, colours.hover)
    notices = (colours.warn_fill, colours.bad_fill, colours.note_fill)
    for ground in (*grounds, *notices):
        for ink in (colours.text, colours.muted, colours.accent_text, colours.danger_text):
            assert contrast(ink, ground) >= 7, (ink, ground)
    for fill in (colours.accent, colours.pressed):
        assert contrast(colours.on_accent, fill) >= 7
    assert contrast(colours.on_danger, colours.danger) >= 7
    for ground in (colours.window, colours.card, colours.field, colours.side):
        for line in (colours.line, colours.accent, colours.danger, colours.note_line):
            assert contrast(line, ground) >= 3, (line, ground)
    for fill, line in zip(notices, (colours.warn_line, colours.bad_line, colours.note_line), strict=True):
        assert contrast(line, fill) >= 3
    assert contrast(colours.accent_text, colours.line) >= 3  # which field has the focus
    for fill in (colours.accent, colours.warn_line):
        assert found_contrast(fill) >= 7, fill


def found_contrast(fill: str) -> float:
    """The log's view takes the better one."""
    return max(contrast(ink, fill) for ink in ("#000000", "#ffffff"))


@pytest.fixture
def look(application: QApplication) -> Iterator[Appearance]:
    palette = application.palette()
    made = Appearance(application)
    yield made
    made.deleteLater()
    application.setStyleSheet("")
    application.setPalette(palette)


def test_widget_that_the_style_sheet_fills_has_the_themes_colours(look: Appearance) -> None:
    view = LogView("lines", "Lines")
    view.show()
    for theme, colours in zip((Theme.LIGHT, Theme.DARK, Theme.HIGH_LIGHT, Theme.HIGH_DARK), ALL, strict=True):
        look.apply(theme)
        assert colours_of(view.palette()) is colours
    view.close()
    view.deleteLater()


def test_each_theme_has_its_colours(look: Appearance, application: QApplication) -> None:
    for theme, colours in (
        (Theme.HIGH_LIGHT, HIGH_LIGHT), (Theme.LIGHT, LIGHT), (Theme.HIGH_DARK, HIGH_DARK), (Theme.DARK, DARK),
    ):  # fmt: skip
        look.apply(theme)
        assert colours_of(application.palette()) is colours
        assert colours.accent in application.styleSheet()


def test_high_contrast_is_the_desktops_wish(
    look: Appearance, application: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = application.styleHints().accessibility()
    monkeypatch.setattr(type(hints), "contrastPreference", lambda _: Qt.ContrastPreference.HighContrast)
    look.apply(Theme.SYSTEM)
    assert colours_of(application.palette()) in (HIGH_LIGHT, HIGH_DARK)
    look.apply(Theme.LIGHT)
    assert colours_of(application.palette()) is LIGHT
    look.apply(Theme.SYSTEM)
    monkeypatch.undo()
    hints.contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
    assert colours_of(application.palette()) in (LIGHT, DARK)


@pytest.mark.parametrize("colours", ALL, ids=NAMES)
def test_check_box_is_seen_and_so_is_its_tick(look: Appearance, application: QApplication, colours: Colours) -> None:
    application.setPalette(QPalette(QColor(colours.window)))
    application.setStyleSheet(style_sheet(colours, 10))
    box = QCheckBox()
    box.resize(30, 20)

    def most_contrast(ground: str) -> float:
        found = pixels(box.grab().toImage())
        return max(contrast(pixel.name(), ground) for pixel in found)

    assert most_contrast(colours.window) >= 3
    box.setChecked(True)
    inks = {pixel.name() for pixel in pixels(box.grab().toImage())}
    box.deleteLater()
    assert colours.accent in inks
    assert max(contrast(ink, colours.accent) for ink in inks if ink != colours.window) >= 3
