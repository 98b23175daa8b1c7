"""The user's language: which there are, and loading one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.core.paths import resources

LANGUAGES = (("en", "English"), ("zh_CN", "简体中文"))
"""Code and own name of each language that the window speaks."""


def translations() -> Path:
    return resources() / "translations"


def load_language(app: QApplication, wish: str) -> list[QTranslator]:
    """Loads the wished language, or the system's; the translators come back, since Qt does not keep them."""
    locale = QLocale(wish) if wish else QLocale.system()
    QLocale.setDefault(locale)
    app.setLayoutDirection(locale.textDirection())
    loaded = []
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for stem, folder in (("qtbase", qt_folder), ("moorage", str(translations()))):
        translator = QTranslator(app)
        # English is loaded too, and for languages that we do not speak: its plurals are in there.
        if translator.load(locale, stem, "_", folder) or translator.load(f"{stem}_en", folder):
            app.installTranslator(translator)
            loaded.append(translator)
    return loaded
