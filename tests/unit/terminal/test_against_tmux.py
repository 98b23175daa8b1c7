"""What real programs printed on a machine's tty, replayed: our screen holds cell by cell what tmux holds."""

from __future__ import annotations

import itertools
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.terminal.cells import PLAIN, Glyph, Style
from desktop.terminal.replay import as_vt
from desktop.terminal.screen import Screen
from tests.helpers.sessions import COLUMNS, PROGRAMS, ROWS, recorded

DEADLINE_S = 60.0
Cell = tuple[str, Style]


class Tmux:
    """A server of our own, its one window as large as the recordings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "tmux.sock"
        size = ("-x", str(COLUMNS), "-y", str(ROWS))
        (folder / "tmux.conf").write_text("set -g status off\nset -g remain-on-exit on\nset -g escape-time 0\n")
        self.run("-f", str(folder / "tmux.conf"), "new-session", "-d", *size, "sleep infinity")

    def run(self, *words: str) -> str:
        command = ["tmux", "-S", str(self._socket), *words]
        return subprocess.run(command, check=True, capture_output=True, timeout=60, encoding="utf-8").stdout

    def play(self, printed: bytes) -> None:
        """Begins anew with these bytes, as they are: the pty adds nothing."""
        (self._folder / "printed").write_bytes(printed)
        show = f"stty raw -echo; cat '{self._folder}/printed'; exec sleep infinity"
        self.run("respawn-pane", "-k", show)
        self.run("clear-history")

    def shown(self) -> list[str]:
        return self.run("capture-pane", "-p", "-e", "-N").split("\n")[:ROWS]

    def close(self) -> None:
        subprocess.run(["tmux", "-S", str(self._socket), "kill-server"], timeout=60, check=False, capture_output=True)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    server = Tmux(tmp_path)
    yield server
    server.close()


def grid(screen: Screen) -> list[list[Cell]]:
    """Every cell: its character, and how it looks. A blank has no ink of its own; a wide one's second half is empty."""
    cells = [[(" ", PLAIN)] * screen.columns for _ in range(screen.rows)]
    for row in screen.changed_rows(full=True):
        for x, width, text, style in row.runs:
            parts = [str(text), *[""] * (width - 1)] if isinstance(text, Glyph) else list(text.ljust(width))
            cells[row.y][x : x + width] = [(part, _seen(part, style)) for part in parts]
    return cells


def _seen(text: str, style: Style) -> Style:
    style = style._replace(underline_colour=None)
    if text == " " and not (style.inverse or style.underline or style.strikethrough):
        return Style(bg=style.bg)
    return style


def differences(ours: list[list[Cell]], lines: list[str]) -> list[str]:
    """Between our cells and tmux's lines of plain characters and SGR.

    Of cells erased at a line's end tmux does not write the background: there ours must be blank, of any colour.
    """
    screen = Screen(COLUMNS, ROWS)
    found, places = [], itertools.product(range(ROWS), range(COLUMNS))
    screen.feed("".join(f"\x1b[{row + 1}H{line}" for row, line in enumerate(lines)).encode())
    theirs = grid(screen)
    for row, column in places:
        mine, their = ours[row][column], theirs[row][column]
        is_behind = all(cell == (" ", PLAIN) for cell in theirs[row][column:])
        if mine != their and not (is_behind and mine[0] == " " and not mine[1].inverse):
            found.append(f"{row},{column}: ours {mine}, tmux's {their}")
    screen.close()
    return found


def assert_same(ours: list[list[Cell]], tmux: Tmux, where: str) -> None:
    """tmux reads what it is given in its own time."""
    deadline = time.monotonic() + DEADLINE_S
    while found := differences(ours, tmux.shown()):
        if time.monotonic() > deadline:
            pytest.fail(f"{where}: " + "\n".join(found[:5]), pytrace=False)
        time.sleep(0.02)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_session_looks_as_in_tmux_whenever_one_comes_to_see_it(name: str, tmux: Tmux) -> None:
    """After each key: to who was there from the beginning, and to who came in the midst of what the key led to, by a
    snapshot as the window does and by sequences as a foreign terminal does."""
    screen, printed = Screen(COLUMNS, ROWS), b""
    for number, part in enumerate(recorded(name)):
        half = len(part) // 2
        feed(screen, part[:half])
        late, foreign = Screen(COLUMNS, ROWS), as_vt(screen)
        late.restore(screen.snapshot())
        for each in (screen, late):
            feed(each, part[half:])
        printed += part
        ours = grid(screen)
        assert grid(late) == ours, f"by a snapshot at key {number}"
        late.close()
        tmux.play(printed)
        assert_same(ours, tmux, f"after key {number}")
        tmux.play(foreign + part[half:])
        assert_same(ours, tmux, f"by sequences at key {number}")
    screen.close()


def feed(screen: Screen, data: bytes) -> None:
    for start in range(0, len(data), 1013):
        screen.feed(data[start : start + 1013])
