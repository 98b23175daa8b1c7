"""Starting at login: shown as the desktop has it, changed as the user wishes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from desktop.core.settings import AT_LOGIN, AtLogin
from desktop.services.autostart import Autostart

from .tasks import Tasks

if TYPE_CHECKING:
    from desktop.views.settings_pane import SettingsPane


class AtLoginFeed:
    def __init__(self, pane: SettingsPane, entry: Autostart, tasks: Tasks) -> None:
        self._pane, self._entry, self._tasks = pane, entry, tasks
        pane.save_requested.connect(self._on_save)

    def begin(self) -> None:
        self._tasks.spawn("at login", self._show())

    def _on_save(self, key: str, value: Any) -> None:
        if key == AT_LOGIN:
            self._tasks.spawn("at login", self._set(AtLogin(value)))

    async def _set(self, wished: AtLogin) -> None:
        try:
            await asyncio.to_thread(self._entry.set, wished)
        finally:
            await self._show()

    async def _show(self) -> None:
        self._pane.show_at_login(await asyncio.to_thread(self._entry.look))
