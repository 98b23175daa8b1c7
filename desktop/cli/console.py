"""`moorage console`: this terminal becomes a viewer of the VM's tty, with keys of GNU screen: C-a d detaches."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import textwrap
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from desktop.client.connection import SupervisorGone
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MoorageError
from desktop.core.machine import LIVE, MachineStatus
from desktop.core.text import visible
from desktop.engine.client import EngineClient
from desktop.terminal.drawing import Drawing, erased
from desktop.terminal.keys import encode_paste, is_paste_safe
from desktop.terminal.prefix import ScreenKey, prefix_letter

from .console_copy import NOT_KEPT, OLDER, CopyView
from .console_keys import HELP, Asked, Keys
from .console_line import Line
from .console_log import write_hardcopy
from .console_terminal import RawTerminal, tell
from .console_windows import ConsoleWindow, Window, open_machine_shell, open_shell

FRAME_S = 0.012
HOLD_S = 0.2  # how long a program may keep a half-drawn picture back
QUIET_S = 1.5
MESSAGE_S = 5.0
PRESS_ENTER = "The console is silent. Press Enter for a prompt"
GONE = "the terminal is gone"
_WITHOUT_CURSOR = ("", "dumb", "unknown")
_ENDS = (signal.SIGTERM, signal.SIGQUIT, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2)
_CLEAR = b"\x18\x1b[H\x1b[2J"  # for this viewer alone; CAN ends a sequence that was under way

Wish = Callable[[], Awaitable[None]]


async def attach(client: SupervisorClient, read_only: bool, prefix: str = "C-a", has_status: bool = True) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise MoorageError("The console needs a terminal", "Input or output is not one", "Use `moorage logs console`")
    if os.environ.get("TERM", "") in _WITHOUT_CURSOR:
        why = "This one cannot place its cursor, as TERM says"
        raise MoorageError("The console needs a terminal with a screen", why, "Use `moorage logs console -f`")
    files = client.files
    async with contextlib.AsyncExitStack() as stack:
        viewing = Viewing(
            client,
            prefix_letter(prefix),
            has_status,
            lambda: stack.enter_async_context(EngineClient(files.engine_socket, files.docker_socket)),
        )
        try:
            await viewing.open(read_only)
            with RawTerminal(sys.stdin.fileno(), sys.stdout.fileno()) as terminal:
                notice = await viewing.run(terminal)
        finally:
            await viewing.close()  # before the engine: its shells end by that
    tell(f"[{visible(notice)}]\n")


class Viewing:
    """One attached terminal: draws one of its windows, and gives it what is typed, until the tty is left."""

    def __init__(
        self, client: SupervisorClient, letter: str, has_status: bool, connect: Callable[[], Awaitable[EngineClient]]
    ) -> None:
        self._client, self._connect = client, connect
        self._engine: EngineClient | None = None
        self._letter, self._keys = letter, Keys(letter)
        self._status = MachineStatus(machine=client.files.name)
        self._windows: list[Window] = []
        self._typed = b""  # and not looked at yet
        self._wishes: deque[Wish] = deque()
        self._is_begun = self._is_aside = False
        self._asking: Line | CopyView | None = None
        self._copied = self._message = ""
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._drawn_s = self._held_since_s = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._drawing = Drawing(*_terminal_size(), has_status)

    async def open(self, read_only: bool) -> None:
        """Attaches to the tty, which is the first window."""
        self._tty = await ConsoleWindow.open(self._client, self, self._drawing.room, read_only)
        self._shown: Window = self._tty
        self._before: Window = self._tty
        self._add(self._tty)
        statuses = self._client.watch()
        self._status = await anext(statuses)
        self._spawn(self._watch(statuses))

    async def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for window in self._windows:
            await window.close()

    async def run(self, terminal: RawTerminal) -> str:
        """Returns why it ended, in words."""
        loop = asyncio.get_running_loop()
        self._write = terminal.write
        self._terminal, terminal.on_drained, terminal.on_gone = terminal, self._draw_soon, partial(self._leave, GONE)
        self._is_begun = True
        self._write(self._drawing.begin())
        self._draw_soon()
        self._after("quiet", QUIET_S, self._tell_if_empty)
        loop.add_reader(sys.stdin.fileno(), self._on_input)
        loop.add_signal_handler(signal.SIGWINCH, self._on_resized)
        self._on_resized()  # a new terminal is often given its place while this attaches
        loop.add_signal_handler(signal.SIGHUP, self._leave, GONE)
        for number in _ENDS:  # else shells would live on, and the terminal would stay raw
            loop.add_signal_handler(number, self._leave, "told to end")
        loop.add_signal_handler(signal.SIGTSTP, self._stop, terminal)
        loop.add_signal_handler(signal.SIGCONT, self._go_on, terminal)
        try:
            return await self._over
        finally:
            loop.remove_reader(sys.stdin.fileno())
            for number in (signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT):
                loop.remove_signal_handler(number)

    # -- what windows say

    def changed(self, window: Window) -> None:
        if window is self._shown:
            if self._message == PRESS_ENTER and not self._is_empty:
                self._message = ""
            self._draw_soon()

    def say(self, words: str) -> None:
        """In the last row, until a key is typed or a moment has passed."""
        self._message = words
        self._after("message", MESSAGE_S, self._forget_message)
        self._draw_soon()

    def ring(self, window: Window) -> None:
        if window is self._shown and self._is_begun and not self._terminal.is_busy:
            self._write(b"\a")

    @property
    def _is_empty(self) -> bool:
        return self._tty.is_empty and not self._tty.screen.text().strip()

    def _tell_if_empty(self) -> None:
        is_typist = not self._tty.session.is_read_only
        if self._is_empty and is_typist and self._status.state in LIVE and not self._message:
            self._message = PRESS_ENTER
            self._draw_soon()

    def _forget_message(self) -> None:
        if self._message:
            self._message = ""
            if not self._drawing.has_foot:
                self._drawing.forget()
            self._draw_soon()

    async def _watch(self, statuses: AsyncGenerator[MachineStatus, None]) -> None:
        with contextlib.suppress(SupervisorGone):  # the console's connection says it
            async for status in statuses:
                self._status = status
                self._draw_soon()

    def _foot(self) -> str:
        if self._message or not self._drawing.has_foot:
            return self._message
        parts = [f"{self._status.machine} {self._status.state}", f"viewers: {self._tty.viewers}"]
        if self._tty.session.is_read_only:
            parts.append("read only")
        if self._shown.log.is_on:
            parts.append(self._shown.log.about)
        if len(self._windows) > 1:
            names = (f"{number}{'*' if window is self._shown else ' '}{window.name}"
                     for number, window in enumerate(self._windows))  # fmt: skip
            parts.append(" ".join(names))
        if self._drawing.is_part(self._shown.screen):
            parts.append(f"part of {self._shown.screen.columns}x{self._shown.screen.rows}")
        parts.append(f"C-{self._letter} ? helps" if self._letter else "close this terminal to leave")
        return " " + "  ".join(parts)

    # -- drawing

    def _after(self, name: str, delay_s: float, act: Callable[[], None]) -> None:
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = asyncio.get_running_loop().call_later(delay_s, act)

    def _draw_soon(self) -> None:
        timer = self._timers.get("draw")
        if timer is None:
            self._after("draw", max(0.0, self._drawn_s + FRAME_S - time.monotonic()), self._draw)

    def _draw(self) -> None:
        self._timers.pop("draw", None)
        if self._asking is not None or not (self._is_begun and self._tty.has_picture) or self._terminal.is_busy:
            return
        now_s, screen = time.monotonic(), self._shown.screen
        self._drawn_s = now_s
        self._held_since_s = (self._held_since_s or now_s) if screen.is_held else 0.0
        if self._held_since_s and now_s - self._held_since_s < HOLD_S:
            self._draw_soon()
            return
        self._write(self._drawing.draw(screen, self._foot()))

    def _stop(self, terminal: RawTerminal) -> None:
        """Whoever goes on at the terminal meanwhile has it as it was."""
        terminal.give_back()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _go_on(self, terminal: RawTerminal) -> None:
        """A shell has made the terminal its own meanwhile, and has written on it."""
        terminal.take()
        self._write(self._drawing.rest() + self._drawing.begin())
        self._on_resized()

    def _on_resized(self) -> None:
        size = _terminal_size()
        self._drawing.resize(*size)
        for window in self._windows:
            window.resize(self._drawing.room)
        if isinstance(self._asking, CopyView):
            self._asking.resize(size)
        elif self._asking is not None:
            self._asking.draw(size)
        self._draw_soon()

    # -- what is typed

    def _on_input(self) -> None:
        try:
            data = os.read(sys.stdin.fileno(), 65536)
        except OSError:
            data = b""
        if not data:
            self._leave(GONE)
        self._typed += data
        self._work()

    def _work(self) -> None:
        """On what was typed, each piece where it belongs: to a question, else to the window that is shown by then."""
        while self._typed and not self._over.done():
            if self._asking is not None:
                data, self._typed = self._typed, b""
                self._typed = self._asking.feed(data)
                if isinstance(self._asking, Line) and self._asking.is_done:
                    return
            elif self._is_aside:
                return
            else:
                first, self._typed = self._keys.first(self._typed)
                self._forget_message()
                if isinstance(first, Asked):
                    self._obey(*first)
                elif first and (why_not := self._shown.type(first)):
                    self.say(why_not)

    def _obey(self, key: ScreenKey, typed: str) -> None:
        if key is ScreenKey.DETACH:
            self._leave("detached")
        elif key is ScreenKey.CLEAR:
            self._shown.screen.feed(_CLEAR)
            self._draw_soon()
        elif key is ScreenKey.REDISPLAY:
            self._drawing.forget()
            self._draw_soon()
        elif key is ScreenKey.INFO:
            self.say(f"{self._status.machine} {self._status.state}: {self._shown.about}, {self._shown.log.about}")
        elif key is ScreenKey.LOG:
            self.say(self._shown.log.switch(self._windows.index(self._shown)))
        elif key is ScreenKey.BREAK:
            self.say(self._shown.send_break())
        else:
            self._wish(partial(_ASIDE[key], self, typed))

    def _leave(self, words: str) -> None:
        if not self._over.done():
            self._over.set_result(words)

    # -- what takes time: one thing after the other, and what is typed meanwhile waits

    def _wish(self, wish: Wish) -> None:
        self._wishes.append(wish)
        if not self._is_aside:
            self._is_aside = True
            self._spawn(self._fulfil())

    async def _fulfil(self) -> None:
        try:
            while self._wishes:
                try:
                    await self._wishes.popleft()()
                except MoorageError as error:
                    await self._tell(str(error))
        finally:
            self._is_aside = False
        self._drawing.forget()
        self._draw_soon()
        self._work()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="moorage console")
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not self._over.done():
            self._over.set_exception(error)

    async def _ask(self, question: str) -> str | None:
        self._write(self._drawing.rest())
        line = self._asking = Line(self._write, question, (self._drawing.columns, self._drawing.rows))
        self._after("typed", 0, self._work)
        try:
            return await line.answer()
        finally:
            self._asking = None

    async def _tell(self, words: str) -> None:
        """Page by page, until each is read."""
        wrapped = [part for line in words.split("\n") for part in textwrap.wrap(visible(line), self._drawing.columns)]
        height = max(1, self._drawing.rows - 1)
        for start in range(0, len(wrapped), height):
            self._write_page(wrapped[start : start + height])
            if await self._ask("Press Enter:") is None:
                return

    def _write_page(self, lines: list[str]) -> None:
        rows = (b"\x1b[%d;1H%b" % (number, line.encode()) for number, line in enumerate(lines, 1))
        self._write(b"\x1b[r" + erased(self._drawing.rows) + b"".join(rows))

    # -- windows

    def _add(self, window: Window) -> None:
        self._windows.append(window)
        self._spawn(self._follow(window))

    async def _follow(self, window: Window) -> None:
        words = await asyncio.shield(window.reading)
        if window is self._tty:
            self._leave(words)
        elif window in self._windows:
            self._wish(partial(self._bury, window, words))

    async def _bury(self, window: Window, words: str) -> None:
        if window in self._windows:
            await self._remove(window)
            await self._tell(words)

    def _go_to(self, window: Window) -> None:
        if window is not self._shown:
            self._before, self._shown = self._shown, window

    async def _remove(self, window: Window) -> None:
        self._windows.remove(window)
        if window is self._shown:
            self._shown = self._before if self._before in self._windows else self._tty
        await window.close()

    async def _new(self, _typed: str) -> None:
        if self._status.state not in LIVE:
            self.say(f"A shell needs a machine that runs, and this one is {self._status.state}")
            return
        if self._engine is None:
            self._engine = await self._connect()
        running = [container for container in await self._engine.containers() if container.state == "running"]
        names = ["the machine itself", *(container.name for container in running)]
        chosen = await self._choose("A shell in which?", names) if running else 0
        if chosen is None:
            return
        if chosen:
            id, name = running[chosen - 1].id, names[chosen]
            window = await open_shell(self._engine, id, name, self, self._drawing.room)
        else:
            window = await open_machine_shell(self._engine, self, self._drawing.room)
        self._add(window)
        self._go_to(window)

    # -- copy and paste

    async def _copy(self, _typed: str) -> None:
        screen, size = self._shown.screen.copy(), (self._drawing.columns, self._drawing.rows)
        self._write(self._drawing.rest())
        older = OLDER if self._shown is self._tty else NOT_KEPT
        has_lost = self._shown.screen.has_lost_lines
        view = self._asking = CopyView(self._write, screen, size, older if has_lost else "")
        self._after("typed", 0, self._work)
        try:
            self._copied = await view.copied() or self._copied
        finally:
            self._typed = view.unread + self._typed
            self._asking = None
            screen.close()

    async def _paste(self, _typed: str) -> None:
        text, is_bracketed = self._copied, self._shown.screen.wants_bracketed_paste
        if not text:
            await self._tell(f"Nothing was copied yet, C-{self._letter} [ does")
            return
        lines = text.count("\n") + 1
        if is_paste_safe(text, is_bracketed) or await self._is_yes(f"Paste {lines} lines? Each runs by itself. (y/n)"):
            if why_not := self._shown.type(encode_paste(text, is_bracketed)):
                self.say(why_not)

    async def _hardcopy(self, _typed: str) -> None:
        self.say(write_hardcopy(self._shown.screen.text()))

    async def _help(self, _typed: str) -> None:
        await self._tell(HELP.format(prefix=f"C-{self._letter}", letter=self._letter).rstrip())

    # -- which window

    async def _step(self, _typed: str, by: int) -> None:
        place = self._windows.index(self._shown) + by
        self._go_to(self._windows[place % len(self._windows)])

    async def _select(self, typed: str) -> None:
        if int(typed) < len(self._windows):
            self._go_to(self._windows[int(typed)])
        else:
            self.say(f"There is no window {typed}")

    async def _list(self, _typed: str) -> None:
        names = [window.name + (" (shown)" if window is self._shown else "") for window in self._windows]
        chosen = await self._choose("Go to which window?", names)
        if chosen is not None:
            self._go_to(self._windows[chosen])

    async def _rename(self, _typed: str) -> None:
        name = await self._ask(f"New name of {self._shown.name}:")
        self._shown.name = name or self._shown.name

    async def _close(self, _typed: str) -> None:
        window = self._shown
        if window is self._tty:
            if await self._is_yes("Leave the console? The machine goes on; shells end. (y/n)"):
                self._leave("closed")
        elif await self._is_yes(f"Close {window.name}? What runs in it ends. (y/n)"):
            await self._remove(window)

    async def _is_yes(self, question: str) -> bool:
        return (await self._ask(question) or "").lower() in ("y", "yes")

    async def _choose(self, question: str, names: list[str]) -> int | None:
        """The number that is typed, where it is one of those listed; Enter alone goes on in a long list."""
        height = max(1, self._drawing.rows - 2)
        for start in range(0, len(names), height):
            page = [f"{number}  {names[number]}" for number in range(start, min(start + height, len(names)))]
            self._write_page([question, *(visible(line, self._drawing.columns) for line in page)])
            answer = await self._ask("Number:" if start + height >= len(names) else "Number, or Enter:")
            if answer is None:
                return None
            if answer:
                return int(answer) if answer.isdecimal() and int(answer) < len(names) else None
        return None


_ASIDE: dict[ScreenKey, Callable[[Viewing, str], Awaitable[None]]] = {
    ScreenKey.NEW: Viewing._new,
    ScreenKey.NEXT: partial(Viewing._step, by=1),
    ScreenKey.PREVIOUS: partial(Viewing._step, by=-1),
    ScreenKey.SELECT: Viewing._select,
    ScreenKey.LIST: Viewing._list,
    ScreenKey.RENAME: Viewing._rename,
    ScreenKey.CLOSE: Viewing._close,
    ScreenKey.COPY: Viewing._copy,
    ScreenKey.PASTE: Viewing._paste,
    ScreenKey.HARDCOPY: Viewing._hardcopy,
    ScreenKey.HELP: Viewing._help,
}
"""The keys that ask something, show something else, or lead to another window."""


def _terminal_size() -> tuple[int, int]:
    """Columns and rows, as the terminal has them: COLUMNS and LINES, where a shell exports them, are of its start."""
    try:
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
    except OSError:  # it is gone, as reading from it tells next
        columns = rows = 0
    return columns or 80, rows or 24  # a serial line knows none
