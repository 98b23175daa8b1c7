"""The console broker: real sockets, the real screen-keeping child, real terminal sessions as viewers."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio

from desktop.core import frames
from desktop.core.paths import Home
from desktop.core.settings import SizeRule
from desktop.supervisor import guest_line
from desktop.supervisor.console_log import MARK
from desktop.supervisor.logs import size
from desktop.supervisor.ring import LIMIT_BYTES
from desktop.supervisor.viewer import LAST_WORD_S
from tests.helpers.console_rig import DEADLINE_S, ConsoleRig, console_rig, until
from tests.helpers.log_watch import LogWatch


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A keeper that is slow where much runs is no fault that a test looks for."""
    for name in ("ANSWER_DEADLINE_S", "STUCK_S"):
        monkeypatch.setattr(f"desktop.supervisor.keeper_process.{name}", DEADLINE_S)


@pytest_asyncio.fixture
async def rig(home: Home) -> AsyncIterator[ConsoleRig]:
    async with console_rig(home.machine()) as opened:
        await opened.power_on()
        yield opened


async def test_a_late_viewer_sees_all_since_power_on_then_live(rig: ConsoleRig) -> None:
    await rig.guest.print(b"booting\r\nsteps\r\n# ")
    viewer = await rig.attach()
    assert viewer.text == "booting\nsteps\n#"
    await rig.guest.print(b"ls\r\nbin\r\n# ")
    await until(lambda: viewer.text.endswith("# ls\nbin\n#"))


@pytest.mark.parametrize("replay", ["snapshot", "vt"])
async def test_attaching_amid_a_flood_loses_and_doubles_nothing(rig: ConsoleRig, replay: str) -> None:
    enough = asyncio.Event()

    async def flood() -> int:
        count = 0
        while not enough.is_set():
            await rig.guest.print(b"line %d\r\n" % count)
            count += 1
            if count % 50 == 0:
                await asyncio.sleep(0.001)
        return count

    flooding = asyncio.create_task(flood())
    viewers = []
    for _ in range(6):
        viewers.append(await rig.attach(replay))
        await asyncio.sleep(0.02)
    enough.set()
    last = await flooding - 1
    for viewer in viewers:
        await until(lambda viewer=viewer: viewer.text.endswith(f"line {last}"))  # type: ignore[misc]
        numbers = [int(word) for word in re.findall(r"line (\d+)", viewer.text)]
        assert numbers == list(range(numbers[0], last + 1))


async def test_attaching_in_the_middle_of_a_sequence_and_a_character(rig: ConsoleRig) -> None:
    await rig.guest.print(b"\x1b[?1049h\x1b[2J\x1b[5;3Hvi \xe6\xbc")
    first = await rig.attach()
    await rig.guest.print(b"\xa2 \x1b[3")
    second = await rig.attach()
    await rig.guest.print(b"1mred\x1b[m")
    for viewer in (first, second):
        await until(lambda viewer=viewer: "vi 漢 red" in viewer.text)  # type: ignore[misc]
        assert viewer.session.screen.is_alternate


async def test_everybody_types_and_everybody_sees(rig: ConsoleRig) -> None:
    one, two = await rig.attach(), await rig.attach("vt")
    one.send(frames.TYPED, b"uname\r")
    await until(lambda: rig.guest.typed == b"uname\r")
    two.send(frames.TYPED, b"\x03")
    await until(lambda: rig.guest.typed == b"uname\r\x03")
    await rig.guest.print(b"answer\r\n")
    for viewer in (one, two):
        await until(lambda viewer=viewer: "answer" in viewer.text)  # type: ignore[misc]


async def test_attaching_and_leaving_send_nothing_to_the_guest(rig: ConsoleRig) -> None:
    await rig.guest.print(b"\x1b[6n\x1b[c\x05\x1b[>q\x1b[21t# ")
    for replay in ("snapshot", "vt", "snapshot"):
        viewer = await rig.attach(replay)
        await viewer.leave()
    await until(lambda: rig.broker.viewers == 0)
    await asyncio.sleep(0.1)
    assert rig.guest.typed == b""


