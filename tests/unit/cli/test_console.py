"""`moorage console` on a terminal of its own, attached to the fake's tty."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import docker
import msgspec
import pytest

from desktop.cli.console_terminal import RawTerminal
from desktop.client.supervisor import SupervisorClient
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.paths import Home, MachineFiles
from desktop.engine.convert import HELPER_LABEL
from desktop.supervisor.serve import serve
from tests.helpers.fake import fake_machine, play
from tests.helpers.played_home import make_played_home
from tests.helpers.screen_program import ScreenProgram

DEADLINE_S = 60.0
ROOT = Path(__file__).resolve().parents[3]


def test_what_a_terminal_answers_too_late_does_not_become_a_command() -> None:
    master, slave = os.openpty()
    before = termios.tcgetattr(slave)
    with RawTerminal(slave, slave):
        os.write(master, b"\x1b[24;80R")
        assert select.select([slave], [], [], DEADLINE_S)[0]
    assert termios.tcgetattr(slave) == before
    os.write(master, b"ls\n")
    assert os.read(slave, 100) == b"ls\n"
    os.close(master)
    os.close(slave)


@contextmanager
def console(*options: str, columns: int = 80, rows: int = 24, term: str = "xterm") -> Iterator[ScreenProgram]:
    """`moorage console` at the fake's tty, where the test is. The size that its shell exported is not its own."""
    environment = {**os.environ, "TERM": term, "PYTHONPATH": str(ROOT), "COLUMNS": "70", "LINES": "20"}
    words: list[str | Path] = [sys.executable, "-m", "desktop", "console", *options]
    with ScreenProgram(words, environment, columns, rows) as program:
        yield program


@pytest.fixture
def machine(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MachineFiles]:
    """The fake, its machine running."""
    monkeypatch.chdir(tmp_path)
    with fake_machine(home) as files:
        asyncio.run(play(files, "running"))
        yield files


def begun(console: ScreenProgram) -> bool:
    return console.shows(r"`help`\s+tells(.|\n)*:~#", DEADLINE_S)


def leaves(console: ScreenProgram) -> bool:
    console.type("\x01d")
    return console.shows(r"\[detached\]", DEADLINE_S) and console.wait(DEADLINE_S) == 0


def test_keys_of_screen_on_a_terminal(machine: MachineFiles, tmp_path: Path) -> None:
    with console() as terminal:
        assert begun(terminal)
        terminal.type("\x01?")
        assert terminal.shows(r"C-a d detaches(.|\n)*Press Enter", DEADLINE_S)
        terminal.type("\r")
        assert begun(terminal) and terminal.shows("default running", DEADLINE_S)
        terminal.type("\x01i")
        assert terminal.shows(r"default running: its console, 80x23, viewers: 1, log off", DEADLINE_S)
        terminal.type("\x01Hecho logged\r")
        assert terminal.shows(r"\nlogged\n", DEADLINE_S)
        assert terminal.shows(r"\n default running .*log on: screenlog\.0", DEADLINE_S)
        terminal.type("\x01H")
        assert terminal.shows("No longer written", DEADLINE_S)
        terminal.type("\x01b")
        assert terminal.shows("A break is sent", DEADLINE_S)
        terminal.type("\x01C\r")
        assert terminal.shows(r"\A(moorage)?:?~?#?\n?moorage:~#", DEADLINE_S)
        assert "`help`" not in terminal.screen.text()
        assert leaves(terminal)
    log = tmp_path / "screenlog.0"
    assert b"\nlogged\r\n" in log.read_bytes() and log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("keys", ["", "\x01?", "\x01["])
def test_a_terminal_that_goes_is_left(machine: MachineFiles, tmp_path: Path, keys: str) -> None:
    deaf = ["sh", "-c", 'trap "" HUP; exec "$@" 2>"$0"', tmp_path / "said"]  # as below nohup
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    with ScreenProgram([*deaf, sys.executable, "-m", "desktop", "console"], environment) as screen:
        assert begun(screen)
        if keys:
            screen.type(keys)
            assert screen.shows("C-a d detaches" if keys == "\x01?" else "Copy mode", DEADLINE_S)
        screen.hang_up()
        assert screen.wait(DEADLINE_S) == 0
    assert (tmp_path / "said").read_text() == "[the terminal is gone]\n"


