"""Shells in containers: opens them, carries what is typed and printed, and says in the tab what became of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QCoreApplication

from desktop.core import frames
from desktop.core.engine import Link
from desktop.core.errors import EngineError, MoorageError
from desktop.services.engine import EngineService
from desktop.views.console_tabs import ConsoleTabs
from desktop.views.question import Answer
from desktop.views.told import told

from .asking import Asking
from .tasks import Tasks

if TYPE_CHECKING:
    from desktop.engine.shell import ContainerShell
    from desktop.views.shell_pane import ShellPane

log = logging.getLogger("desktop.shells")

QUEUE_LIMIT_BYTES = 8 << 20
END_IS_KNOWN_S = 1.0
"""So long after its shell the end of a container may become known."""
LAST_CLOSE_S = 1.5

translate = QCoreApplication.translate


class ContainerShells:
    """One task for each tab. Closing a tab hangs up its shell; leaving the tab changes nothing."""

    def __init__(self, engine: EngineService, tabs: ConsoleTabs, tasks: Tasks, asking: Asking) -> None:
        self._engine, self._tabs, self._tasks, self._asking = engine, tabs, tasks, asking
        self._shells: dict[ShellPane, ContainerShell] = {}
        self._running: dict[ShellPane, asyncio.Task[Any]] = {}
        tabs.shell_wanted.connect(self.open)
        tabs.close_wanted.connect(self.close)

    def running(self) -> list[tuple[str, str]]:
        """Containers that a shell can be opened in: id and name."""
        found = [(record.id, record.name) for record in self._engine.containers if record.state == "running"]
        return sorted(found, key=lambda choice: choice[1].casefold())

    def open(self, container: str) -> None:
        record = self._engine.containers.get(container)
        pane = self._tabs.add_shell(container, record.name if record is not None else container[:12])
        pane.frame_typed.connect(lambda kind, payload: self._on_frame(pane, kind, payload))
        pane.again_requested.connect(lambda: self._begin(pane))
        self._begin(pane)

    def close(self, pane: ShellPane) -> None:
        self._tasks.spawn("close a shell", self._close(pane))

    async def hang_up_all(self) -> None:
        """At the end of the app: what was opened here does not stay behind in the containers."""
        shells, self._shells = list(self._shells.values()), {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_CLOSE_S):
                await asyncio.gather(*(shell.close() for shell in shells), return_exceptions=True)

    def _begin(self, pane: ShellPane) -> None:
        task = self._tasks.spawn(f"shell in {pane.name}", self._run(pane))
        if task is not None:
            self._running[pane] = task

    async def _run(self, pane: ShellPane) -> None:
        from desktop.views.shell_pane import Phase

        pane.show_phase(Phase.OPENING)
        size = pane.size_in_cells()
        try:
            shell = await self._engine.open_shell(pane.container, *size)
        except MoorageError as error:
            words = ": ".join(told(part) for part in (error.what, error.why) if part)
            pane.show_phase(*await self._refused(pane, words))
            return
        self._shells[pane] = shell
        pane.show_phase(Phase.OPEN)
        try:
            if size != pane.size_in_cells():  # it was laid out meanwhile
                await self._resize(shell, *pane.size_in_cells())
            while data := await shell.read():
                pane.receive(frames.OUTPUT, data)
                while pane.queued_bytes > QUEUE_LIMIT_BYTES:
                    await asyncio.sleep(0.01)
            pane.show_phase(await self._end_of(pane, shell))
        finally:
            await shell.disconnect()
            self._running.pop(pane, None)
            if self._shells.get(pane) is shell:
                del self._shells[pane]

    async def _refused(self, pane: ShellPane, words: str) -> tuple[Any, str]:
        """The engine's words, unless it is only that the container does not run."""
        from desktop.views.shell_pane import Phase

        with contextlib.suppress(EngineError):
            if self._engine.link.link is Link.UP and not await self._engine.is_running(pane.container):
                return Phase.CONTAINER_ENDED, ""
        return Phase.REFUSED, words

    async def _end_of(self, pane: ShellPane, shell: ContainerShell) -> Any:
        """Why nothing more comes: asked of the engine, which may be gone itself."""
        from desktop.views.shell_pane import Phase

        try:
            code = await shell.exit_code()
            deadline = asyncio.get_running_loop().time() + END_IS_KNOWN_S
            while code in (None, 137) and asyncio.get_running_loop().time() < deadline:
                if not await self._engine.is_running(pane.container):
                    return Phase.CONTAINER_ENDED
                await asyncio.sleep(0.1)
        except EngineError as error:
            log.info("shell in %s: %s", pane.name, error)
            return Phase.LOST
        return Phase.LOST if code is None else Phase.EXITED

    def _on_frame(self, pane: ShellPane, kind: bytes, payload: bytes) -> None:
        shell = self._shells.get(pane)
        if shell is None:
            return
        if kind == frames.WINDOW:
            size = msgspec.json.decode(payload, type=dict[str, int])
            self._tasks.spawn("size of a shell", self._resize(shell, size["cols"], size["rows"]))
        elif kind in (frames.TYPED, frames.REPLY):
            shell.type(payload)

    async def _resize(self, shell: ContainerShell, cols: int, rows: int) -> None:
        try:
            await shell.resize(cols, rows)
        except EngineError as error:
            log.info("a shell's size: %s", error)  # it has ended just now

    async def _close(self, pane: ShellPane) -> None:
        if pane in self._shells and not await self._may_close(pane):
            return
        shell = self._shells.pop(pane, None)
        task = self._running.pop(pane, None)
        if task is not None:
            task.cancel()
        self._tabs.remove_shell(pane)
        if shell is not None:
            await shell.close()

    async def _may_close(self, pane: ShellPane) -> bool:
        answer = await self._asking.ask(
            "close_shell_question",
            translate("Shells", "Close the shell in %1?").replace("%1", pane.name),
            translate("Shells", "What runs in it ends. The container and the machine go on."),
            (
                Answer("cancel", translate("Shells", "Cancel")),
                Answer("close", translate("Shells", "Close it"), "primary"),
            ),
            default="close",
        )
        return answer == "close"
