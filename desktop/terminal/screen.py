"""A terminal's screen and scrollback, kept by libghostty-vt.

Everything a guest prints goes through `feed`. What it asks is answered through `on_reply`, after the allow-list and
only while `is_muted` is off. Clipboard, notifications, pictures, window operations and title reports are refused:
nothing here is connected to them.

Importing this module loads the native library; import it when the first console is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from desktop.terminal.ghostty import TerminalError, check, ffi, grid_ref, lib, new_sized, scroll_viewport, take
from desktop.terminal.render import Colours, Cursor, Renderer, Rgb, Row
from desktop.terminal.replies import ReplyGate
from desktop.terminal.titles import clean_title

DEFAULT_SCROLLBACK_LINES = 10_000
_CONTINUATION_BYTES = 1 << 20
_MODE_GRAPHEMES = 2027
_MODE_HOLD = 2026
_MODE_BRACKETED_PASTE = 2004
_MAX_LINK_BYTES = 2048


class Scroll(NamedTuple):
    """The viewport in lines: how many there are, which is the first shown, how many are shown."""

    total: int
    first: int
    shown: int


class Screen:
    """One terminal. Not thread-safe; `close` it, or its native memory goes when the object does."""

    def __init__(self, columns: int = 80, rows: int = 24, scrollback_lines: int = DEFAULT_SCROLLBACK_LINES) -> None:
        self.on_reply: Callable[[bytes], None] | None = None
        self.on_title: Callable[[str], None] | None = None
        self.on_bell: Callable[[], None] | None = None
        self.is_muted = False
        self._scrollback_lines = scrollback_lines
        self._gate = ReplyGate()
        self._callbacks = self._make_callbacks()
        self._error: BaseException | None = None
        self._theme: tuple[Rgb, Rgb, Rgb, list[Rgb]] | None = None
        out = ffi.new("GhosttyTerminal*")
        check(lib.ghostty_terminal_new(ffi.NULL, out, columns, rows), f"new {columns}x{rows}")
        self._handle = out[0]
        self._renderer = Renderer()
        self._set_up()
        # A family emoji is one character two cells wide, as in other terminals of today. A snapshot brings its own.
        for option in (lib.GHOSTTY_TERMINAL_OPT_MODE_DEFAULT, lib.GHOSTTY_TERMINAL_OPT_MODE):
            self._set(option, ffi.new("GhosttyTerminalModeConfig*", (_MODE_GRAPHEMES, True)))

    @property
    def handle(self) -> Any:
        """The native terminal, for the encoders and the selection; it changes at `restore`."""
        return self._handle

    def close(self) -> None:
        """Free the native memory. The screen is of no use afterwards; a second call does nothing."""
        if self._handle is not None:
            self._renderer.close()
            lib.ghostty_terminal_free(self._handle)
            self._handle = None

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.close()

    # -- what goes in

    def feed(self, data: bytes) -> None:
        """Obey what the guest printed."""
        lib.ghostty_terminal_vt_write(self._handle, data, len(data))
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def resize(self, columns: int, rows: int, cell_width_px: int = 8, cell_height_px: int = 16) -> None:
        """Change the size; long lines flow anew."""
        check(lib.ghostty_terminal_resize(self._handle, columns, rows, cell_width_px, cell_height_px), "resize")

    def reset(self) -> None:
        """As it was when new: nothing on the screen, no scrollback, every mode at its default."""
        lib.ghostty_terminal_reset(self._handle)
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
        return self._renderer.update(self._handle, full)

    def cursor(self) -> Cursor | None:
        """The cursor as of the last `changed_rows`."""
        return self._renderer.cursor()

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
        out = ffi.new("GhosttyString*")
        if lib.ghostty_terminal_get(self._handle, lib.GHOSTTY_TERMINAL_DATA_TITLE, out) or not out.len:
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
    def is_held(self) -> bool:
        """Whether the guest asks not to show a half-drawn picture (synchronized output)."""
        return self.mode(_MODE_HOLD)

    def mode(self, number: int) -> bool:
        """Whether a DEC private mode is set."""
        config = ffi.new("GhosttyTerminalModeConfig*", {"mode": number & 0x7FFF})
        check(lib.ghostty_terminal_get(self._handle, lib.GHOSTTY_TERMINAL_DATA_MODE, config), f"mode {number}")
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
        if lib.ghostty_terminal_select_all(self._handle, selection):
            return ""
        return self._format(selection, unwrap=True)

    # -- the viewport

    @property
    def scroll(self) -> Scroll:
        out = ffi.new("GhosttyTerminalScrollbar*")
        check(lib.ghostty_terminal_get(self._handle, lib.GHOSTTY_TERMINAL_DATA_SCROLLBAR, out), "scrollbar")
        return Scroll(out.total, out.offset, out.len)

    def scroll_by(self, lines: int) -> None:
        """Move the viewport; negative is up, into the past."""
        self._scroll(lib.GHOSTTY_SCROLL_VIEWPORT_DELTA, lines & 0xFFFFFFFFFFFFFFFF)

    def scroll_to(self, line: int) -> None:
        """Make `line` the first one shown; 0 is the oldest."""
        self._scroll(lib.GHOSTTY_SCROLL_VIEWPORT_ROW, line)

    def scroll_to_bottom(self) -> None:
        self._scroll(lib.GHOSTTY_SCROLL_VIEWPORT_BOTTOM, 0)

    # -- the selection; gestures are in `selection.py`

    def set_selection(self, selection: Any) -> None:
        """Show a `GhosttySelection` as selected."""
        self._set(lib.GHOSTTY_TERMINAL_OPT_SELECTION, selection)

    def select(self, begin: tuple[int, int], end: tuple[int, int]) -> None:
        """Select from one cell to another, in columns and lines counted from the oldest line."""
        selection = new_sized("GhosttySelection")
        selection.start, selection.end = self.ref(*begin, "SCREEN")[0], self.ref(*end, "SCREEN")[0]
        self.set_selection(selection)

    def clear_selection(self) -> None:
        self._set(lib.GHOSTTY_TERMINAL_OPT_SELECTION, ffi.NULL)

    def select_all(self) -> None:
        selection = new_sized("GhosttySelection")
        if not lib.ghostty_terminal_select_all(self._handle, selection):
            self.set_selection(selection)

    def selected_text(self) -> str:
        """The selection as text: wrapped lines joined, trailing blanks left out; a block keeps its lines."""
        return self._format(ffi.NULL, unwrap=True)

    def ref(self, column: int, row: int, space: str = "VIEWPORT") -> Any:
        """Where a cell lives; good until the next change of the terminal."""
        point = ffi.new("MooragePoint*")
        point.tag = getattr(lib, f"GHOSTTY_POINT_TAG_{space}")
        point.value.x, point.value.y = column, row
        ref = new_sized("GhosttyGridRef")
        check(grid_ref(self._handle, point[0], ref), f"cell {column},{row}")
        return ref

    # -- memory

    def compress_step(self) -> bool:
        """Compress a little of the scrollback (under a millisecond); returns whether there is more to do."""
        out = ffi.new("GhosttyTerminalCompressionResult*")
        check(
            lib.ghostty_terminal_compress(self._handle, lib.GHOSTTY_TERMINAL_COMPRESSION_MODE_INCREMENTAL, out),
            "compress",
        )
        return bool(out[0] == lib.GHOSTTY_TERMINAL_COMPRESSION_RESULT_PENDING)

    def snapshot(self) -> bytes:
        """The whole terminal, a half-received sequence included, for `restore`."""
        pointer, length = ffi.new("uint8_t**"), ffi.new("size_t*")
        check(lib.ghostty_snapshot_encode_alloc(self._handle, ffi.NULL, pointer, length), "snapshot")
        return take(pointer, length)

    def restore(self, snapshot: bytes) -> None:
        """Become what `snapshot` was taken of. A damaged one raises and leaves the screen as it is."""
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
        self._renderer.close()
        lib.ghostty_terminal_free(self._handle)
        self._handle = out[0]
        self._renderer = Renderer()
        self._set_up()
        if self._theme is not None:
            self.set_theme(*self._theme)

    # -- inside

    def _set_up(self) -> None:
        # Without this the library keeps 10,000 *bytes* of scrollback, whatever the number of lines allowed.
        self._set(lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_BYTES, ffi.NULL)
        lines = ffi.new("size_t*", self._scrollback_lines)
        self._set(lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_LINES, lines)
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
            lib.GHOSTTY_TERMINAL_OPT_BELL: callback("GhosttyTerminalBellFn", self._on_bell),
        }

    def _on_write(self, _terminal: Any, _user: Any, data: Any, length: int) -> None:
        if self.on_reply is None or self.is_muted:
            return
        reply: bytes = ffi.buffer(data, length)[:]
        if self._gate.passes(reply):
            self.on_reply(reply)

    def _on_title(self, _terminal: Any, _user: Any) -> None:
        if self.on_title is not None:
            self.on_title(self.title)

    def _on_bell(self, _terminal: Any, _user: Any) -> None:
        if self.on_bell is not None and not self.is_muted:
            self.on_bell()

    def _keep_error(self, _kind: type[BaseException], error: BaseException, _trace: Any) -> None:
        # Raised by `feed`: an exception cannot cross the native code between.
        self._error = self._error or error

    def _scroll(self, tag: int, value: int) -> None:
        target = ffi.new("MoorageScroll*")
        target.tag, target.v = tag, value
        scroll_viewport(self._handle, target[0])

    def _format(self, selection: Any, unwrap: bool) -> str:
        options = new_sized("GhosttyTerminalSelectionFormatOptions")
        options.emit, options.unwrap, options.trim = lib.GHOSTTY_FORMATTER_FORMAT_PLAIN, unwrap, True
        options.selection = selection
        pointer, length = ffi.new("uint8_t**"), ffi.new("size_t*")
        if lib.ghostty_terminal_selection_format_alloc(self._handle, ffi.NULL, options[0], pointer, length):
            return ""  # nothing is selected
        return take(pointer, length).decode("utf-8", "replace")

    def _number(self, key: int, kind: str) -> int:
        out = ffi.new(kind)
        check(lib.ghostty_terminal_get(self._handle, key, out), "terminal")
        value: int = out[0]
        return value

    def _set(self, option: int, value: Any) -> None:
        check(lib.ghostty_terminal_set(self._handle, option, value), f"option {option}")