def test_copy_mode_paste_and_hardcopy(machine: MachineFiles, tmp_path: Path) -> None:
    with console() as terminal:
        assert begun(terminal)
        terminal.type("\x01]")
        assert terminal.shows("Nothing was copied yet, C-a (.|\n)*Press Enter", DEADLINE_S)
        terminal.type("\recho some-words\r")
        assert terminal.shows(r"\nsome-words\n", DEADLINE_S)
        terminal.type("\x01[")
        assert terminal.shows("Copy mode: arrows move", DEADLINE_S)
        terminal.type("/nowhere\r")
        assert terminal.shows("Not found: nowhere", DEADLINE_S)
        terminal.type("?SOME-w\r \x1b[F\r\x01]\r")  # all that follows copy mode is for the console
        assert terminal.shows("some-words: not found", DEADLINE_S)
        terminal.type("\x01[")
        assert terminal.shows("Copy mode: arrows move", DEADLINE_S)
        terminal.type("k \x1b[A\x1b[Aq")  # left, marks and all
        assert terminal.shows("running  viewers: 1", DEADLINE_S)
        terminal.type("\x01[g Gk\r\x01]")
        assert terminal.shows(r"Paste \d+ lines\? Each runs by itself", DEADLINE_S)
        terminal.type("n\r\x01h")
        assert terminal.shows(r"The screen is written to hardcopy\.0", DEADLINE_S)
        assert leaves(terminal)
    hardcopy = tmp_path / "hardcopy.0"
    assert "some-words: not found" in hardcopy.read_text() and hardcopy.stat().st_mode & 0o777 == 0o600


def test_copy_mode_tells_of_lines_that_were_lost(machine: MachineFiles) -> None:
    with console() as terminal:
        assert begun(terminal)
        for count, words in ((500, r"seq 500\n1\n(.|\n)*\n11\Z"), (12_000, "Older lines are in the log: moorage logs")):
            terminal.type(f"\rseq {count}\r")
            assert terminal.shows(rf"\n{count}\n", DEADLINE_S)
            terminal.type("\x01[g")
            assert terminal.shows(words, DEADLINE_S)
            terminal.type("j" * 40)
            assert terminal.shows(r"(?s)\A(?!.*Older)", DEADLINE_S)
            terminal.type("q")
        assert leaves(terminal)


@asynccontextmanager
async def supervised(home: Home) -> AsyncIterator[None]:
    """A real supervisor over a QEMU that is played; it hands out snapshots of its library, which the fake has not."""
    files = make_played_home(home)
    serving = asyncio.create_task(serve(files, "1.2.3"))
    async with asyncio.timeout(2 * DEADLINE_S):
        while not files.control_socket.exists():
            assert not serving.done(), serving
            await asyncio.sleep(0.01)
        client = SupervisorClient(files)
        await client.start()
        try:
            yield
        finally:
            await client.kill()
            await client.quit()
            await serving


