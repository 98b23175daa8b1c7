"""The screen: what bytes make visible, what is answered, what survives a snapshot."""

from __future__ import annotations

import json
import random
import resource
import threading
import time
from collections.abc import Iterator
from itertools import islice

import pytest

from desktop.terminal.cells import Glyph, Style
from desktop.terminal.ghostty import TerminalError, ffi, lib
from desktop.terminal.screen import Screen


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen(20, 4)
    yield screen
    screen.close()


def runs(screen: Screen, row: int = 0) -> list[tuple[int, int, str]]:
    return [run[:3] for run in screen.changed_rows(full=True)[row].runs]


def style(screen: Screen) -> Style:
    return screen.changed_rows(full=True)[0].runs[0][3]


def test_cells_are_laid_out_as_the_decoder_reads_them() -> None:
    described = json.loads(ffi.string(lib.ghostty_type_json()))["types"]["GhosttyCell"]["bits"]
    names = ("content_tag", "content", "style_id", "wide", "hyperlink")
    assert [(described[name]["lsb"], described[name]["width"]) for name in names] == [
        (0, 2),
        (2, 24),
        (26, 16),
        (42, 2),
        (45, 1),
    ]


def test_only_changed_rows_are_returned(screen: Screen) -> None:
    screen.feed(b"one\r\ntwo\r\nthree")
    assert len(screen.changed_rows()) == 4
    assert screen.changed_rows() == []
    screen.feed(b"\x1b[2;4H!")
    assert {row.y: row.runs[0][2] for row in screen.changed_rows()}[1] == "two!"


def test_runs_are_split_where_the_style_changes(screen: Screen) -> None:
    screen.feed(b"ab\x1b[31mcd\x1b[me")
    assert runs(screen) == [(0, 2, "ab"), (2, 2, "cd"), (4, 1, "e")]


def test_every_attribute_of_a_style_is_read(screen: Screen) -> None:
    screen.feed(b"\x1b[1;2;3;5;7;8;9;53;4:3;38;5;200;48;2;1;2;3;58;5;9mx")
    assert style(screen) == Style(200, (1, 2, 3), 9, True, True, True, True, True, True, True, True, 3)


def test_wide_characters_take_two_cells_and_marks_none(screen: Screen) -> None:
    screen.feed("漢e\u0301x".encode())
    assert runs(screen) == [(0, 2, "漢"), (2, 1, "e\u0301"), (3, 1, "x")]
    assert isinstance(screen.changed_rows(full=True)[0].runs[0][2], Glyph)


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "👨\u200d👩\u200d👧", "🇩🇪", "❤\ufe0f"])
def test_an_emoji_is_one_glyph_of_two_cells(screen: Screen, emoji: str) -> None:
    screen.feed(f"{emoji}x".encode())
    assert runs(screen) == [(0, 2, emoji), (2, 1, "x")]


def test_a_row_of_background_alone_is_one_run(screen: Screen) -> None:
    screen.feed(b"\x1b[44m\x1b[2J")
    assert runs(screen) == [(0, 20, "")]
    assert style(screen).bg == 4


def test_scrollback_keeps_lines_and_not_bytes() -> None:
    screen = Screen(200, 24, scrollback_lines=5000)
    screen.feed(b"".join(b"line %d\r\n" % number for number in range(6000)))
    assert 4500 <= screen.scroll.total - screen.scroll.shown <= 5600
    assert "line 2000\n" in screen.contents()
    screen.close()


