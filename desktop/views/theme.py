"""Colours, typography and the style sheet: a light and a dark appearance, each with a high contrast one beside it."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from desktop.core.paths import resources
from desktop.core.settings import Theme


@dataclass(frozen=True)
class Colours:
    """Every colour the window uses; as `#rrggbb`, so that the style sheet can take them."""

    window: str
    side: str
    card: str
    field: str
    line: str
    hover: str
    text: str
    muted: str
    accent: str  # fills
    accent_text: str  # words and thin lines in the accent colour
    on_accent: str
    pressed: str
    danger: str
    on_danger: str
    danger_text: str
    warn_fill: str
    warn_line: str
    bad_fill: str
    bad_line: str
    note_fill: str
    note_line: str


LIGHT = Colours(
    window="#f5f6f8", side="#eaedf1", card="#ffffff", field="#ffffff", line="#dadfe6", hover="#e3e7ed",
    text="#1a2330", muted="#586372", accent="#0f62c0", accent_text="#0f62c0", on_accent="#ffffff",
    pressed="#0b4f9d", danger="#c8352a", on_danger="#ffffff", danger_text="#b52c22", warn_fill="#fff6e0",
    warn_line="#e7b94c", bad_fill="#fdecea", bad_line="#e58a82", note_fill="#e9f1fc", note_line="#9dc1ee",
)  # fmt: skip
DARK = Colours(
    window="#1c2026", side="#16191e", card="#252a31", field="#1a1e23", line="#3a414c", hover="#2e343d",
    text="#e7eaef", muted="#a0aab8", accent="#2a70cf", accent_text="#79b4ff", on_accent="#ffffff",
    pressed="#225cab", danger="#c93f34", on_danger="#ffffff", danger_text="#ff8f86", warn_fill="#3a3018",
    warn_line="#8a6a1d", bad_fill="#40211f", bad_line="#8f433d", note_fill="#1d2f47", note_line="#3d659c",
)  # fmt: skip
# Words have 7:1 and lines 3:1 here; a focused line is told from another one by 3:1 too.
HIGH_LIGHT = Colours(
    window="#ffffff", side="#ffffff", card="#ffffff", field="#ffffff", line="#8c8c8c", hover="#e6e6e6",
    text="#000000", muted="#333333", accent="#00347a", accent_text="#00347a", on_accent="#ffffff",
    pressed="#002352", danger="#8f0f0f", on_danger="#ffffff", danger_text="#8f0f0f", warn_fill="#fff3d1",
    warn_line="#784e00", bad_fill="#ffe9e7", bad_line="#b02a20", note_fill="#e6f0ff", note_line="#0b57b5",
)  # fmt: skip
HIGH_DARK = Colours(
    window="#000000", side="#000000", card="#000000", field="#000000", line="#6e6e6e", hover="#2b2b2b",
    text="#ffffff", muted="#d6d6d6", accent="#a6d0ff", accent_text="#a6d0ff", on_accent="#000000",
    pressed="#cfe4ff", danger="#ffaca3", on_danger="#000000", danger_text="#ffaca3", warn_fill="#241a00",
    warn_line="#e0a52e", bad_fill="#2e0b09", bad_line="#f08077", note_fill="#00182e", note_line="#6aaef5",
)  # fmt: skip
ALL = (LIGHT, DARK, HIGH_LIGHT, HIGH_DARK)


def colours_of(palette: QPalette) -> Colours:
    """The colours that go with a palette: a widget asks with its own."""
    # Not by the window's: where the style sheet fills a widget, its palette has the fill there.
    link = palette.color(QPalette.ColorRole.Link).name()
    for colours in ALL:
        if colours.accent_text == link:
            return colours
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def is_dark(colours: Colours) -> bool:
    return QColor(colours.window).lightness() < 128


class Appearance(QObject):
    """Gives the application its look, and follows the desktop where the user wishes so."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._theme = Theme.SYSTEM
        self._colours: Colours | None = None
        self._desktop_is_dark = is_dark(colours_of(app.palette()))
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._on_desktop_changed)
        if hasattr(hints, "accessibility"):  # Qt 6.10 and later
            hints.accessibility().contrastPreferenceChanged.connect(self._on_desktop_changed)

    def apply(self, theme: Theme) -> None:
        self._theme = theme
        colours = self._wished()
        if colours is self._colours:
            return
        self._colours = colours
        self._app.setPalette(_palette(colours))
        self._app.setStyleSheet(style_sheet(colours, self._app.font().pointSizeF()))

    def _wished(self) -> Colours:
        if self._theme is not Theme.SYSTEM:
            return _OF_THEME[self._theme]
        hints = self._app.styleHints()
        # A bare X11 desktop says Unknown; there the palette that Qt came with decides.
        scheme = hints.colorScheme()
        dark = self._desktop_is_dark if scheme is Qt.ColorScheme.Unknown else scheme is Qt.ColorScheme.Dark
        if hasattr(hints, "accessibility"):
            if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
                return HIGH_DARK if dark else HIGH_LIGHT
        return DARK if dark else LIGHT

    def _on_desktop_changed(self) -> None:
        self.apply(self._theme)