async def test_only_who_typed_last_answers_the_guests_queries(rig: ConsoleRig) -> None:
    one, two = await rig.attach(), await rig.attach()
    await rig.guest.print(b"\x1b[6n")
    await until(lambda: one.of(frames.OUTPUT) and two.of(frames.OUTPUT))
    await asyncio.sleep(0.05)
    assert rig.guest.typed == b""
    two.send(frames.TYPED, b"\r")
    await until(lambda: rig.guest.typed == b"\r")
    await rig.guest.print(b"\x1b[6n")
    await until(lambda: rig.guest.typed.endswith(b"R"))
    await asyncio.sleep(0.05)
    assert rig.guest.typed == b"\r\x1b[1;1R"


async def test_of_two_foreign_terminals_only_the_one_that_typed_last_answers(rig: ConsoleRig) -> None:
    """`moorage console` cannot tell what its terminal answers from what is typed: both come as keys."""
    answers = b"\x1b[5;3R\x1b[?62;22c"
    one, two = await rig.attach("vt"), await rig.attach("vt")
    used: list[None] = []
    rig.broker.used.connect(used.append)
    for viewer in (one, two):
        viewer.send(frames.TYPED, answers)
    one.send(frames.TYPED, b"a")
    await until(lambda: rig.guest.typed == b"a")
    for viewer in (two, one, two):
        viewer.send(frames.TYPED, answers)
        await asyncio.sleep(0.02)
    two.send(frames.TYPED, b"\x1b[A")
    await until(lambda: rig.guest.typed == b"a" + answers + b"\x1b[A")
    assert len(used) == 3


async def test_a_viewer_that_may_only_look_types_nothing(rig: ConsoleRig) -> None:
    viewer = await rig.attach(read_only=True)
    assert viewer.info["read_only"] is True
    viewer.send(frames.TYPED, b"rm\r")
    viewer.send(frames.REPLY, b"\x1b[1;1R")
    other = await rig.attach()
    other.send(frames.TYPED, b"x")
    await until(lambda: rig.guest.typed == b"x")


async def test_a_break_is_sent_for_who_may_type(rig: ConsoleRig) -> None:
    onlooker, viewer = await rig.attach(read_only=True), await rig.attach()
    onlooker.send(frames.BREAK, b"")
    viewer.send(frames.BREAK, b"")
    viewer.send(frames.TYPED, b"x")
    await until(lambda: rig.guest.typed == b"x" and rig.breaks)
    assert rig.breaks == 1


async def test_a_console_is_used_by_who_looks_and_who_types(rig: ConsoleRig) -> None:
    used: list[None] = []
    rig.broker.used.connect(used.append)
    assert not rig.broker.is_in_view
    viewer = await rig.attach()
    await rig.guest.print(b"nobody's doing")
    await until(lambda: "doing" in viewer.text)
    assert rig.broker.is_in_view and not used
    viewer.send(frames.TYPED, b"x")
    await until(lambda: len(used) == 1)
    viewer.send(frames.LOOKED_AT, b"0")
    await until(lambda: not rig.broker.is_in_view and len(used) == 2)
    viewer.send(frames.LOOKED_AT, b"1")
    await until(lambda: rig.broker.is_in_view)
    await viewer.leave()
    await until(lambda: not rig.broker.is_in_view and len(used) == 4)


async def test_the_smallest_viewer_rules(rig: ConsoleRig) -> None:
    large = await rig.attach(cols=200, rows=60)
    assert rig.sizes == [(200, 60)]
    small = await rig.attach(cols=100, rows=80)
    assert rig.sizes[-1] == (100, 60)
    await until(lambda: (large.info["cols"], large.info["rows"], large.info["viewers"]) == (100, 60, 2))
    small.send(frames.WINDOW, msgspec.json.encode({"cols": 90, "rows": 20}))
    await until(lambda: rig.sizes[-1] == (90, 20))
    await small.leave()
    await until(lambda: rig.sizes[-1] == (200, 60))
    await until(lambda: large.info["viewers"] == 1)


