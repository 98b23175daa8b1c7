"""A terminal's screen and scrollback, kept by libghostty-vt.

Everything a guest prints goes through `feed`. What it asks is answered through `on_reply`, after the allow-list and
only while `is_muted` is off. What it would put on the clipboard goes to `on_clipboard`, to be asked about; never read.
Notifications, pictures, window operations and title reports are refused: nothing here is connected to them.

Importing this module loads the native library; import it when the first console is opened.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from desktop.terminal.ghostty import (
    TerminalError,
    check,
    ffi,
    grid_ref,
    grid_ref_track,
    lib,
    new_sized,
    scroll_viewport,
    take,
)
from desktop.terminal.history import History, forget, line_of, tracked
from desktop.terminal.render import Colours, Cursor, Renderer, Rgb, Row
from desktop.terminal.replies import ReplyGate
from desktop.terminal.titles import clean_title

DEFAULT_SCROLLBACK_LINES = 10_000
_CONTINUATION_BYTES = 1 << 20
_MODE_GRAPHEMES = 2027
_ANSI_MODE_NEWLINE = 1 << 15 | 20
_MODE_BRACKETED_PASTE = 2004
_MAX_LINK_BYTES = 2048
LONGEST_HOLD_S = 0.15
_MAX_CLIPBOARD_BYTES = 1 << 20


class Scroll(NamedTuple):
    """The viewport in lines: how many there are, which is the first shown, how many are shown."""

    total: int
    first: int
    shown: int


class Screen:
    """One terminal, for one thread; `close` it, or its native memory goes when the object does.

    What is fed aside is obeyed in another thread. Whoever asks for anything meanwhile waits until that has ended, since
    everything goes through `handle`.
    """

    def __init__(self, columns: int = 80, rows: int = 24, scrollback_lines: int = DEFAULT_SCROLLBACK_LINES) -> None:
        self.on_reply: Callable[[bytes], None] | None = None
        self.on_title: Callable[[str], None] | None = None
        self.on_bell: Callable[[], None] | None = None
        self.on_clipboard: Callable[[str], None] | None = None
        """Given a text that the guest would put on the user's clipboard (OSC 52)."""
        self.is_muted = False
        self._scrollback_lines = scrollback_lines
        self._history = History(scrollback_lines)
        self._gate = ReplyGate()
        self._callbacks = self._make_callbacks()
        self._said: list[Callable[[], None]] = []
        self._error: BaseException | None = None
        self._thread = ThreadPoolExecutor(1, "terminal")  # which begins with the first that is fed aside
        self._aside: Future[None] | None = None
        self._is_obeyed, self._is_wanted = True, False
        self._held_at_s = 0.0
        self._theme: tuple[Rgb, Rgb, Rgb, list[Rgb]] | None = None
        out = ffi.new("GhosttyTerminal*")
        check(lib.ghostty_terminal_new(ffi.NULL, out, columns, rows), f"new {columns}x{rows}")
        self._terminal = out[0]
        self._renderer = Renderer()
        self._mark: Any = None
        self._marked_at = -1
        self._last_selected: Any = None
        self._set_up()
        # A family emoji is one character two cells wide, as in other terminals of today. A snapshot brings its own.
        for option in (lib.GHOSTTY_TERMINAL_OPT_MODE_DEFAULT, lib.GHOSTTY_TERMINAL_OPT_MODE):
            self._set(option, ffi.new("GhosttyTerminalModeConfig*", (_MODE_GRAPHEMES, True)))

    @property
    def handle(self) -> Any:
        """The native terminal, for the encoders and the selection; it changes at `restore`. It is at rest."""
        self.settle()
        return self._terminal

    def close(self) -> None:
        """Free the native memory. The screen is of no use afterwards; a second call does nothing."""
        if self._terminal is not None:
            self._drop_mark()
            self._forget_selection()
            self._history.end()
            self._renderer.close()
            lib.ghostty_terminal_free(self.handle)
            self._terminal = None
            self._thread.shutdown()

    def __del__(self) -> None:
        if getattr(self, "_terminal", None) is not None:
            self.close()

    # -- what goes in

    def feed(self, data: bytes) -> None:
        """Obey what the guest printed."""
        self.tell()
        self._obey(data)
        self._say()

    def feed_aside(self, take: Callable[[], bytes], done: Callable[[], None]) -> None:
        """Obey in another thread what `take` gives there, piece by piece, until that is nothing. Then it calls `done`.

        It ends after the piece at hand where anybody asks for the screen, which waits for that, or where the guest
        has said something by it, which waits for `tell`.
        """
        self.tell()
        self._is_obeyed = self._is_wanted = False
        self._aside = self._thread.submit(self._obey_aside, take, done)

    @property
    def is_feeding(self) -> bool:
        """Whether something is still being obeyed aside."""
        return not self._is_obeyed

    def settle(self) -> None:
        """Have what is obeyed aside end, and wait for that."""
        if self._aside is not None:
            self._is_wanted = True
            self._aside.result()

    def tell(self) -> None:
        """Pass on what the guest said by what was fed aside, which is waited for."""
        if self._aside is not None:
            try:
                self.settle()
            finally:
                self._aside = None
            self._say()

    def _obey(self, data: bytes) -> None:
        lib.ghostty_terminal_vt_write(self._terminal, data, len(data))
        self._history.follow(self._terminal)

    def _obey_aside(self, take: Callable[[], bytes], done: Callable[[], None]) -> None:
        try:
            while data := take():
                self._obey(data)
                if self._is_wanted or self._said or self._error is not None:
                    break
        finally:
            self._is_obeyed = True
            done()

    def _say(self) -> None:
        said, self._said = self._said, []
        for say in said:
            try:
                say()
            except Exception as failure:  # what comes after it is said all the same
                self._error = self._error or failure
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def resize(self, columns: int, rows: int, cell_width_px: int = 8, cell_height_px: int = 16) -> None:
        """Change the size; long lines flow anew."""
        self._history.lift(self.handle)
        try:
            check(lib.ghostty_terminal_resize(self.handle, columns, rows, cell_width_px, cell_height_px), "resize")
        finally:
            self._history.fit(self.handle, self.columns)

    def reset(self) -> None:
        """As it was when new: nothing on the screen, no scrollback, every mode at its default.

        What it showed is told again: a mark is on the line of the same number then.
        """
        self._drop_mark()
        self._forget_selection()
        self._history.end()
        lib.ghostty_terminal_reset(self.handle)
        self._history.begin(self.handle, self.columns)
        self.clear_selection()

    def set_theme(self, foreground: Rgb, background: Rgb, cursor: Rgb, palette: list[Rgb]) -> None:
        """Default colours. What the guest has changed itself stays as the guest wants it."""
        self._theme = (foreground, background, cursor, palette)
        for option, colour in (
            (lib.GHOSTTY_TERMINAL_OPT_COLOR_FOREGROUND, foreground),
            (lib.GHOSTTY_TERMINAL_OPT_COLOR_BACKGROUND, background),
            (lib.GHOSTTY_TERMINAL_OPT_COLOR_CURSOR, cursor),
        ):
            self._set(option, ffi.new("GhosttyColorRgb*", colour))
        self._set(lib.GHOSTTY_TERMINAL_OPT_COLOR_PALETTE, ffi.new("GhosttyColorRgb[256]", palette))

    # -- what is seen

    def changed_rows(self, full: bool = False) -> list[Row]:
        """Rows of the viewport that changed since the last call; all of them where `full` is set."""
        self._drop_lost_selection()
        return self._renderer.update(self.handle, full)

    def cursor(self) -> Cursor | None:
        """The cursor as of the last `changed_rows`."""
        return self._renderer.cursor()

    def cursor_cell(self) -> tuple[int, int]:
        """Column, and row of the viewport, where the next character goes, be the cursor shown or not. The row is
        beyond the last one where the viewport is scrolled up."""
        column = self._number(lib.GHOSTTY_TERMINAL_DATA_CURSOR_X, "uint16_t*")
        row = self._number(lib.GHOSTTY_TERMINAL_DATA_CURSOR_Y, "uint16_t*")
        scroll = self.scroll
        return column, row + scroll.total - self.rows - scroll.first

    def colours(self) -> Colours:
        """The colours as of the last `changed_rows`."""
        return self._renderer.colours()

    @property
    def columns(self) -> int:
        return self._number(lib.GHOSTTY_TERMINAL_DATA_COLS, "uint16_t*")

    @property
    def rows(self) -> int:
        return self._number(lib.GHOSTTY_TERMINAL_DATA_ROWS, "uint16_t*")

    @property
    def title(self) -> str:
        self.settle()
        return self._title()

    def _title(self) -> str:
        out = ffi.new("GhosttyString*")
        if lib.ghostty_terminal_get(self._terminal, lib.GHOSTTY_TERMINAL_DATA_TITLE, out) or not out.len:
            return ""
        data: bytes = ffi.buffer(out.ptr, out.len)[:]
        return clean_title(data.decode("utf-8", "replace"))

    @property
    def is_alternate(self) -> bool:
        """Whether a full-screen program shows its own screen, which has no scrollback."""
        return self._number(lib.GHOSTTY_TERMINAL_DATA_ACTIVE_SCREEN, "GhosttyTerminalScreen*") == 1

    @property
    def wants_mouse(self) -> bool:
        """Whether the guest has asked for mouse events."""
        return bool(self._number(lib.GHOSTTY_TERMINAL_DATA_MOUSE_TRACKING, "bool*"))

    @property
    def wants_bracketed_paste(self) -> bool:
        return self.mode(_MODE_BRACKETED_PASTE)

    @property
    def wants_newlines(self) -> bool:
        """Whether Return is to send a line feed too (LNM)."""
        return self._mode(_ANSI_MODE_NEWLINE)

    @property
    def is_held(self) -> bool:
        """Whether the guest asks not to show a half-drawn picture (synchronized output), and not since too long: one
        that died meanwhile never lets go."""
        self.settle()
        return time.monotonic() - self._held_at_s < LONGEST_HOLD_S

    def mode(self, number: int) -> bool:
        """Whether a DEC private mode is set."""
        return self._mode(number & 0x7FFF)

    def _mode(self, packed: int) -> bool:
        config = ffi.new("GhosttyTerminalModeConfig*", {"mode": packed})
        check(lib.ghostty_terminal_get(self.handle, lib.GHOSTTY_TERMINAL_DATA_MODE, config), f"mode {packed}")
        return bool(config.value)

    def link_at(self, column: int, row: int) -> str:
        """The address of the hyperlink in a cell of the viewport, or nothing."""
        ref = self.ref(column, row)
        buffer, length = ffi.new("uint8_t[]", _MAX_LINK_BYTES), ffi.new("size_t*")
        if lib.ghostty_grid_ref_hyperlink_uri(ref, buffer, _MAX_LINK_BYTES, length):
            return ""
        data: bytes = ffi.buffer(buffer, length[0])[:]
        return data.decode("utf-8", "replace")

    def text(self) -> str:
        """The visible lines, trailing blanks left out."""
        rows = self.rows
        selection = new_sized("GhosttySelection")
        selection.start, selection.end = self.ref(0, 0)[0], self.ref(self.columns - 1, rows - 1)[0]
        return self._format(selection, unwrap=False)

    def contents(self) -> str:
        """Scrollback and screen, lines that wrapped joined again."""
        selection = new_sized("GhosttySelection")
        if lib.ghostty_terminal_select_all(self.handle, selection):
            return ""
        return self._format(selection, unwrap=True)

    def lines(self) -> list[str]:
        """Scrollback and screen, line by line as they are shown, trailing blanks left out."""
        selection, total = new_sized("GhosttySelection"), self.scroll.total
        selection.start = self.ref(0, 0, "SCREEN")[0]
        selection.end = self.ref(self.columns - 1, total - 1, "SCREEN")[0]
        lines = self._format(selection, unwrap=False).split("\n")
        return lines + [""] * (total - len(lines))

    # -- the viewport

    @property
    def scroll(self) -> Scroll:
        out = ffi.new("GhosttyTerminalScrollbar*")
        check(lib.ghostty_terminal_get(self.handle, lib.GHOSTTY_TERMINAL_DATA_SCROLLBAR, out), "scrollbar")
        return Scroll(out.total, out.offset, out.len)

    @property
    def has_lost_lines(self) -> bool:
        """Whether lines older than the oldest were let go of, since the scrollback is full."""
        return self._history.has_lost_lines(self.handle)

    def scroll_by(self, lines: int) -> None:
        """Move the viewport; negative is up, into the past."""
        self._scroll(lib.GHOSTTY_SCROLL_VIEWPORT_DELTA, lines & 0xFFFFFFFFFFFFFFFF)

    def scroll_to(self, line: int) -> None:
        """Make `line` the first one shown; 0 is the oldest."""
        self._scroll(lib.GHOSTTY_SCROLL_VIEWPORT_ROW, line)

    def scroll_to_bottom(self) -> None:
        self._scroll(lib.GHOSTTY_SCROLL_VIEWPORT_BOTTOM, 0)

    # -- a line that is found again

    def mark_line(self, line: int) -> None:
        """Remembers a line, counted from the oldest, wherever it is as older ones go; below 0 none. A new mark
        takes the place of the old one."""
        self._drop_mark()
        self._marked_at = max(line, -1)
        if line >= 0:
            out = ffi.new("GhosttyTrackedGridRef*")
            check(grid_ref_track(self.handle, self._point(0, line, "SCREEN"), out), f"mark {line}")
            self._mark = out[0]

    @property
    def marked_line(self) -> int:
        """Where the marked line is now; -1 where it is not kept any more, or none was marked."""
        self.settle()
        if self._mark is None:
            return min(self._marked_at, self.scroll.total - 1)
        out = ffi.new("GhosttyPointCoordinate*")
        if lib.ghostty_tracked_grid_ref_point(self._mark, lib.GHOSTTY_POINT_TAG_SCREEN, out):
            return -1
        line: int = out.y
        return line if line or not self._marked_at else -1  # of lines that were erased, it goes to the oldest left

    def _drop_mark(self) -> None:
        self.settle()
        if self._mark is not None:
            if not self.is_alternate:  # which has no such line
                self._marked_at = self.marked_line
            lib.ghostty_tracked_grid_ref_free(self._mark)
            self._mark = None

    # -- the selection; gestures are in `selection.py`

    def set_selection(self, selection: Any) -> None:
        """Show a `GhosttySelection` as selected."""
        self._set(lib.GHOSTTY_TERMINAL_OPT_SELECTION, selection)
        self._forget_selection()
        lines = [self._line_at(end) for end in (selection.start, selection.end)]
        self._last_selected = tracked(self.handle, max(lines))

    def select(self, begin: tuple[int, int], end: tuple[int, int]) -> None:
        """Select from one cell to another, in columns and lines counted from the oldest line."""
        selection = new_sized("GhosttySelection")
        selection.start, selection.end = self.ref(*begin, "SCREEN")[0], self.ref(*end, "SCREEN")[0]
        self.set_selection(selection)

    def clear_selection(self) -> None:
        self._set(lib.GHOSTTY_TERMINAL_OPT_SELECTION, ffi.NULL)
        self._forget_selection()

    def _drop_lost_selection(self) -> None:
        """Where all of it was let go of, the library has the oldest line's first cell selected."""
        self.settle()
        if self._last_selected is not None and line_of(self._last_selected) is None:
            self.clear_selection()

    def _forget_selection(self) -> None:
        self.settle()
        forget(self._last_selected)
        self._last_selected = None

    def _line_at(self, ref: Any) -> int:
        """Counted from the oldest."""
        out, tag = ffi.new("GhosttyPointCoordinate*"), lib.GHOSTTY_POINT_TAG_SCREEN
        check(lib.ghostty_terminal_point_from_grid_ref(self.handle, ffi.addressof(ref), tag, out), "selection")
        line: int = out.y
        return line

    def select_all(self) -> None:
        selection = new_sized("GhosttySelection")
        if not lib.ghostty_terminal_select_all(self.handle, selection):
            self.set_selection(selection)

    def selected_text(self) -> str:
        """The selection as text: wrapped lines joined, trailing blanks left out; a block keeps its lines."""
        self._drop_lost_selection()
        return self._format(ffi.NULL, unwrap=True)

    def ref(self, column: int, row: int, space: str = "VIEWPORT") -> Any:
        """Where a cell lives; good until the next change of the terminal."""
        ref = new_sized("GhosttyGridRef")
        check(grid_ref(self.handle, self._point(column, row, space), ref), f"cell {column},{row}")
        return ref

    def _point(self, column: int, row: int, space: str) -> Any:
        point = ffi.new("MooragePoint*")
        point.tag = getattr(lib, f"GHOSTTY_POINT_TAG_{space}")
        point.value.x, point.value.y = column, row
        return point[0]

    # -- memory

    def compress_step(self) -> bool:
        """Compress a little of the scrollback (under a millisecond); returns whether there is more to do."""
        out = ffi.new("GhosttyTerminalCompressionResult*")
        check(
            lib.ghostty_terminal_compress(self.handle, lib.GHOSTTY_TERMINAL_COMPRESSION_MODE_INCREMENTAL, out),
            "compress",
        )
        return bool(out[0] == lib.GHOSTTY_TERMINAL_COMPRESSION_RESULT_PENDING)

    def snapshot(self) -> bytes:
        """The whole terminal, a half-received sequence included, for `restore`."""
        pointer, length = ffi.new("uint8_t**"), ffi.new("size_t*")
        check(lib.ghostty_snapshot_encode_alloc(self.handle, ffi.NULL, pointer, length), "snapshot")
        return take(pointer, length)

    def restore(self, snapshot: bytes) -> None:
        """Become what `snapshot` was taken of. A damaged one raises and leaves the screen as it is.

        A mark is on the line of the same number then.
        """
        decoder, out = ffi.new("GhosttySnapshotDecoder*"), ffi.new("GhosttyTerminal*")
        check(lib.ghostty_snapshot_decoder_new_buf(ffi.NULL, decoder, snapshot, len(snapshot)), "snapshot decoder")
        try:
            keep = ffi.new("bool*", True)
            option = lib.GHOSTTY_SNAPSHOT_DECODER_OPT_RETAIN_CONTINUATION
            check(lib.ghostty_snapshot_decoder_set(decoder[0], option, keep), "snapshot option")
            if result := lib.ghostty_snapshot_decoder_decode(decoder[0], out):
                raise TerminalError("The console's picture arrived damaged", f"code {result}", "Open it again.")
        finally:
            lib.ghostty_snapshot_decoder_free(decoder[0])
        self._drop_mark()
        self._forget_selection()
        self._history.end()
        self._renderer.close()
        lib.ghostty_terminal_free(self.handle)
        self._terminal = out[0]
        self._renderer = Renderer()
        self._set_up()
        if self._theme is not None:
            self.set_theme(*self._theme)

    def copy(self) -> Screen:
        """A screen of its own that is as this one is now, and says nothing. To be closed by itself."""
        other = Screen(self.columns, self.rows, self._scrollback_lines)
        other.is_muted = True
        other._theme = self._theme
        other.restore(self.snapshot())
        other.scroll_to(self.scroll.first)
        return other

    # -- inside

    def _set_up(self) -> None:
        self._history.begin(self.handle, self.columns)
        # A snapshot in the middle of a sequence needs the sequence's first half.
        size = ffi.new("size_t*", _CONTINUATION_BYTES)
        self._set(lib.GHOSTTY_TERMINAL_OPT_CONTINUATION_MAX_BYTES, size)
        for option, callback in self._callbacks.items():
            self._set(option, callback)

    def _make_callbacks(self) -> dict[int, Any]:
        def callback(kind: str, function: Callable[..., None]) -> Any:
            return ffi.callback(kind, function, onerror=self._keep_error)

        return {
            lib.GHOSTTY_TERMINAL_OPT_WRITE_PTY: callback("GhosttyTerminalWritePtyFn", self._on_write),
            lib.GHOSTTY_TERMINAL_OPT_TITLE_CHANGED: callback("GhosttyTerminalTitleChangedFn", self._on_title),
            lib.GHOSTTY_TERMINAL_OPT_RENDER_HOLD: callback("GhosttyTerminalRenderHoldFn", self._on_hold),
            lib.GHOSTTY_TERMINAL_OPT_BELL: callback("GhosttyTerminalBellFn", self._on_bell),
            lib.GHOSTTY_TERMINAL_OPT_CLIPBOARD_WRITE: callback(
                "GhosttyTerminalClipboardWriteFn", self._on_clipboard_write
            ),
        }

    def _on_write(self, _terminal: Any, _user: Any, data: Any, length: int) -> None:
        if self.on_reply is None or self.is_muted:
            return
        reply: bytes = ffi.buffer(data, length)[:]
        if self._gate.passes(reply):
            self._said.append(partial(self.on_reply, reply))

    def _on_title(self, _terminal: Any, _user: Any) -> None:
        if self.on_title is not None:
            self._said.append(partial(self.on_title, self._title()))

    def _on_hold(self, _terminal: Any, _user: Any, is_held: bool) -> None:
        self._held_at_s = time.monotonic() if is_held else 0.0

    def _on_bell(self, _terminal: Any, _user: Any) -> None:
        if self.on_bell is not None and not self.is_muted:
            self._said.append(self.on_bell)

    def _on_clipboard_write(self, _terminal: Any, _user: Any, write: Any) -> None:
        """The guest is told nothing of the answer: it would be a way to ask for the user's presence."""
        reply = new_sized("GhosttyClipboardWriteReply")
        reply.result = lib.GHOSTTY_CLIPBOARD_WRITE_RESULT_DENIED
        texts = [write.contents[number] for number in range(write.contents_len)]
        found = next((ffi.buffer(text.data.ptr, text.data.len)[:] for text in texts if text.data.len), b"")
        write.reply(write, reply)
        if found and len(found) <= _MAX_CLIPBOARD_BYTES and self.on_clipboard is not None and not self.is_muted:
            self._said.append(partial(self.on_clipboard, found.decode("utf-8", "replace")))

    def _keep_error(self, _kind: type[BaseException], error: BaseException, _trace: Any) -> None:
        # Raised by `feed`: an exception cannot cross the native code between.
        self._error = self._error or error

    def _scroll(self, tag: int, value: int) -> None:
        target = ffi.new("MoorageScroll*")
        target.tag, target.v = tag, value
        scroll_viewport(self.handle, target[0])

    def _format(self, selection: Any, unwrap: bool) -> str:
        options = new_sized("GhosttyTerminalSelectionFormatOptions")
        options.emit, options.unwrap, options.trim = lib.GHOSTTY_FORMATTER_FORMAT_PLAIN, unwrap, True
        options.selection = selection
        pointer, length = ffi.new("uint8_t**"), ffi.new("size_t*")
        if lib.ghostty_terminal_selection_format_alloc(self.handle, ffi.NULL, options[0], pointer, length):
            return ""  # nothing is selected
        return take(pointer, length).decode("utf-8", "replace")

    def _number(self, key: int, kind: str) -> int:
        out = ffi.new(kind)
        check(lib.ghostty_terminal_get(self.handle, key, out), "terminal")
        value: int = out[0]
        return value

    def _set(self, option: int, value: Any) -> None:
        check(lib.ghostty_terminal_set(self.handle, option, value), f"option {option}")