_OF_THEME = {
    Theme.LIGHT: LIGHT,
    Theme.DARK: DARK,
    Theme.HIGH_LIGHT: HIGH_LIGHT,
    Theme.HIGH_DARK: HIGH_DARK,
}


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(colours.card), QColor(colours.window))
    for which, colour in (
        (role.WindowText, colours.text), (role.Base, colours.field), (role.AlternateBase, colours.window),
        (role.Text, colours.text), (role.Button, colours.card), (role.ButtonText, colours.text),
        (role.PlaceholderText, colours.muted), (role.ToolTipBase, colours.card),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.accent), (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent_text),
        (role.BrightText, colours.danger_text), (role.Mid, colours.line), (role.Midlight, colours.hover),
        (role.Accent, colours.accent),
    ):  # fmt: skip
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.Link):
        palette.setColor(QPalette.ColorGroup.Disabled, which, _faded(colours))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.hover))
    return palette


def _faded(colours: Colours) -> QColor:
    """Words of what cannot be used now."""
    faded = QColor(colours.muted)
    faded.setAlphaF(0.6)
    return faded


def style_sheet(colours: Colours, base_pt: float) -> str:
    """The style sheet. Item views keep Qt's own painting: rules for their items cost time per cell."""
    sizes = {f"pt_{name}": f"{base_pt * factor:.1f}pt" for name, factor in _SCALE.items()}
    mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    icons = (resources() / "icons").as_posix()
    tick = colours.on_accent.removeprefix("#")
    faded = _faded(colours).name(QColor.NameFormat.HexArgb)
    return Template(_SHEET).substitute(vars(colours), faded=faded, mono=mono, icons=icons, tick=tick, **sizes)


_SCALE = {"title": 1.55, "heading": 1.15, "normal": 1.0, "caption": 0.92}

