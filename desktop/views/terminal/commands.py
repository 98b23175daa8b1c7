"""What the keys of GNU screen do in one terminal; those that are about more than it are passed on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.terminal.prefix import ScreenKey, prefix_character

from .display import Display
from .written import OutputLog, write_screen

_CLEAR = b"\x18\x1b[H\x1b[2J"  # for this viewer alone; CAN ends a sequence that was under way


class Commands(QObject):
    """`hinted` has words for the terminal's foot, which take no room from the guest as a notice would; `passed_on` a
    ScreenKey and what was typed for it."""

    hinted = Signal(str)
    noticed = Signal(str)
    passed_on = Signal(object, str)
    log_changed = Signal(bool)

    def __init__(self, display: Display, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display, self._session = display, display.session
        self._log = OutputLog()
        display.prefix.asked.connect(self._on_key)
        display.prefix.waiting.connect(self._on_waiting)
        display.copy_mode.began.connect(lambda: self.hinted.emit(self._copy_help()))
        display.copy_mode.ended.connect(lambda: self.hinted.emit(""))
        display.copy_mode.missed.connect(lambda words: self.hinted.emit(self._not_found(words)))

    @property
    def is_logging(self) -> bool:
        return self._log.is_on

    def close(self) -> None:
        self._session.on_output = None
        self._log.close()

    def _on_key(self, key: ScreenKey, typed: str) -> None:
        display = self._display
        if key is ScreenKey.LITERAL:
            display.type(prefix_character(display.prefix.letter).encode())
        elif key is ScreenKey.COPY:
            display.copy_mode.begin()
        elif key is ScreenKey.PASTE:
            display.clipboard.paste()
        elif key is ScreenKey.CLEAR:
            self._session.screen.feed(_CLEAR)
            display.look()
        elif key is ScreenKey.LOG:
            self._switch_log()
        elif key is ScreenKey.HARDCOPY:
            self._write_screen()
        elif key is ScreenKey.INFO:
            self.hinted.emit("\n".join((self.info(), *((str(self._log.path),) if self._log.is_on else ()))))
        elif key is ScreenKey.HELP:
            self.hinted.emit(self._help())
        else:
            self.passed_on.emit(key, typed)

    def _on_waiting(self, waiting: bool) -> None:
        letter = self._display.prefix.letter.upper()
        self.hinted.emit(self.tr("Ctrl+%1 … and ? for help").replace("%1", letter) if waiting else "")

    def _switch_log(self) -> None:
        if self._log.is_on:
            self.close()
            self.hinted.emit(self.tr("No longer written to %1").replace("%1", str(self._log.path)))
        else:
            try:
                self._log.open()
            except OSError as error:
                self._tell_failure(error)
                return
            self._session.on_output = self._write
            self.hinted.emit(self.tr("What is printed is written to %1").replace("%1", str(self._log.path)))
        self.log_changed.emit(self._log.is_on)

    def _write(self, data: bytes) -> None:
        try:
            self._log.write(data)
        except OSError as error:
            self.close()
            self._tell_failure(error)
            self.log_changed.emit(False)

    def _write_screen(self) -> None:
        try:
            path = write_screen(self._session.screen.text())
        except OSError as error:
            self._tell_failure(error)
        else:
            self.hinted.emit(self.tr("The screen is written to %1").replace("%1", str(path)))

    def _tell_failure(self, error: OSError) -> None:
        self.noticed.emit(self.tr("The console cannot be written to a file: %1").replace("%1", str(error.strerror)))

    def info(self) -> str:
        """What there is to say about this terminal, in one line."""
        screen, info = self._session.screen, self._session.info
        parts = [f"{screen.columns}×{screen.rows}"]
        if info is not None:
            parts.append(self.tr("Viewers: %1").replace("%1", str(info.viewers)))
        if self._session.is_read_only:
            parts.append(self.tr("read only"))
        if self._log.is_on:
            parts.append(self.tr("log on"))
        if screen.title:
            parts.append(screen.title)
        return " · ".join(parts)

    def _copy_help(self) -> str:
        return self.tr("Copy mode: arrows move, Space marks and copies, / and ? find, n goes on, Esc leaves")

    def _not_found(self, words: str) -> str:
        return self.tr("Not found: %1").replace("%1", words)

    def _help(self) -> str:
        letter = self._display.prefix.letter
        rows = (
            (letter, self.tr("types Ctrl+%1").replace("%1", letter.upper())),
            ("c", self.tr("opens a shell in the machine or in a container")),
            ('n  p  0-9  "', self.tr("next, previous, one of, all consoles")),
            ("A  k", self.tr("renames, closes a shell")),
            ("d", self.tr("detaches")),
            ("[  ]", self.tr("copy mode, paste")),
            ("H  h", self.tr("log to a file, write the screen to a file")),
            ("C", self.tr("clears the screen")),
            ("b", self.tr("sends a break on the machine's line")),
            ("i", self.tr("says what this is")),
        )
        head = self.tr("After Ctrl+%1:").replace("%1", letter.upper())
        return "\n".join([head, *(f"{keys}   {words}" for keys, words in rows)])
