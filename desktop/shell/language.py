"""The user's language: which there are, and loading one."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.core.paths import resources
from desktop.core.settings import Layout

LANGUAGES = (("en", "English"), ("zh_CN", "简体中文"))
"""Code and own name of each language that the window speaks."""


def translations() -> Path:
    return resources() / "translations"


def load_language(app: QApplication, wish: str) -> list[QTranslator]:
    """Loads the wished language, or the system's; the translators come back, since Qt does not keep them."""
    locale = QLocale(wish) if wish else QLocale.system()
    ours = _translator(app, locale, "moorage", str(translations()))
    shown = QLocale(ours.language() or "en")
    if shown.textDirection() is not locale.textDirection():
        # English between Arabic digits, in a mirrored window, comes out in the wrong order: `tcp/80→8080`.
        locale = shown
    QLocale.setDefault(locale)
    qts = _translator(app, locale, "qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    loaded = [translator for translator in (qts, ours) if not translator.isEmpty()]
    for translator in loaded:
        app.installTranslator(translator)
    return loaded


def english_words(translators: list[QTranslator]) -> dict[str, tuple[str, ...]]:
    """What is translated, by its translation: more than one where several are translated alike. Of English nothing.

    A compiled translation does not tell it: it is read from what that was compiled from.
    """
    found: dict[str, tuple[str, ...]] = {}
    for translator in translators:
        source = resources() / "translations" / f"{Path(translator.filePath()).stem}.ts"
        for message in ElementTree.parse(source).iter("message") if source.is_file() else ():
            words, translation = message.findtext("source") or "", message.findtext("translation") or ""
            if translation.strip() and words not in found.get(translation, ()):
                found[translation] = (*found.get(translation, ()), words)
    return found


def set_layout(app: QApplication, wish: Layout) -> None:
    """Turns the whole window; terminals, logs and what is typed in them stay as they are."""
    right, left = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
    turned = {Layout.LEFT_TO_RIGHT: left, Layout.RIGHT_TO_LEFT: right}.get(wish, QLocale().textDirection())
    if app.layoutDirection() is not turned:
        app.setLayoutDirection(turned)


def _translator(app: QApplication, locale: QLocale, stem: str, folder: str) -> QTranslator:
    """Speaks English where there is no such language: its plurals are in there."""
    made = QTranslator(app)
    if not made.load(locale, stem, "_", folder):
        made.load(f"{stem}_en", folder)
    return made
