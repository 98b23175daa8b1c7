"""Selecting with a pointer: by character, word, line or block."""

from __future__ import annotations

from typing import Any

from desktop.terminal.ghostty import check, ffi, lib, new_sized
from desktop.terminal.screen import Screen

_REPEAT_INTERVAL_NS = 400_000_000


class SelectionGesture:
    """Turns press, drag and release into the selection of one screen.

    A second press at the same place within 0.4 s selects the word, a third one the line; a drag after them goes on by
    words or lines. Positions are in pixels from the corner of the first cell.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._selection = new_sized("GhosttySelection")
        self._events = {
            kind: self._new_event(kind)
            for kind in (
                lib.GHOSTTY_SELECTION_GESTURE_EVENT_TYPE_PRESS,
                lib.GHOSTTY_SELECTION_GESTURE_EVENT_TYPE_DRAG,
                lib.GHOSTTY_SELECTION_GESTURE_EVENT_TYPE_RELEASE,
            )
        }
        out = ffi.new("GhosttySelectionGesture*")
        check(lib.ghostty_selection_gesture_new(ffi.NULL, out), "selection gesture")
        self._gesture = out[0]
        self._cell_width = self._cell_height = 1
        self._is_dragging = False

    def close(self) -> None:
        """Free the native memory; before the screen's own is freed or replaced."""
        if self._gesture is not None:
            lib.ghostty_selection_gesture_free(self._gesture, self._screen.handle)
            for event in self._events.values():
                lib.ghostty_selection_gesture_event_free(event)
            self._gesture = None
            self._is_dragging = False

    def set_cell_size(self, width_px: int, height_px: int) -> None:
        self._cell_width, self._cell_height = width_px, height_px

    @property
    def is_dragging(self) -> bool:
        return self._is_dragging

    def press(self, x: float, y: float, time_ns: int) -> None:
        if self._gesture is None:
            return
        event = self._events[lib.GHOSTTY_SELECTION_GESTURE_EVENT_TYPE_PRESS]
        self._place(event, x, y)
        self._option(event, lib.GHOSTTY_SELECTION_GESTURE_EVENT_OPT_TIME_NS, ffi.new("uint64_t*", time_ns))
        interval = ffi.new("uint64_t*", _REPEAT_INTERVAL_NS)
        self._option(event, lib.GHOSTTY_SELECTION_GESTURE_EVENT_OPT_REPEAT_INTERVAL_NS, interval)
        distance = ffi.new("double*", float(self._cell_width))
        self._option(event, lib.GHOSTTY_SELECTION_GESTURE_EVENT_OPT_REPEAT_DISTANCE, distance)
        self._is_dragging = True
        self._send(event)

    def drag(self, x: float, y: float, as_block: bool = False) -> None:
        if not self._is_dragging:
            return
        event = self._events[lib.GHOSTTY_SELECTION_GESTURE_EVENT_TYPE_DRAG]
        self._place(event, x, y)
        geometry = ffi.new("GhosttySelectionGestureGeometry*")
        geometry.columns, geometry.cell_width = self._screen.columns, self._cell_width
        geometry.screen_height = self._screen.rows * self._cell_height
        self._option(event, lib.GHOSTTY_SELECTION_GESTURE_EVENT_OPT_GEOMETRY, geometry)
        block = ffi.new("bool*", as_block)
        self._option(event, lib.GHOSTTY_SELECTION_GESTURE_EVENT_OPT_RECTANGLE, block)
        self._send(event)

    def release(self, x: float, y: float) -> None:
        if not self._is_dragging:
            return
        self._is_dragging = False
        event = self._events[lib.GHOSTTY_SELECTION_GESTURE_EVENT_TYPE_RELEASE]
        self._option(event, lib.GHOSTTY_SELECTION_GESTURE_EVENT_OPT_REF, self._ref(x, y))
        lib.ghostty_selection_gesture_event(self._gesture, self._screen.handle, event, self._selection)

    def _send(self, event: Any) -> None:
        result = lib.ghostty_selection_gesture_event(self._gesture, self._screen.handle, event, self._selection)
        if result == lib.GHOSTTY_SUCCESS:
            self._screen.set_selection(self._selection)
        elif result == lib.GHOSTTY_NO_VALUE:
            self._screen.clear_selection()
        else:
            check(result, "selection")

    def _place(self, event: Any, x: float, y: float) -> None:
        self._option(event, lib.GHOSTTY_SELECTION_GESTURE_EVENT_OPT_REF, self._ref(x, y))
        position = ffi.new("GhosttySurfacePosition*", (max(x, 0.0), max(y, 0.0)))
        self._option(event, lib.GHOSTTY_SELECTION_GESTURE_EVENT_OPT_POSITION, position)

    def _ref(self, x: float, y: float) -> Any:
        screen = self._screen
        column = min(max(int(x // self._cell_width), 0), screen.columns - 1)
        row = min(max(int(y // self._cell_height), 0), screen.rows - 1)
        return screen.ref(column, row)

    def _option(self, event: Any, option: int, value: Any) -> None:
        check(lib.ghostty_selection_gesture_event_set(event, option, value), "selection event")

    def _new_event(self, kind: int) -> Any:
        out = ffi.new("GhosttySelectionGestureEvent*")
        check(lib.ghostty_selection_gesture_event_new(ffi.NULL, out, kind), "selection event")
        return out[0]
