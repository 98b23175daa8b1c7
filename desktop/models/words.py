"""Ages and sizes as cells show them, in the user's language."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

NOTHING = "–"
_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 31557600
_MOST_BYTES = (1 << 63) - 1  # of Qt's numbers; a sum of what a hostile engine says is more
_LAST_S = 253402300800  # the end of the calendar


def age(then_s: float, now_s: float | None = None) -> str:
    """How long ago, short: `3 min`. A clock that went back makes nothing negative."""
    if not 0 < then_s < _LAST_S:
        return NOTHING
    passed_s = max(0, int((time.time() if now_s is None else now_s) - then_s))
    if passed_s < _MINUTE:
        return QCoreApplication.translate("Cells", "just now")
    if passed_s < _HOUR:
        return _amount(QCoreApplication.translate("Cells", "%1 min"), passed_s // _MINUTE)
    if passed_s < 2 * _DAY:
        return _amount(QCoreApplication.translate("Cells", "%1 h"), passed_s // _HOUR)
    if passed_s < 90 * _DAY:
        return _amount(QCoreApplication.translate("Cells", "%1 days"), passed_s // _DAY)
    if passed_s < 2 * _YEAR:
        return _amount(QCoreApplication.translate("Cells", "%1 months"), passed_s * 12 // _YEAR)
    return _amount(QCoreApplication.translate("Cells", "%1 years"), passed_s // _YEAR)


def moment(then_s: float) -> str:
    """Day and time by the user's clock."""
    if not 0 < then_s < _LAST_S:
        return ""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(then_s)), QLocale.FormatType.LongFormat)


def memory(amount_bytes: int | None) -> str:
    """In binary units, as `docker stats` has it."""
    if amount_bytes is None:
        return NOTHING
    return QLocale().formattedDataSize(min(amount_bytes, _MOST_BYTES), 1, QLocale.DataSizeFormat.DataSizeIecFormat)


def size(amount_bytes: int) -> str:
    """In decimal units, as `docker images` has it."""
    return QLocale().formattedDataSize(min(amount_bytes, _MOST_BYTES), 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def percent(amount: float | None) -> str:
    return NOTHING if amount is None else QLocale().toString(amount, "f", 1) + " %"


def short_id(id: str) -> str:
    return id.removeprefix("sha256:")[:12]


def _amount(words: str, number: int) -> str:
    return words.replace("%1", QLocale().toString(number))
