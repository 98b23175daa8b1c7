"""Pieces of text that were drawn before, kept as pictures: copying one takes a third of the time of drawing it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from .metrics import CellMetrics

LONGEST = 16
"""Cells. Words come again, lines do not, and a long run is drawn quickly for what it is."""
MAX_BYTES = 8 << 20
MAX_TEXTS = 16384
_PRINTABLE = "".join(map(chr, range(32, 127)))

Face = tuple[bool, bool]
"""Bold, italic."""
Tiles = dict[str, QImage | None]
"""What was drawn in one ink: a picture, or None while it was seen but once."""


class TileMaker:
    """Makes the pictures, and says when there are too many."""

    def __init__(self, metrics: CellMetrics) -> None:
        self._metrics = metrics
        self._spills: dict[Face, _Spill] = {}
        self._bytes = self._texts = 0

    @property
    def is_full(self) -> bool:
        return self._bytes > MAX_BYTES or self._texts > MAX_TEXTS

    def begin(self) -> None:
        """All that were made are gone."""
        self._bytes = self._texts = 0

    def see(self, tiles: Tiles, text: str, face: Face, ink: QColor, background: QColor) -> QImage | None:
        """`text` is about to be drawn: its picture the second time, nothing where it can have none, or none yet."""
        if text not in tiles:
            if len(text) <= LONGEST and self.is_contained(text, face):
                tiles[text] = None
                self._texts += 1
            return None
        tile = tiles[text] = self._draw(text, face, ink, background)
        self._bytes += tile.sizeInBytes()
        return tile

    def is_contained(self, text: str, face: Face) -> bool:
        """Whether all of a text's ink is within its cells, as far as is known: it is when it is ASCII."""
        spill = self._spills.get(face) or self._measure(face)
        is_within = text[0] not in spill.left and text[-1] not in spill.right and spill.across.isdisjoint(text)
        return is_within and text.isascii()

    def _measure(self, face: Face) -> _Spill:
        width, height, sheet = self._metrics.width, self._metrics.height, self._sheet(face)
        empty = QImage(sheet.size(), sheet.format())
        empty.fill(0)

        def inked(x: int, y: int, columns: int, rows: int) -> frozenset[str]:
            places = (QRect(x, y + 3 * index * height, columns, rows) for index in range(len(_PRINTABLE)))
            return frozenset(
                char
                for char, place in zip(_PRINTABLE, places, strict=True)
                if sheet.copy(place) != empty.copy(place)
            )

        above, below = inked(0, 0, 3 * width, height), inked(0, 2 * height, 3 * width, height)
        left, right = inked(0, 0, width, 3 * height), inked(2 * width, 0, width, 3 * height)
        spill = self._spills[face] = _Spill(left, right, above | below)
        return spill

    def _sheet(self, face: Face) -> QImage:
        """The characters one under the other, with a cell of room around each."""
        width, height = self._metrics.width, self._metrics.height
        sheet = QImage(3 * width, 3 * height * len(_PRINTABLE), QImage.Format.Format_Grayscale8)
        sheet.fill(0)
        painter = QPainter(sheet)
        painter.setPen(QColor(255, 255, 255))
        painter.setFont(self._metrics.fonts[face])
        for index, char in enumerate(_PRINTABLE):
            painter.drawText(width, (3 * index + 1) * height + self._metrics.ascent, char)
        painter.end()
        return sheet

    def _draw(self, text: str, face: Face, ink: QColor, background: QColor) -> QImage:
        metrics = self._metrics
        tile = QImage(len(text) * metrics.width, metrics.height, QImage.Format.Format_RGB32)
        tile.fill(background)
        painter = QPainter(tile)
        painter.setFont(metrics.fonts[face])
        painter.setPen(ink)
        painter.drawText(0, metrics.ascent, text)
        painter.end()
        return tile


class _Spill(NamedTuple):
    """The printable ASCII characters of a face that have ink outside of their cell, by the side where they have it."""

    left: frozenset[str]
    right: frozenset[str]
    across: frozenset[str]
    """Above or below."""