async def test_a_terminal_on_the_pty_is_a_viewer_too(rig: ConsoleRig) -> None:
    viewer = await rig.attach()
    line = os.open(rig.files.tty, os.O_RDWR | os.O_NOCTTY)
    await until(lambda: viewer.info["viewers"] == 2)
    os.close(line)
    await until(lambda: viewer.info["viewers"] == 1)


async def test_who_typed_last_may_rule(rig: ConsoleRig) -> None:
    rig.broker.sizes.rule = lambda: SizeRule.LAST
    large, small = await rig.attach(cols=200, rows=60), await rig.attach(cols=100, rows=80)
    await rig.attach(cols=20, rows=5, read_only=True)
    assert rig.sizes[-1] == (100, 80)
    large.send(frames.TYPED, b"x")
    await until(lambda: rig.sizes[-1] == (200, 60))
    small.send(frames.WINDOW, msgspec.json.encode({"cols": 90, "rows": 20}))
    small.send(frames.TYPED, b"x")
    await until(lambda: rig.sizes[-1] == (90, 20))
    await small.leave()
    await until(lambda: rig.sizes[-1] == (200, 60))


async def test_who_only_looks_makes_nobodys_console_smaller(rig: ConsoleRig) -> None:
    await rig.attach(cols=120, rows=40)
    onlooker = await rig.attach(cols=20, rows=5, read_only=True)
    assert rig.sizes == [(120, 40)]
    assert (onlooker.info["cols"], onlooker.info["rows"]) == (120, 40)


async def test_a_window_that_is_dragged_resizes_the_guest_once(rig: ConsoleRig) -> None:
    viewer = await rig.attach(cols=80, rows=24)
    for cols in range(81, 121):
        viewer.send(frames.WINDOW, msgspec.json.encode({"cols": cols, "rows": 24}))
    await until(lambda: rig.sizes[-1] == (120, 24))
    assert len(rig.sizes) <= 3


async def test_nonsense_sizes_are_bounded_or_ignored(rig: ConsoleRig) -> None:
    viewer = await rig.attach(cols=0, rows=-5)
    assert rig.sizes == [(2, 1)]
    for payload in (b"", b"[]", b'{"cols": "x"}', b'{"cols": 99999999, "rows": 99999999}'):
        viewer.send(frames.WINDOW, payload)
    await until(lambda: rig.sizes[-1] == (1000, 500))


async def test_a_tiny_viewer_that_looks_in_costs_nobody_a_line(rig: ConsoleRig) -> None:
    viewer = await rig.attach()
    await rig.guest.print(b"".join(b"%04d %b\r\n" % (number, b"x" * 70) for number in range(3000)))
    tiny = await rig.attach(cols=1, rows=1)
    await rig.guest.print(b"tiny\r\n")
    await tiny.leave()
    await until(lambda: (viewer.info["cols"], viewer.info["rows"]) == (80, 24))
    late = await rig.attach()
    for each in (viewer, late):
        await until(lambda each=each: "tiny" in each.text)  # type: ignore[misc]
        assert each.text.startswith("0000 x") and "\n2999 x" in each.text


async def test_a_slow_viewer_is_let_go_with_a_word_and_others_feel_nothing(rig: ConsoleRig) -> None:
    slow, quick = await rig.attach(), await rig.attach()
    slow.stop_reading()
    for _ in range(300):
        await rig.guest.print(b"y" * 78 + b"\r\n" + b"z" * 16_000 + b"\r\n")
    await rig.guest.print(b"done")
    await until(lambda: quick.text.endswith("done"))
    await until(lambda: rig.broker.viewers == 1)
    assert quick.of(frames.NOTICE) == []
    slow._writer.transport.resume_reading()  # type: ignore[attr-defined]
    await until(lambda: slow.has_ended)
    assert b"too slowly" in slow.of(frames.NOTICE)[-1]
    await asyncio.sleep(LAST_WORD_S + 0.5)  # after which it would be cut off, had it not read to the end


async def test_garbage_from_a_viewer_ends_that_viewer(rig: ConsoleRig) -> None:
    viewer = await rig.attach()
    viewer._writer.write(b"\xff" * 100)
    await until(lambda: viewer.has_ended)
    assert b"garbled" in viewer.of(frames.NOTICE)[-1]
    await until(lambda: rig.broker.viewers == 0)