async def test_the_console_that_a_supervisor_keeps(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with supervised(home):
        await asyncio.to_thread(_copy_and_write)
    assert (tmp_path / "hardcopy.0").read_text().startswith("booting\n")


async def test_a_silent_console_says_to_press_enter(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt that was printed before anybody was there to see it is not printed again."""
    monkeypatch.setenv("PLAYED_GUEST", "prints-nothing")
    async with supervised(home):
        await asyncio.to_thread(_press_enter)


def _press_enter() -> None:
    with console() as terminal:
        assert terminal.shows("The console is silent. Press Enter for a prompt", DEADLINE_S)
        terminal.type("\r")
        assert terminal.shows(r"\n default running  viewers: 1", DEADLINE_S)
        assert leaves(terminal)


def _copy_and_write() -> None:
    with console() as terminal:
        assert terminal.shows("booting", DEADLINE_S)
        terminal.type("\x01[")
        assert terminal.shows(r"booting(.|\n)*Copy mode", DEADLINE_S)
        terminal.type("?boot\r 0$\r\x01h")
        assert terminal.shows(r"written to hardcopy\.0", DEADLINE_S)
        terminal.type("\x01b")
        assert terminal.shows("<break console>", DEADLINE_S)
        assert leaves(terminal)


def test_without_a_prefix_every_byte_is_the_guests(home: Home, machine: MachineFiles) -> None:
    home.settings_file.write_text('console_prefix = "none"\n')
    with console() as terminal:
        assert begun(terminal)
        assert terminal.shows(r"viewers: 1  close this terminal to leave\Z", DEADLINE_S)
        terminal.type("\x01decho on\r")
        assert terminal.shows(r"decho: not found", DEADLINE_S)


def test_windows_beside_the_tty(machine: MachineFiles) -> None:
    """A shell in a container: opened, left and come back to, renamed, listed, closed; the tty is there all the time."""
    with console() as terminal:
        assert begun(terminal)
        terminal.type("\x01c")
        assert terminal.shows(r"A shell in which\?(?:.|\n)*\n(\d+)  cache\n(?:.|\n)*Number:", DEADLINE_S)
        terminal.type(f"{terminal.matched}\r")
        assert terminal.shows(r":/#", DEADLINE_S)
        terminal.type("echo in-the-shell\r")
        assert terminal.shows(r"\nin-the-shell", DEADLINE_S)
        terminal.type("\x01i")
        assert terminal.shows(r"A shell in the container cache, 80x23, log off", DEADLINE_S)
        terminal.type("\x01b")
        assert terminal.shows(r"A break does nothing here", DEADLINE_S)
        terminal.type("\x010echo on-the-tty\r")  # what follows the key is for the window to which it leads
        assert terminal.shows(r"\non-the-tty", DEADLINE_S)
        assert terminal.shows(r"\n .* 0\*console 1 cache", DEADLINE_S)
        terminal.type("\x01n")
        assert terminal.shows(r"in-the-shell", DEADLINE_S)
        assert "on-the-tty" not in terminal.screen.text()
        terminal.type("\x01A")
        assert terminal.shows("New name of cache:", DEADLINE_S)
        terminal.type("mine\x7fe\r")
        assert terminal.shows("in-the-shell", DEADLINE_S)
        terminal.type('\x01"')
        assert terminal.shows(r"Go to which window\?\n0  console\n1  mine \(shown\)(.|\n)*Number:", DEADLINE_S)
        terminal.type("\x1b")
        assert terminal.shows("in-the-shell", DEADLINE_S)
        terminal.type("\x01ky\r\x01i")  # the answer goes to the question, and the next key to the next window
        assert terminal.shows("its console, 80x23", DEADLINE_S)
        assert terminal.shows("on-the-tty", DEADLINE_S)
        terminal.type("\x01k")
        assert terminal.shows(r"Leave the console\?", DEADLINE_S)
        terminal.type("y\r")
        assert terminal.shows(r"\[closed\]", DEADLINE_S)
        assert terminal.wait(DEADLINE_S) == 0


def test_a_second_shell_in_the_machine_goes_with_the_console(machine: MachineFiles) -> None:
    address = f"unix://{machine.docker_socket}"
    with contextlib.closing(docker.DockerClient(base_url=address)) as engine, console() as terminal:
        wanted = {"label": HELPER_LABEL}
        assert begun(terminal)
        terminal.type("\x01c")
        assert terminal.shows(r"A shell in which\?\n(\d+)  the machine itself\n(.|\n)*Number:", DEADLINE_S)
        terminal.type(f"{terminal.matched}\r")
        assert terminal.shows(r"\n .* 0 console 1\*machine", DEADLINE_S)
        terminal.type("ps\r")
        assert terminal.shows(r"dockerd", DEADLINE_S)
        terminal.type("\x01i")
        assert terminal.shows(r"A root shell in the machine, 80x23, log off", DEADLINE_S)
        assert len(engine.containers.list(filters=wanted)) == len(engine.images.list(filters=wanted)) == 1
        assert leaves(terminal)
        assert not engine.containers.list(all=True, filters=wanted) and not engine.images.list(filters=wanted)


@pytest.mark.parametrize("how", ["closed", "SIGTERM"])
def test_shells_go_with_a_terminal_that_is_closed_and_with_a_console_that_is_told_to_end(
    machine: MachineFiles, how: str
) -> None:
    address = f"unix://{machine.docker_socket}"
    with contextlib.closing(docker.DockerClient(base_url=address)) as engine, console() as terminal:
        assert begun(terminal)
        terminal.type("\x01c")
        assert terminal.shows(r"A shell in which\?\n(\d+)  the machine itself\n(.|\n)*Number:", DEADLINE_S)
        terminal.type(f"{terminal.matched}\r")
        assert terminal.shows(r"\n .* 0 console 1\*machine", DEADLINE_S)
        if how == "closed":
            terminal.hang_up()
        else:
            terminal.end(signal.SIGTERM)
        assert terminal.wait(DEADLINE_S) == 0
        assert not engine.containers.list(all=True, filters={"label": HELPER_LABEL})


def test_the_tty_is_attached_and_logged_all_the_time(machine: MachineFiles, tmp_path: Path) -> None:
    """While a question is asked, copy mode is on or a shell is shown, nothing is missed and nobody feels it."""

    async def beside() -> list[dict[str, Any]]:
        informed: list[dict[str, Any]] = []
        other = await SupervisorClient(machine).console(ConsoleRequest(replay="none", cols=100, rows=30))
        frames_of = other.frames()
        for number, keys in enumerate(("\x01?", "\r\x01[", "q\x01c", "0\r", '\x01"', "\x1b\x010")):
            terminal.type(keys)
            await asyncio.sleep(0.1)
            other.send(frames.TYPED, b"echo said-%d\r" % number)
            said = b""
            async with asyncio.timeout(DEADLINE_S):
                async for kind, payload in frames_of:
                    if kind == frames.INFO:
                        informed.append(msgspec.json.decode(payload))
                    said += payload
                    if b"\nsaid-%d" % number in said:
                        break
        await other.close()
        return informed

    with console() as terminal:
        assert begun(terminal)
        terminal.type("\x01H")
        assert terminal.shows("screenlog.0", DEADLINE_S)
        informed = asyncio.run(beside())
        assert {(info["viewers"], info["cols"], info["rows"]) for info in informed} == {(2, 80, 23)}
        assert terminal.shows(r"\nsaid-5(.|\n)* viewers: 1", DEADLINE_S)
        assert leaves(terminal)
    logged = (tmp_path / "screenlog.0").read_bytes()
    assert [number for number in range(6) if b"\nsaid-%d\r" % number in logged] == list(range(6))


def test_it_is_left_at_the_first_column_of_tmux_too(machine: MachineFiles, tmp_path: Path) -> None:
    """tmux keeps the place where copy mode began, and goes there once more."""

    def tmux(*words: str) -> str:
        command = ["tmux", "-S", str(tmp_path / "s"), "-f", "/dev/null", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, cwd=ROOT).stdout

    def shows(pattern: str) -> bool:
        deadline = time.monotonic() + DEADLINE_S
        while not re.search(pattern, shown := tmux("capture-pane", "-p")):
            assert time.monotonic() < deadline, shown
            time.sleep(0.05)
        return True

    tmux("new-session", "-d", f"{sys.executable} -m desktop console; exec sleep infinity")
    try:
        assert shows(r":~#(.|\n)*default running")
        tmux("send-keys", "C-a", "[")
        assert shows("Copy mode")
        tmux("send-keys", "q")
        assert shows("default running")
        tmux("send-keys", "C-a", "d")
        assert shows(r"\n\[detached\]")
    finally:
        tmux("kill-server")


def test_what_a_program_shows_is_there_again_after_words_over_it(machine: MachineFiles) -> None:
    with console() as terminal:
        assert begun(terminal)
        terminal.type("clear\recho full-screen\r")
        assert terminal.shows(r"\nfull-screen\nmoorage:~#", DEADLINE_S)
        before = terminal.screen.text().split("\n")[:22]
        for keys, words in (("\x01?", "detaches"), ("\x01A", "New name"), ("\x01]", "Nothing was copied")):
            terminal.type(keys)
            assert terminal.shows(words, DEADLINE_S)
            terminal.type("\x1b")
            assert terminal.shows(r"running  viewers: 1", DEADLINE_S)
            assert terminal.screen.text().split("\n")[:22] == before
        terminal.screen.feed(b"\x1b[H\x1b[2Jsomebody wrote over it")
        terminal.type("\x01l")
        assert terminal.shows("full-screen", DEADLINE_S)
        assert terminal.screen.text().split("\n")[:22] == before


def test_the_foot_follows_the_machine_and_may_be_left_to_the_console(machine: MachineFiles) -> None:
    with console() as terminal:
        assert terminal.shows(r"\n default running  viewers: 1  C-a \? helps\Z", DEADLINE_S)
        with console("--no-status") as other:
            assert terminal.shows(r"\n default running  viewers: 2  C-a \? helps\Z", DEADLINE_S)
            assert begun(other)
            assert "viewers" not in other.screen.text()
            assert leaves(other)
        asyncio.run(SupervisorClient(machine).stop())
        assert terminal.shows(r"\n default stopped  viewers: 1  ", DEADLINE_S)
        terminal.type("\x01c")
        assert terminal.shows(r"\nA shell needs a machine that runs, and this one is stopped", DEADLINE_S)
        terminal.resize(2, 60)
        terminal.announce_size()
        terminal.type("\x01l")
        assert terminal.shows(r"\A(?!.*viewers)", DEADLINE_S)


def test_a_terminal_that_only_looks_says_so_and_shows_a_part_of_a_larger_console(machine: MachineFiles) -> None:
    with console() as terminal, console("--read-only", columns=60, rows=8) as small:
        assert begun(terminal)
        assert small.shows(r"read only  part of 80x23", DEADLINE_S)
        terminal.type("echo to-both\r")
        assert small.shows(r"\nto-both\nmoorage:~#", DEADLINE_S)
        small.type("r")
        assert small.shows(r"This terminal only looks", DEADLINE_S)
        small.type("\x01b")
        assert small.shows(r"no break is sent", DEADLINE_S)
        terminal.type("echo clean\r")
        assert terminal.shows(r"\nmoorage:~# echo clean\nclean", DEADLINE_S)
        small.type("\x01?")
        assert small.shows("Press Enter", DEADLINE_S)
        assert leaves(terminal)


def test_in_a_tiny_terminal_questions_are_whole_and_help_goes_by(machine: MachineFiles) -> None:
    with console(columns=20, rows=3) as terminal:
        assert terminal.shows(r"moorage:~#\n default running", DEADLINE_S)
        terminal.type("\x01k")
        assert terminal.shows(r"Leave the console\? T\nhe machine goes on;\nshells end. \(y/n\)", DEADLINE_S)
        terminal.type("n\r\x01c")
        assert terminal.shows(r"\AA shell in which\?\n0  the machine itse.\nNumber, or Enter:", DEADLINE_S)
        terminal.type("\x1b")
        assert terminal.shows("default running", DEADLINE_S)
        terminal.resize(1, 20)
        terminal.announce_size()
        terminal.type("\x01?")
        for _ in range(22):
            assert terminal.shows("Press Enter:", DEADLINE_S)
            terminal.type("\r")
        assert terminal.shows("moorage:~#", DEADLINE_S)
        terminal.type("\x01d")  # in the only row its last word goes by
        assert terminal.wait(DEADLINE_S) == 0


def test_keys_without_a_character_at_a_question_are_not_typed_to_the_guest(machine: MachineFiles) -> None:
    with console() as terminal:
        assert begun(terminal)
        terminal.type("\x01?")
        assert terminal.shows("Press Enter:", DEADLINE_S)
        terminal.type("\x1b[A\x1b[<0;3;4M\x1bOB\recho clean\r")
        assert terminal.shows(r"\nmoorage:~# echo clean\nclean", DEADLINE_S)
        terminal.type("\x01[\x1b[<0;3;4M\x1b[6;3~\x1b[Oq\recho cleaner\r")
        assert terminal.shows(r"\nmoorage:~# echo cleaner\ncleaner", DEADLINE_S)
        assert leaves(terminal)


@pytest.mark.parametrize("how", [signal.SIGTSTP, signal.SIGSTOP])
def test_a_console_that_was_stopped_takes_its_terminal_again(machine: MachineFiles, how: signal.Signals) -> None:
    with console() as terminal:
        before = terminal.modes()
        assert begun(terminal)
        raw = terminal.modes()
        terminal.end(how)
        assert terminal.stops(DEADLINE_S)
        if how is signal.SIGTSTP:
            assert terminal.modes() == before
        terminal.set_modes(before)  # as a shell with jobs does
        terminal.screen.feed(b"\x1b[H\x1b[2J\x1b[?7hstopped\r\n$ fg")
        terminal.end(signal.SIGCONT)
        assert begun(terminal)
        assert terminal.modes() == raw and "stopped" not in terminal.screen.text()
        terminal.type("echo typed\r")
        assert terminal.shows(r"\ntyped\n", DEADLINE_S)
        assert leaves(terminal)
        assert terminal.modes() == before


@pytest.mark.parametrize("how", ["SIGHUP", "SIGINT", "SIGQUIT", "SIGALRM", "SIGUSR1", "SIGUSR2"])
def test_whatever_tells_it_to_end_it_gives_its_terminal_back(machine: MachineFiles, how: str) -> None:
    with console() as terminal:
        before = terminal.modes()
        assert begun(terminal)
        terminal.end(signal.Signals[how])
        assert terminal.wait(DEADLINE_S) >= 0
        assert terminal.modes() == before


def flood(terminal: ScreenProgram, log: Path, times: int) -> bool:
    """A tenth of a megabyte each time, of which nothing is read from the terminal; whether all of it came there."""
    terminal.type("\x01H")
    assert terminal.shows("What is printed is written", DEADLINE_S)
    deadline = time.monotonic() + 2 * DEADLINE_S
    for number in range(1, times + 1):
        terminal.type("seq 20000\r")
        while log.read_bytes().count(b"\n20000\r") < number:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
    return True


def test_a_terminal_that_takes_nothing_for_a_while_is_let_go_by_nobody(machine: MachineFiles, tmp_path: Path) -> None:
    """It is behind a slow line: of a flood it shows what there is when it goes on."""
    with console() as terminal:
        assert begun(terminal)
        assert flood(terminal, tmp_path / "screenlog.0", times=12)
        assert terminal.shows(r"\n20000\nmoorage:~#\s+default running", DEADLINE_S)
        assert leaves(terminal)


def test_it_can_be_told_to_end_while_its_terminal_takes_nothing(machine: MachineFiles, tmp_path: Path) -> None:
    with console() as terminal:
        before = terminal.modes()
        assert begun(terminal)
        assert flood(terminal, tmp_path / "screenlog.0", times=12)
        terminal.end(signal.SIGTERM)
        assert terminal.wait(DEADLINE_S) == 0 and terminal.modes() == before


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_place_its_cursor_is_refused_in_words(machine: MachineFiles, term: str) -> None:
    with console(term=term) as terminal:
        assert terminal.shows(r"The console needs a terminal with a screen(.|\n)*moorage logs console -f", DEADLINE_S)
        assert terminal.wait(DEADLINE_S) == 1
