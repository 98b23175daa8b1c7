"""The charts of a container: their scale, and the gaps where nothing was measured."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage

from desktop.views.detail.chart import SPAN_S, Chart, Line, _pieces, scale_for
from desktop.views.theme import colours_of


@pytest.mark.parametrize(
    ("largest", "least", "top"),
    [(0, 1, 1), (1, 1, 1), (1.5, 1, 2), (4, 1, 5), (9, 1, 10), (11, 1, 20), (101, 1, 200), (3_000, 1000, 5_000)],
)
def test_scale_is_the_least_round_one_that_holds_all(largest: float, least: float, top: float) -> None:
    assert scale_for(largest, least) == top


def test_line_is_broken_where_nobody_looked() -> None:
    points = [(30.0, 1.0), (29.0, 2.0), (20.0, 3.0), (19.0, 4.0), (5.0, 5.0)]
    assert _pieces(points) == [points[:2], points[2:4], points[4:]]
    assert _pieces([]) == []


def columns_with(chart: Chart, colour: str) -> set[int]:
    """Tenths of the width in which there is something of that colour."""
    picture: QImage = chart._plot.grab().toImage()
    wanted = QColor(colour)
    found = set()
    for x in range(4, picture.width() - 4):
        if any(picture.pixelColor(x, y) == wanted for y in range(picture.height())):
            found.add(x * 10 // picture.width())
    return found


def test_line_is_drawn_where_it_was_measured_and_nowhere_else() -> None:
    chart = Chart("cpu", "CPU", lambda value: f"{value:.0f} %", 1)
    chart.resize(600, 200)
    chart.show()

    def shown(points: Sequence[tuple[float, float]]) -> set[int]:
        chart.show_lines((Line("", points),), "50 %")
        return columns_with(chart, colours_of(chart.palette()).accent_text)

    old = [(float(ago_s), 50.0) for ago_s in range(SPAN_S * 78 // 100, SPAN_S * 72 // 100, -1)]
    new = [(float(ago_s), 50.0) for ago_s in range(SPAN_S * 8 // 100, SPAN_S * 2 // 100, -1)]
    assert shown(old + new) == {2, 9}
    assert shown(()) == set()
    chart.close()
    chart.deleteLater()


def test_time_goes_to_the_right_also_where_words_go_to_the_left() -> None:
    """"10 min ago" stood at the newest value."""

    def picture(direction: Qt.LayoutDirection) -> QImage:
        QGuiApplication.setLayoutDirection(direction)
        chart = Chart("cpu", "CPU", lambda value: f"{value:.0f}", 1)
        chart.resize(600, 200)
        chart.show_lines((Line("", [(400.0, 50.0), (399.0, 60.0)]),), "50 %")
        found = chart._plot.grab().toImage()
        chart.deleteLater()
        return found

    mirrored = picture(Qt.LayoutDirection.RightToLeft)
    assert mirrored == picture(Qt.LayoutDirection.LeftToRight)