_SHEET = """
QLabel[role="title"] { font-size: $pt_title; font-weight: 600; }
QLabel[role="heading"] { font-size: $pt_heading; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="caption"] { font-size: $pt_caption; color: $muted; }
QLabel[role="name"] { color: $muted; }
QLabel[role="error"] { font-size: $pt_caption; color: $danger_text; }
QLabel[role="mono"], QPlainTextEdit[role="mono"] { font-family: "$mono"; }

QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[role="header"] { background: $card; border: none; border-bottom: 1px solid $line; }
QFrame[role="over"] { background: $window; border: 1px solid $line; }
QFrame[role="side"] { background: $side; border: none; }
QFrame[role="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="notice"] { border-radius: 8px; background: $note_fill; border: 1px solid $note_line; }
QFrame[role="notice"][kind="warning"] { background: $warn_fill; border-color: $warn_line; }
QFrame[role="notice"][kind="error"] { background: $bad_fill; border-color: $bad_line; }
QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: transparent; border: none; }

QPushButton {
    background: $card; border: 1px solid $line; border-radius: 6px; padding: 5px 14px; min-height: 18px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 1px solid $accent_text; }
QPushButton:disabled { background: transparent; }
QPushButton[kind="primary"] {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: $pressed; }
QPushButton[kind="primary"]:focus { border: 1px solid $text; }
QPushButton[kind="danger"] { background: $danger; border-color: $danger; color: $on_danger; font-weight: 600; }
QPushButton[kind="danger"]:focus { border: 1px solid $text; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled {
    background: transparent; border-color: $line; color: $faded; font-weight: 400;
}
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; padding: 5px 8px; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border-color: $accent_text; }
QPushButton[kind="toggle"] { padding: 5px 10px; }
QPushButton[kind="toggle"]:checked { background: $note_fill; border-color: $note_line; }
QPushButton[kind="toggle"]:checked:focus { border-color: $accent_text; }
QPushButton::menu-indicator { subcontrol-position: center right; right: 6px; width: 9px; }

QTabBar#detail_tabs::tab {
    background: transparent; color: $muted; border: 1px solid transparent; border-bottom: 2px solid transparent;
    padding: 5px 4px 6px; margin-right: 10px;
}
QTabBar#detail_tabs::tab:selected { color: $text; border-bottom-color: $accent_text; font-weight: 600; }
QTabBar#detail_tabs::tab:selected:focus {
    border: 1px solid $accent_text; border-radius: 4px; padding-bottom: 7px;
}
QTabBar#detail_tabs { outline: none; }

QToolButton[role="side"] {
    border: 1px solid transparent; border-radius: 6px; padding: 7px 10px;
    text-align: left; background: transparent;
}
QToolButton[role="side"]:hover { background: $hover; }
QToolButton[role="side"]:checked { background: $card; border-color: $line; font-weight: 600; }
QToolButton[role="side"]:focus { border-color: $accent_text; }

QTabBar#console_tabs::tab {
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px 10px; margin-right: 3px;
    min-height: 17px;
}
QTabBar#console_tabs::tab:hover { background: $hover; }
QTabBar#console_tabs::tab:selected { background: $card; border-color: $line; }
QTabBar#console_tabs::tab:focus { border-color: $accent_text; }
QToolButton[role="small"] { border: 1px solid transparent; border-radius: 5px; padding: 2px; background: transparent; }
QToolButton[role="small"]:hover { background: $hover; }
QToolButton[role="small"]:focus { border-color: $accent_text; }

QLineEdit {
    background: $field; border: 1px solid $line; border-radius: 6px; padding: 4px 8px; min-height: 20px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus { border-color: $accent_text; }
QLineEdit[role="mono"] { font-family: "$mono"; }
QLineEdit[kind="wrong"] { border-color: $danger_text; }
QComboBox { background: $field; border: 1px solid $line; border-radius: 6px; padding: 4px 8px; min-height: 20px; }
QComboBox:focus { border-color: $accent_text; }
QComboBox:disabled { background: transparent; color: $muted; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$icons/down.svg"); width: 10px; height: 10px; }
QSpinBox { background: $field; border: 1px solid $line; border-radius: 6px; padding: 2px 0; min-height: 20px; }
QSpinBox:focus { border-color: $accent_text; }
QSpinBox:disabled { background: transparent; color: $muted; }
QSpinBox::up-button, QSpinBox::down-button { subcontrol-origin: border; border: none; width: 24px; }
QSpinBox::up-button { subcontrol-position: top right; margin-top: 3px; }
QSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 3px; }
QSpinBox::up-arrow { image: url("$icons/up.svg"); width: 10px; height: 10px; }
QSpinBox::down-arrow { image: url("$icons/down.svg"); width: 10px; height: 10px; }
QComboBox QLineEdit, QSpinBox QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator {
    width: 14px; height: 14px; border: 1px solid $muted; border-radius: 4px; background: $field;
}
QCheckBox::indicator:focus { border-color: $accent_text; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$icons/check-$tick.svg"); }
QCheckBox::indicator:disabled { border-color: $line; background: transparent; }
QPlainTextEdit { background: $field; border: 1px solid $line; border-radius: 6px; }
QPlainTextEdit:focus { border-color: $accent_text; }
QPlainTextEdit[role="lines"] { border-width: 1px 0; border-radius: 0; font-family: "$mono"; font-size: $pt_caption; }

QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent_text; border-radius: 2px; }

QTreeView#files_table::item { padding: 0 8px; }
QHeaderView::section {
    background: $window; color: $muted; border: none; border-bottom: 1px solid $line; padding: 6px 11px;
}
QHeaderView::up-arrow { image: url("$icons/up.svg"); width: 9px; height: 9px; margin-left: 5px; }
QHeaderView::down-arrow { image: url("$icons/down.svg"); width: 9px; height: 9px; margin-left: 5px; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: $line; border-radius: 3px; border: none; margin: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 4px 6px; }
"""
