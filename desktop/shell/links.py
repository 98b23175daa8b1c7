"""Addresses opened in the browser: what a program in the console showed, only when the user says so. And files."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.core.text import visible
from desktop.views.notice_stack import Choice, Notice

from .notices import Notices

OPENED_SCHEMES = ("http", "https")


def open_link(address: str) -> None:
    """For one that the app has made itself."""
    QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode))


def open_file(notices: Notices, path: str) -> None:
    """With what the desktop opens such a file with; where there is nothing, it says where the file is."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
        words = QCoreApplication.translate("Links", "Nothing here opens such a file. It is %1")
        notices.say(Notice(words.replace("%1", visible(path))))


def offer_link(notices: Notices, address: str) -> None:
    """Shows the whole address first: its text in the console may say something else."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() not in OPENED_SCHEMES or not url.host():
        return
    shown = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    notices.say(
        Notice(
            QCoreApplication.translate("Links", "Open this address in the browser?"),
            shown,
            choices=(Choice(QCoreApplication.translate("Links", "Open"), lambda: QDesktopServices.openUrl(url)),),
            key="link",
        )
    )
