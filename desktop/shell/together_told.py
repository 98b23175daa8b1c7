"""One act on many objects: every one is tried, and what failed is told once, line by line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QCoreApplication

from desktop.core.errors import MoorageError
from desktop.core.text import visible
from desktop.views.notice_stack import Notice
from desktop.views.told import told

from .notices import Notices

NAMES_SHOWN = 8
NAME_LIMIT = 80
FAILURES_SHOWN = 50

translate = QCoreApplication.translate


async def each(notices: Notices, call: Callable[[str], Awaitable[None]], ids: Sequence[str]) -> None:
    await in_waves(notices, call, [ids])


async def in_waves(
    notices: Notices, call: Callable[[str], Awaitable[None]], waves: Sequence[Sequence[str]]
) -> None:
    """Those of a wave at once, whatever came of the one before."""
    outcomes: list[BaseException | None] = []
    for wave in waves:
        outcomes += await asyncio.gather(*(call(id) for id in wave), return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, MoorageError)]
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, MoorageError):
            raise outcome
    if len(failures) == 1:
        notices.error(failures[0])
    elif failures:
        notices.say(_together(failures, len(outcomes)))


def names_in(names: Sequence[str]) -> list[str]:
    """Lines for a question: the first names, and how many more there are."""
    lines = [visible(name, NAME_LIMIT) for name in names[:NAMES_SHOWN]]
    if len(names) > NAMES_SHOWN:
        lines.append(translate("Actions", "… and %1 more").replace("%1", str(len(names) - NAMES_SHOWN)))
    return lines


def _together(failures: Sequence[MoorageError], tried: int) -> Notice:
    what = translate("Actions", "%1 of %2 failed").replace("%1", str(len(failures))).replace("%2", str(tried))
    lines = [visible(f"{told(failure.what)}: {told(failure.why)}", 300) for failure in failures[:FAILURES_SHOWN]]
    if len(failures) > FAILURES_SHOWN:
        lines.append(translate("Actions", "… and %1 more").replace("%1", str(len(failures) - FAILURES_SHOWN)))
    return Notice(what, "\n".join(lines), kind="error", key=f"error:{failures[0].what}")
