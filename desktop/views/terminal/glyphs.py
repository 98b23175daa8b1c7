"""Characters that the font does not have at its own width: where and how large they are drawn in their cells."""

from __future__ import annotations

from typing import NamedTuple
from unicodedata import bidirectional

from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from .boxes import FIRST, LAST
from .metrics import CellMetrics

_MAX_GLYPHS = 8192
_REORDERED = frozenset(("R", "AL", "AN"))
"""Of a text with letters from right to left Qt turns parts around; a terminal's cells stand in the guest's order."""

Face = tuple[bool, bool]
"""Bold, italic."""


class _Fit(NamedTuple):
    font: QFont
    indent: int
    scale: float


class GlyphFitter:
    """Fits characters of other fonts into cells, once for each."""

    def __init__(self, metrics: CellMetrics) -> None:
        self._metrics = metrics
        self._fonts = {face: _shaping(font) for face, font in metrics.fonts.items()}
        self._own = QFontMetricsF(metrics.fonts[False, False])
        self._fits: dict[tuple[str, int, Face], _Fit] = {}
        self._even: dict[str, bool] = {}

    def is_even(self, char: str) -> bool:
        """Whether the font itself draws `char` one cell wide, so that it can stand in a run of others."""
        even = self._even.get(char)
        if even is None:
            is_apart = FIRST <= char <= LAST or bidirectional(char) in _REORDERED
            even = not is_apart and self._own.inFontUcs4(ord(char)) and self._is_cell_wide(char)
            self._even[char] = even
        return even

    def draw(self, painter: QPainter, text: str, face: Face, left: int, top: int, cells: int) -> None:
        """One character or cluster, in the middle of its cells, made smaller if it must be. Leaves its font set."""
        fit = self._fits.get((text, cells, face)) or self._fit(text, cells, face)
        painter.setFont(fit.font)
        baseline = top + self._metrics.ascent
        if fit.scale == 1.0:
            painter.drawText(left + fit.indent, baseline, text)
            return
        painter.save()
        painter.translate(left, baseline)
        painter.scale(fit.scale, fit.scale)
        painter.drawText(0, 0, text)
        painter.restore()

    def _is_cell_wide(self, char: str) -> bool:
        return round(self._own.horizontalAdvance(char)) == self._metrics.width

    def _fit(self, text: str, cells: int, face: Face) -> _Fit:
        font, room = self._fonts[face], cells * self._metrics.width
        advance = QFontMetricsF(font).horizontalAdvance(text)
        is_too_wide = advance > room + 0.5
        fit = _Fit(font, 0, room / advance) if is_too_wide else _Fit(font, round((room - advance) / 2), 1.0)
        if len(self._fits) >= _MAX_GLYPHS:
            self._fits.clear()
        self._fits[text, cells, face] = fit
        return fit


def _shaping(font: QFont) -> QFont:
    """Marks and clusters need what runs of plain characters do without."""
    shaping = QFont(font)
    shaping.setStyleStrategy(QFont.StyleStrategy.PreferDefault)
    shaping.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0)
    return shaping