def test_a_full_scrollback_takes_no_new_memory() -> None:
    screen = Screen(200, 24, scrollback_lines=2000)
    text = b"".join(b"line %d\r\n" % number for number in range(5000))
    screen.feed(text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        screen.feed(text)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < 1000  # of 20,000 pages of 4 KB
    screen.close()


def test_scrollback_keeps_lines_of_many_colours_too() -> None:
    screen = Screen(200, 24, scrollback_lines=2000)
    for number in range(0, 12_000, 100):
        screen.feed(
            b"".join(
                b"".join(b"\x1b[38;2;%d;%d;%dmword" % (line % 256, line // 256, word) for word in range(30)) + b"\r\n"
                for line in range(number, number + 100)
            )
        )
    assert screen.scroll.total > 1700
    screen.close()


def lines(first: int, end: int) -> bytes:
    return b"".join(b"\x1b[3%dm%d of many lines\r\n" % (number % 8, number) for number in range(first, end))


def test_a_full_scrollback_knows_that_it_lost_lines() -> None:
    screen = Screen(200, 24, scrollback_lines=2000)
    for number, columns in enumerate((200, 80, 132)):
        screen.resize(columns, 24)
        screen.feed(lines(600 * number, 600 * number + 600))
        assert not screen.has_lost_lines
    screen.feed(b"\x1b[?1049h" + lines(0, 5000))
    assert not screen.has_lost_lines  # they were another screen's
    screen.feed(b"\x1b[?1049l")
    assert not screen.has_lost_lines and screen.contents().startswith("0 of many")
    screen.feed(lines(1800, 3000))
    assert screen.has_lost_lines and not screen.contents().startswith("0 of many")
    screen.reset()
    assert not screen.has_lost_lines
    screen.close()


@pytest.mark.parametrize("showing", [b"", b"\x1b[?1049h"])
def test_a_snapshot_of_a_full_scrollback_is_presumed_to_have_lost_lines(showing: bytes) -> None:
    for count, has_lost in ((1000, False), (5000, True)):
        screen, other = (Screen(200, 24, scrollback_lines=2000) for _ in range(2))
        screen.feed(lines(0, count) + showing)
        other.restore(screen.snapshot())
        other.feed(b"\x1b[?1049l")
        assert other.has_lost_lines is has_lost
        screen.close()
        other.close()


def test_scrollback_keeps_its_lines_when_the_size_changes() -> None:
    screen = Screen(200, 24, scrollback_lines=2000)
    for columns in (200, 80, 120):
        screen.resize(columns, 24)
        screen.feed(b"".join(b"line %d\r\n" % number for number in range(6000)))
        assert 1500 < screen.scroll.total < 3000
    screen.close()


@pytest.mark.parametrize("showing", [b"", b"\x1b[?1049h"])
@pytest.mark.parametrize("begin", ["printed", "restored"])
def test_a_narrow_moment_costs_no_lines(begin: str, showing: bytes) -> None:
    """Of a terminal half as wide lines take twice the rows, which were more than it kept."""
    screen = Screen(80, 24, scrollback_lines=2000)
    screen.feed(b"".join(b"%04d %b\r\n" % (number, b"x" * 70) for number in range(1900)) + showing)
    if begin == "restored":
        screen.restore(screen.snapshot())
    for columns, rows in ((2, 1), (39, 24), (60, 10), (80, 24)):
        screen.resize(columns, rows)
        screen.feed(b"a\r\n" * 40)
    screen.feed(b"\x1b[?1049l")
    assert screen.lines()[0].startswith("0000 x")
    screen.resize(40, 24)
    screen.feed(b"".join(b"line %d\r\n" % number for number in range(9000)))
    assert 1000 < screen.scroll.total < 3500 and screen.has_lost_lines  # give or take a page
    screen.close()


def test_what_is_printed_while_it_is_narrow_takes_no_more_memory_than_elsewhere() -> None:
    screen = Screen(400, 24, scrollback_lines=2000)
    screen.feed(b"".join(b"%04d %b\r\n" % (number, b"x" * 390) for number in range(2500)))
    screen.resize(10, 24)
    wrapped = screen.scroll.total
    assert wrapped > 70_000
    screen.feed(b"y\r\n" * 1500)
    assert wrapped < screen.scroll.total <= wrapped + 2000
    screen.feed(b"y\r\n" * 2500)
    assert screen.scroll.total < 6000
    screen.close()


def test_the_viewport_stays_where_it_is_while_output_arrives(screen: Screen) -> None:
    screen.feed(b"".join(b"line %d\r\n" % number for number in range(50)))
    screen.scroll_to(10)
    screen.feed(b"more\r\n")
    assert screen.scroll.first == 10
    assert runs(screen) == [(0, 7, "line 10")]
    screen.scroll_by(-3)
    assert screen.scroll.first == 7
    screen.scroll_to_bottom()
    assert screen.scroll.first == screen.scroll.total - 4


def test_lines_flow_anew_when_the_size_changes(screen: Screen) -> None:
    screen.feed(b"abcdefghijklmnopqrstuvwxyz")
    screen.resize(10, 4)
    assert screen.text() == "abcdefghij\nklmnopqrst\nuvwxyz"
    screen.resize(40, 4)
    assert screen.text() == "abcdefghijklmnopqrstuvwxyz"
    assert (screen.columns, screen.rows) == (40, 4)


def test_the_alternate_screen_leaves_the_first_one_whole(screen: Screen) -> None:
    screen.feed(b"shell\x1b[?1049h\x1b[H\x1b[2Jeditor")
    assert screen.is_alternate
    assert screen.text() == "editor"
    screen.feed(b"\x1b[?1049l")
    assert screen.text() == "shell"


@pytest.mark.parametrize(
    ("query", "reply"),
    [
        (b"\x1b[6n", b"\x1b[1;1R"),
        (b"\x1b[5n", b"\x1b[0n"),
        (b"\x1b[c", b"\x1b[?62;22c"),
        (b"\x1b[?2004$p", b"\x1b[?2004;2$y"),
        (b"\x1bP$q q\x1b\\", b"\x1bP1$r2 q\x1b\\"),
    ],
)
def test_harmless_queries_are_answered(screen: Screen, query: bytes, reply: bytes) -> None:
    replies: list[bytes] = []
    screen.on_reply = replies.append
    screen.feed(query)
    assert replies == [reply]


@pytest.mark.parametrize(
    "query",
    [
        b"\x1b]0;rm -rf /\x07\x1b[21t",  # the title, back as input
        b"\x05",
        b"\x1b]52;c;?\x07",
        b"\x1b]52;c;ZWNobwo=\x07",
        b"\x1b[18t",
        b"\x1bP+q544e\x1b\\",
        b"\x1b_Gi=1,a=q,t=f;L2V0Yy9wYXNzd2Q=\x1b\\",
    ],
)
def test_what_could_type_for_the_guest_is_not_answered(screen: Screen, query: bytes) -> None:
    replies: list[bytes] = []
    screen.on_reply = replies.append
    screen.feed(query)
    assert replies == []


def test_a_muted_screen_answers_nothing_and_rings_no_bell(screen: Screen) -> None:
    heard: list[object] = []
    screen.on_reply, screen.on_bell = heard.append, lambda: heard.append("bell")
    screen.is_muted = True
    screen.feed(b"\x1b[6n\x07")
    assert heard == []


def test_a_picture_is_held_until_the_guest_lets_go_or_has_forgotten_to(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest_s = "desktop.terminal.screen.LONGEST_HOLD_S"
    monkeypatch.setattr(longest_s, 600.0)
    assert not screen.is_held
    screen.feed(b"\x1b[?2026h")
    assert screen.is_held
    screen.feed(b"half\x1b[?2026l")
    assert not screen.is_held
    screen.feed(b"\x1b[?2026h")
    assert screen.is_held
    time.sleep(0.2)
    monkeypatch.setattr(longest_s, 0.2)
    assert not screen.is_held
    screen.feed(b"more\x1b[?2026h")  # said again is not begun again
    assert not screen.is_held
    monkeypatch.setattr(longest_s, 600.0)
    screen.feed(b"\x1b[?2026l\x1b[?2026h")
    assert screen.is_held


@pytest.mark.parametrize("ends", [((0, 0), (3, 0)), ((3, 0), (0, 0))])
def test_what_is_selected_and_not_kept_any_more_is_selected_no_more(ends: tuple[tuple[int, int], ...]) -> None:
    screen = Screen(200, 24, scrollback_lines=2000)
    screen.feed(b"mine\r\n")
    screen.select(*ends)
    screen.feed(lines(0, 1000))
    assert screen.selected_text() == "mine"
    screen.feed(lines(0, 9000))
    assert screen.selected_text() == ""
    screen.scroll_to(0)
    assert not [row.y for row in screen.changed_rows(full=True) if row.selected]
    screen.reset()
    screen.close()


def test_a_title_is_cleaned_and_shortened(screen: Screen) -> None:
    titles: list[str] = []
    screen.on_title = titles.append
    screen.feed("\x1b]2;a\u202eb\tc\x07".encode() + b"\x1b]2;" + b"x" * 500 + b"\x07")
    assert titles == ["abc", "x" * 127 + "…"]
    assert screen.title == titles[-1]


def test_an_error_in_a_callback_comes_out_of_feed(screen: Screen) -> None:
    def fail(_: bytes) -> None:
        raise ValueError("no")

    screen.on_reply = fail
    with pytest.raises(ValueError, match="no"):
        screen.feed(b"\x1b[6n")


def test_what_is_fed_aside_ends_for_whoever_asks_and_goes_on_from_there(screen: Screen) -> None:
    lines = iter([b"\x1b[38;5;%dm%d of many\x1b[m lines\r\n" % (number % 256, number) for number in range(20_000)])

    def take() -> bytes:
        return b"".join(islice(lines, 1000))

    done = threading.Semaphore(0)
    screen.feed_aside(take, done.release)
    assert screen.text() and done.acquire(timeout=60)
    screen.feed_aside(take, done.release)
    assert done.acquire(timeout=60)
    assert "19999 of many lines" in screen.text()


def test_a_flood_without_end_is_stopped_by_whoever_asks(screen: Screen) -> None:
    screen.feed_aside(lambda: b"it goes on\r\n", lambda: None)
    assert "it goes on" in screen.text()
    screen.feed_aside(lambda: b"it goes on\r\n", lambda: None)
    screen.close()


def test_an_error_aside_comes_out_of_tell_once_and_the_screen_goes_on(screen: Screen) -> None:
    def take() -> bytes:
        raise ValueError("no")

    done = threading.Event()
    screen.feed_aside(take, done.set)
    assert done.wait(60) and not screen.is_feeding
    with pytest.raises(ValueError, match="no"):
        screen.tell()
    screen.feed(b"it goes on")
    assert "it goes on" in screen.text()


def test_what_the_guest_asks_in_a_flood_without_end_is_told_at_once(screen: Screen) -> None:
    done, replies = threading.Event(), []
    screen.on_reply = replies.append
    screen.feed_aside(lambda: b"it goes on\r\x1b[6n", done.set)
    assert done.wait(60)
    screen.tell()
    assert replies == [b"\x1b[1;1R"]


def test_what_the_guest_says_by_what_is_fed_aside_is_told_in_order_by_the_one_who_asks(screen: Screen) -> None:
    heard: list[object] = []

    def note(what: object) -> None:
        heard.append((what, threading.current_thread() is threading.main_thread()))

    done = threading.Event()
    screen.on_reply, screen.on_title, screen.on_bell, screen.on_clipboard = note, note, lambda: note("bell"), note
    pieces = iter((b"\x1b]2;one\x07\x07\x1b[5n\x1b]52;c;ZWNobw==\x07\x1b]2;two\x07", b""))
    screen.feed_aside(pieces.__next__, done.set)
    assert done.wait(60)
    assert screen.title == "two" and heard == []
    screen.feed(b"\x1b[6n")
    said = ["one", "bell", b"\x1b[0n", "echo", "two", b"\x1b[1;1R"]
    assert heard == [(what, True) for what in said]


def test_an_error_in_a_callback_comes_out_of_tell_and_what_follows_is_told(screen: Screen) -> None:
    def fail(_: bytes) -> None:
        raise ValueError("no")

    titles: list[str] = []
    screen.on_reply, screen.on_title = fail, titles.append
    screen.feed_aside(iter((b"\x1b[6n\x1b]2;after\x07", b"")).__next__, lambda: None)
    with pytest.raises(ValueError, match="no"):
        screen.tell()
    assert titles == ["after"]


def test_a_link_is_found_at_its_cells(screen: Screen) -> None:
    screen.feed(b"\x1b]8;;https://example.org/\x07here\x1b]8;;\x07 not")
    assert screen.link_at(0, 0) == screen.link_at(3, 0) == "https://example.org/"
    assert screen.link_at(6, 0) == ""


def test_rows_tell_which_of_their_cells_are_links(screen: Screen) -> None:
    screen.feed("no \x1b]8;;https://a\x07a 漢 b\x1b]8;;\x07 \x1b]8;;https://b\x07\x1b[31mb\x1b]8;;\x07\r\nno".encode())
    first, second = screen.changed_rows(full=True)[:2]
    assert (first.links, second.links) == ([(3, 8), (10, 10)], [])


def test_the_guest_may_change_colours_and_the_theme_gives_the_rest(screen: Screen) -> None:
    screen.set_theme((1, 1, 1), (2, 2, 2), (3, 3, 3), [(9, 9, 9)] * 256)
    screen.feed(b"\x1b]4;1;rgb:ff/00/80\x07\x1b]11;rgb:10/20/30\x07")
    screen.changed_rows()
    colours = screen.colours()
    assert (colours.foreground, colours.background) == ((1, 1, 1), (0x10, 0x20, 0x30))
    assert colours.palette[:3] == ((9, 9, 9), (0xFF, 0, 0x80), (9, 9, 9))
    assert screen.colours() is colours


def test_a_snapshot_brings_screen_scrollback_modes_and_title_back(screen: Screen) -> None:
    screen.feed(b"\x1b]2;vi\x07" + "".join(f"\x1b[3{n % 8}mline {n} 漢\r\n" for n in range(40)).encode())
    screen.feed(b"\x1b[?2004h\x1b[?1049hfull \x1b]8;;http://x\x07screen")
    other = Screen(9, 9)
    other.restore(screen.snapshot())
    assert other.changed_rows(full=True) == screen.changed_rows(full=True)
    assert (other.cursor(), other.title) == (screen.cursor(), "vi")
    assert other.wants_bracketed_paste
    for each in (screen, other):
        each.feed(b"\x1b[?1049l")
    assert other.contents() == screen.contents()
    other.close()


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        (b"\x1b[12", b";5HX"),
        (b"\x1b", b"[31mX"),
        (b"\x1b]2;half a ti", b"tle\x07X"),
        (b"\xe6\xbc", b"\xa2X"),
        (b"\x1bP$q", b"m\x1b\\X"),
    ],
)
def test_a_snapshot_amid_a_sequence_goes_on_with_its_rest(screen: Screen, first: bytes, rest: bytes) -> None:
    screen.feed(b"before " + first)
    other = Screen(20, 4)
    other.restore(screen.snapshot())
    other.restore(other.snapshot())
    for each in (screen, other):
        each.feed(rest)
    assert other.changed_rows(full=True) == screen.changed_rows(full=True)
    assert other.title == screen.title
    other.close()


def test_a_damaged_snapshot_changes_nothing(screen: Screen) -> None:
    screen.feed(b"as it was")
    snapshot = bytearray(screen.snapshot())
    snapshot[len(snapshot) // 2] ^= 0xFF
    for damaged in (bytes(snapshot), bytes(snapshot[:40]), b""):
        with pytest.raises(TerminalError):
            screen.restore(damaged)
    assert screen.text() == "as it was"


def test_a_restored_screen_still_answers_and_keeps_lines(screen: Screen) -> None:
    replies: list[bytes] = []
    screen.on_reply = replies.append
    screen.restore(screen.snapshot())
    screen.feed(b"\x1b[5n" + b"x\r\n" * 3000)
    assert replies == [b"\x1b[0n"]
    assert screen.scroll.total > 2900


def test_compression_ends_and_loses_nothing() -> None:
    screen = Screen(80, 24)
    screen.feed(b"".join(b"line %d of many\r\n" % number for number in range(5000)))
    before, steps = screen.contents(), 0
    while screen.compress_step():
        steps += 1
        assert steps < 10_000
    assert steps > 0
    assert screen.contents() == before
    screen.close()


def test_random_bytes_and_sequences_do_no_harm() -> None:
    chance = random.Random(7)
    screen = Screen(80, 24)
    screen.on_reply = lambda _: None
    parts = [
        b"\x1b[",
        b"\x1b]",
        b"\x1bP",
        b"\x1b_",
        b";",
        b"?",
        b"0",
        b"99999999",
        b"m",
        b"H",
        b"J",
        b"\x07",
        b"\x1b\\",
    ]
    for turn in range(400):
        screen.feed(chance.randbytes(200) + b"".join(chance.choices(parts, k=30)) + "漢👍🏽e\u0301".encode())
        screen.changed_rows()
        if turn % 20 == 0:
            screen.resize(chance.randrange(1, 300), chance.randrange(1, 100))
            screen.scroll_to(chance.randrange(0, 200))
            screen.restore(screen.snapshot())
    screen.reset()
    screen.feed(b"\x18still here")
    assert screen.text() == "still here"
    screen.close()