async def test_a_large_paste_arrives_whole_and_in_order(rig: ConsoleRig) -> None:
    paste = b"".join(b"%d\n" % number for number in range(400_000))
    viewer, other = await rig.attach(), await rig.attach()
    for start in range(0, len(paste), 1_000_000):
        viewer.send(frames.TYPED, paste[start : start + 1_000_000])
    await until(lambda: len(rig.guest.typed) > 0)
    other.send(frames.TYPED, b"!")
    await until(lambda: len(rig.guest.typed) == len(paste) + 1)
    assert rig.guest.typed.replace(b"!", b"", 1) == paste


async def test_a_guest_that_takes_no_input_makes_the_typist_wait_and_is_drained_on(
    rig: ConsoleRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.broker.ROOM_PAUSE_S", 0.05)
    viewer, other = await rig.attach(), await rig.attach()
    rig.guest.reading.clear()
    for _ in range(4):
        viewer.send(frames.TYPED, bytes(guest_line.PENDING_BYTES // 2))
    await until(lambda: viewer.of(frames.NOTICE))
    await rig.guest.print(b"still printing")
    await until(lambda: "still printing" in other.text)
    await viewer.leave()
    await until(lambda: rig.broker.viewers == 1)
    rig.guest.reading.set()


async def test_the_keeper_dies_and_the_raw_past_serves_until_it_is_back(rig: ConsoleRig, logs: LogWatch) -> None:
    logs.expect("screen keeper ended")
    await rig.guest.print(b"before\r\n\x1b[6n")
    watching = await rig.attach()
    killed = rig.broker.keeper_pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    await rig.guest.print(b"meanwhile\r\n")
    await until(lambda: rig.broker.keeper_pid is None)
    served_raw = await rig.attach()
    assert [kind for kind, _ in served_raw.frames if kind in b"SV"] == [frames.REPLAY]
    assert b"\x1b[6n" not in served_raw.of(frames.REPLAY)[0]
    await until(lambda: rig.broker.keeper_pid not in (None, killed))
    await rig.guest.print(b"after\r\n")
    served = await rig.attach()
    assert served.of(frames.SNAPSHOT)
    for viewer in (watching, served_raw, served):
        await until(lambda viewer=viewer: viewer.text == "before\nmeanwhile\nafter")  # type: ignore[misc]
    assert rig.guest.typed == b""


async def test_a_full_screen_program_of_long_ago_is_right_after_its_ring_and_the_keeper_went(
    rig: ConsoleRig, logs: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.expect("screen keeper ended")
    monkeypatch.setattr("desktop.supervisor.keeper_process.KEEP_S", 0.0)
    await rig.guest.print(b"# htop\r\n\x1b[?1049h\x1b[?1h\x1b[?2004h\x1b[5;20r\x1b[2J\x1b[1;1Hhead\x1b[24;1Hfoot")
    for number in range(2 * LIMIT_BYTES // 1000):
        await rig.guest.print(b"\x1b[12;1H\x1b[3%dm%06d%b\x1b[m" % (number % 8, number, b"\b\b" * 490))
    await rig.guest.print(b"\x1b[13;1Hlast")
    for _ in range(3):
        viewer = await rig.attach()
        await until(lambda viewer=viewer: "last" in viewer.text)  # type: ignore[misc]
        screen = viewer.session.screen
        lines = screen.text().split("\n")
        assert (screen.is_alternate, screen.mode(1), screen.wants_bracketed_paste) == (True, True, True)
        assert (lines[0], lines[12], lines[23]) == ("head", "last", "foot")
        await viewer.leave()
        killed = rig.broker.keeper_pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await until(lambda killed=killed: rig.broker.keeper_pid not in (None, killed))  # type: ignore[misc]
    viewer = await rig.attach()
    await rig.guest.print(b"\x1b[?1049l")
    await until(lambda: viewer.text.startswith("# htop"))


async def test_a_keeper_that_refuses_a_picture_lives_on(rig: ConsoleRig, logs: LogWatch) -> None:
    logs.expect("the screen keeper gives no picture")
    await rig.guest.print(b"hello")
    keeper = rig.broker.keeper_pid
    picture = await rig.broker._keeper.ask("snapshot", "no number")  # type: ignore[arg-type]
    assert picture is not None
    assert await rig.broker._keeper.ask("vt", "no number") is None  # type: ignore[arg-type]
    viewer = await rig.attach("vt")
    assert viewer.text == "hello" and rig.broker.keeper_pid == keeper


async def test_a_keeper_that_hangs_is_replaced(
    rig: ConsoleRig, logs: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.expect("screen keeper")
    monkeypatch.setattr("desktop.supervisor.keeper_process.ANSWER_DEADLINE_S", 0.2)
    await rig.guest.print(b"hello")
    hung = rig.broker.keeper_pid
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)
    viewer = await rig.attach(settle=False)
    await rig.guest.print(b" world")
    await until(lambda: viewer.text == "hello world")
    await until(lambda: rig.broker.keeper_pid not in (None, hung))


async def test_a_keeper_that_has_much_to_do_is_waited_for_by_nobody_and_lives(
    rig: ConsoleRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As beside a machine that takes all processors."""
    for name in ("BACKLOG_BYTES", "KEEP_BYTES"):
        monkeypatch.setattr(f"desktop.supervisor.keeper_process.{name}", 64 << 20)
    keeper = rig.broker.keeper_pid
    assert keeper is not None
    os.kill(keeper, signal.SIGSTOP)
    for _ in range(100):
        await rig.guest.print(b"\x1b[999S\x1b[999T" * 5000)
    viewer = await rig.attach(settle=False)
    asked = rig.broker._keeper
    await until(lambda: asked._asked)
    taken = asked._taken_bytes
    os.kill(keeper, signal.SIGCONT)
    await until(lambda: asked._taken_bytes > taken)
    os.kill(keeper, signal.SIGSTOP)
    asked._on_deadline(asked._asked[0], taken)  # it takes what it is sent, and has not come to the question by now
    await until(lambda: viewer.of(frames.REPLAY))
    os.kill(keeper, signal.SIGCONT)
    await until(lambda: asked._backlog_bytes == 0 and not asked._asked)
    late = await rig.attach()
    assert late.of(frames.SNAPSHOT)
    assert rig.broker.keeper_pid == keeper


async def test_a_keeper_that_is_left_behind_gets_the_picture_right_again(
    rig: ConsoleRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.keeper_process.BACKLOG_BYTES", 1 << 16)
    keeper = rig.broker.keeper_pid
    assert keeper is not None
    os.kill(keeper, signal.SIGSTOP)
    for number in range(20_000):
        await rig.guest.print(b"line %d\r\n" % number)
    raw = await rig.attach()
    assert raw.of(frames.REPLAY)
    await until(lambda: raw.text.endswith("line 19999"))
    os.kill(keeper, signal.SIGCONT)
    await until(lambda: rig.broker._keeper._backlog_bytes == 0)
    await rig.guest.print(b"last\r\n")
    viewer = await rig.attach()
    assert viewer.of(frames.SNAPSHOT)
    for each in (raw, viewer):
        await until(lambda each=each: each.text.endswith("line 19998\nline 19999\nlast"))  # type: ignore[misc]
    assert rig.broker.keeper_pid == keeper


async def test_a_new_power_on_begins_with_an_empty_screen_for_everybody(rig: ConsoleRig) -> None:
    await rig.guest.print(b"first life\r\n")
    snapshot, vt = await rig.attach(), await rig.attach("vt")
    await rig.power_off()
    assert rig.broker.viewers == 2
    await rig.power_on()
    await rig.guest.print(b"second life")
    late = await rig.attach()
    for viewer in (snapshot, late):
        await until(lambda viewer=viewer: viewer.text == "second life")  # type: ignore[misc]
    await until(lambda: vt.session.screen.text() == "second life")
    log = rig.files.console_log.read_bytes()
    assert log.count(MARK) == 2
    assert rig.files.console_log.stat().st_mode & 0o077 == 0


async def test_viewers_may_come_when_no_vm_runs(rig: ConsoleRig) -> None:
    await rig.guest.print(b"last words")
    seen = await rig.attach()
    await until(lambda: seen.text == "last words")
    await rig.power_off()
    viewer = await rig.attach()
    assert viewer.text == "last words"
    viewer.send(frames.TYPED, b"lost\r")
    viewer.send(frames.WINDOW, msgspec.json.encode({"cols": 70, "rows": 20}))
    await until(lambda: rig.sizes[-1] == (70, 20))
    await rig.start_guest()
    await rig.join()
    viewer.send(frames.TYPED, b"heard\r")
    await until(lambda: rig.guest.typed == b"heard\r")


async def test_what_a_vm_printed_while_nobody_read_is_there_on_adoption(home: Home) -> None:
    """A supervisor dies; of its last bytes some are in the log, some only in QEMU's copy, as is all that follows."""
    files = home.machine()
    async with console_rig(files) as rig:
        await rig.power_on()
        await rig.guest.print(b"booted\r\n# l")
        await until(lambda: files.console_log.read_bytes().endswith(b"# l"))
        await rig.guest.print(b"s\r\n")
        rig.die()
        await rig.guest.print_unread(b"bin dev\r\n# ")
    async with console_rig(files) as rig:
        await rig.start_guest()
        await rig.broker.recall()
        await rig.join()
        await rig.guest.print(b"ps\r\n")
        viewer = await rig.attach()
        await until(lambda: viewer.text == "booted\n# ls\nbin dev\n# ps")
    assert files.console_log.read_bytes().partition(b"==\r\n")[2] == b"booted\r\n# ls\r\nbin dev\r\n# ps\r\n"


async def test_the_last_words_of_a_vm_are_taken(rig: ConsoleRig) -> None:
    await rig.guest.print(b"working\r\n")
    await rig.guest.print_unread(b"Kernel panic - not syncing\r\n")
    await rig.power_off()
    assert rig.files.console_log.read_bytes().endswith(b"working\r\nKernel panic - not syncing\r\n")
    viewer = await rig.attach()
    assert viewer.text == "working\nKernel panic - not syncing"


async def test_closing_ends_viewers_with_a_word(home: Home) -> None:
    async with console_rig(home.machine()) as rig:
        viewer = await rig.attach()
        await rig.broker.close()
        await until(lambda: viewer.has_ended)
        assert b"Attach again" in viewer.of(frames.NOTICE)[-1]


def names_of_parts(rig: ConsoleRig) -> list[str]:
    return sorted(part.name for part in rig.files.folder.glob("console.log*"))


def sizes_of_parts(rig: ConsoleRig) -> list[int]:
    return [size(part) for part in rig.files.folder.glob("console.log*")]


async def test_log_and_copy_stay_bounded_under_a_flood(rig: ConsoleRig, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("console_log", "spare"):
        monkeypatch.setattr(f"desktop.supervisor.{module}.LIMIT_BYTES", 1 << 20)
    for _ in range(300):
        await rig.guest.print(b"y\r\n" * 10_000)
        await asyncio.sleep(0.002)
    await until(lambda: rig.files.console_spare.stat().st_size < 100)
    # One part is put aside, and for a moment is not there, whenever another is full.
    await until(lambda: names_of_parts(rig) == ["console.log", "console.log.1", "console.log.2"])
    assert all(bytes_ <= 1 << 20 for bytes_ in sizes_of_parts(rig))
    viewer = await rig.attach()
    assert set(viewer.text.split("\n")) == {"y"}


async def test_a_log_that_cannot_be_written_stops_nothing_else(rig: ConsoleRig, logs: LogWatch) -> None:
    logs.expect("log cannot be written")
    rig.files.console_log.unlink()
    rig.files.console_log.mkdir()
    await rig.guest.print(b"goes on\r\n")
    viewer = await rig.attach()
    await until(lambda: viewer.text == "goes on")
    await asyncio.sleep(0.1)
    await rig.power_off()
    assert viewer.text == "goes on"
    rig.files.console_log.rmdir()
