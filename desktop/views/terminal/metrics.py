"""The font and the size of a cell, in whole device pixels."""

from __future__ import annotations

import math

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF


class CellMetrics:
    """A monospaced font at one size for one screen.

    Everything is in device pixels: the grid is drawn on an image of its own at the screen's true resolution, so
    that cells meet and glyphs are sharp at any scale, fractions included.
    """

    def __init__(self, family: str, pixel_size: int) -> None:
        self.family, self.pixel_size = family, pixel_size
        font = _font(family, pixel_size)
        metrics = QFontMetricsF(font)
        advance = metrics.horizontalAdvance("0" * 64) / 64
        self.width = max(1, round(advance))
        self.height = max(1, math.ceil(metrics.ascent() + metrics.descent()))
        self.ascent = round(metrics.ascent())
        self.line = max(1, round(pixel_size / 13))
        """Thickness of a line: underlines, boxes, the cursor's edge."""
        self.underline_y = min(self.ascent + max(1, round(pixel_size / 9)), self.height - self.line)
        self.strike_y = self.ascent - round(metrics.xHeight() / 2)
        # Where the font's own advance is a fraction, a run of 200 characters would drift by cells.
        spacing = self.width - advance
        self.fonts = {
            (bold, italic): _styled(font, bold, italic, spacing) for bold in (False, True) for italic in (False, True)
        }


def family_of(wished: str) -> str:
    """The wished font where it is there and all its letters are equally wide, else the desktop's own."""
    if wished and QFontDatabase.hasFamily(wished):
        metrics = QFontMetricsF(_font(wished, 24))
        if len({round(metrics.horizontalAdvance(char * 16)) for char in "iMW.0"}) == 1:
            return wished
    return default_family()


def monospaced_families() -> list[str]:
    """What a user can choose from."""
    families = QFontDatabase.families()
    return [name for name in families if QFontDatabase.isFixedPitch(name) and not QFontDatabase.isPrivateFamily(name)]


def default_family() -> str:
    """The desktop's own monospaced font."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def _font(family: str, pixel_size: int) -> QFont:
    font = QFont(family)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(pixel_size)
    font.setKerning(False)
    # Ligatures would join what the guest meant as single cells; without shaping, drawing takes half the time.
    font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    font.setHintingPreference(QFont.HintingPreference.PreferFullHinting)
    return font


def _styled(font: QFont, bold: bool, italic: bool, spacing: float) -> QFont:
    styled = QFont(font)
    styled.setBold(bold)
    styled.setItalic(italic)
    if abs(spacing) > 0.01:
        styled.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return styled
