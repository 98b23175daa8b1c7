"""How often a terminal is drawn: sixty times a second, less where that takes long, and least in a flood."""

from __future__ import annotations

import time

from desktop.terminal.screen import LONGEST_HOLD_S

FRAME_S = 1 / 60
LONGEST_FRAME_S = 0.1
FLOOD_BYTES = 1 << 16  # in one frame, or between two steps of compression: many screens of it went by unseen
FLOOD_SHARE, CALM_SHARE = 10, 2  # drawing takes at most one part in so many of the time
TYPING_S = 1.0  # after a key its echo is waited for, in a flood too


class Pace:
    def __init__(self) -> None:
        self.is_flooded = False
        self._begun_s = 0.0  # the last frame in which something was drawn
        self._took_s = 0.0
        self._drawn_bytes = 0
        self._rested_bytes = 0
        self._typing_until_s = 0.0

    def wait_s(self) -> float:
        """Until the next frame."""
        now = time.monotonic()
        share = FLOOD_SHARE if self.is_flooded and now > self._typing_until_s else CALM_SHARE
        frame_s = min(max(FRAME_S, share * self._took_s), LONGEST_FRAME_S)
        return max(0.0, self._begun_s + frame_s - now)

    def may_be_held(self) -> bool:
        """Whether a half-drawn picture of the guest's may wait for the rest."""
        return time.monotonic() - self._begun_s < LONGEST_HOLD_S

    def on_typed(self) -> None:
        self._typing_until_s = time.monotonic() + TYPING_S

    def on_frame(self, begun_s: float, took_s: float, received_bytes: int, is_new: bool) -> None:
        """Where nothing was drawn, the echo that is under way need not wait for a frame."""
        self._took_s = took_s
        self.is_flooded = received_bytes - self._drawn_bytes > FLOOD_BYTES
        self._drawn_bytes = received_bytes
        if is_new:
            self._begun_s = begun_s

    def rests(self, received_bytes: int) -> bool:
        """Whether no flood came by since this was asked last."""
        before, self._rested_bytes = self._rested_bytes, received_bytes
        return received_bytes - before <= FLOOD_BYTES
