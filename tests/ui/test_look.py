"""What can be said of colours and shapes without an eye: contrast, and that states differ in both."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QColor, QImage

from desktop.core.machine import State
from desktop.views.icons import STATE_COLOURS, contrast, line_icon, look_of, state_icon, state_pixmap
from desktop.views.side_bar import PAGES
from desktop.views.theme import DARK, LIGHT, Colours

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


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_readable(colours: Colours) -> None:
    for ground in (colours.window, colours.card, colours.field, colours.side):
        for ink in (colours.text, colours.muted, colours.accent_text, colours.danger_text):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    for ground in (colours.warn_fill, colours.bad_fill, colours.note_fill):
        assert contrast(colours.text, ground) >= 7
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast("#ffffff", colours.danger) >= 4.5
