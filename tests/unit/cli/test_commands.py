"""The verbs as somebody types them: words, output and exit codes, on a supervisor that is real and a QEMU that is
played."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import pytest

from desktop.cli.doctor import CHECKS, examine
from desktop.client.supervisor import SupervisorClient
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home
from desktop.machine.image import recipe
from desktop.supervisor import boot
from tests.helpers.builds import make_build
from tests.helpers.moorage import COMMAND, Moorage, end_supervisor
from tests.helpers.played_home import make_played_home
from tests.helpers.terminal_program import TerminalProgram

DEADLINE_S = 60.0
FAILED, USAGE, NOT_RUNNING, INTERRUPTED = 1, 2, 3, 130


@pytest.fixture
def moorage(home: Home) -> Iterator[Moorage]:
    """The command in a base folder where a machine can start in no time."""
    files = make_played_home(home, "stop_deadline_s = 60\n")
    yield Moorage(home)
    asyncio.run(end_supervisor(SupervisorClient(files)))


@contextlib.contextmanager
def reading(moorage: Moorage, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on; it is interrupted at the end, as by Ctrl+C."""
    with subprocess.Popen(
        [*COMMAND, *words], env={**moorage.environment, "PYTHONUNBUFFERED": "1"}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(DEADLINE_S)
            finally:
                process.kill()


def on_terminal(moorage: Moorage, *words: str) -> TerminalProgram:
    return TerminalProgram([*COMMAND, *words], {**moorage.environment, "TERM": "xterm"})


def line_with(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"the command ended without {words!r}")


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",), ("start", "--soon"), ("start", "--timeout", "soon"), ("logs", "nonsense"),
        ("config", "get", "no_such_key"), ("config", "set", "no_such_key", "1"), ("status", "--machine", "other"),
        ("guest", "import"), ("env", "--shell", "cmd"), ("--hidden", "start"),
        ("config", "get", "--machine", "other"), ("config", "set", "cpus", "2", "--machine", "other"),
        ("config", "edit", "--machine", "other"), ("app", "--machine", "other"),
        ("guest", "build", "--machine", "other"), ("reset", "engine", "--machine", "other"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_2_and_says_what(moorage: Moorage, words: tuple[str, ...]) -> None:
    done = moorage.run(*words, check=False)
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert done.stderr


def test_status_in_words_and_for_scripts(moorage: Moorage) -> None:
    stopped = moorage.run("status", check=False)
    assert (stopped.returncode, stopped.stderr) == (NOT_RUNNING, "")
    assert re.search(r"^State +stopped", stopped.stdout, re.M) and "Hypervisor" not in stopped.stdout
    moorage.run("start")
    running = moorage.run("status")
    rows = dict(line.split(maxsplit=1) for line in running.stdout.splitlines() if not line.startswith(" "))
    assert rows["Machine"] == "default" and rows["State"].startswith("running since ")
    assert re.fullmatch(r"qemu 11\.1\.3, tcg, pid \d+", rows["Hypervisor"])
    assert rows["Engine"] == "28.5.2 (API 1.51), 2 containers running"
    assert rows["Socket"] == str(moorage.files.docker_socket)
    told = msgspec.json.decode(moorage.run("status", "--json").stdout, type=MachineStatus)
    assert told.state is State.RUNNING and told.paths.tty == str(moorage.files.tty)
    moorage.run("stop")
    assert moorage.run("status", "--json", check=False).returncode == NOT_RUNNING


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["words", "json"])
def test_watch_prints_each_change_until_it_is_interrupted(moorage: Moorage, form: tuple[str, ...]) -> None:
    with reading(moorage, "status", "--watch", *form) as watch:
        line_with(watch, "stopped")
        moorage.run("start")
        line_with(watch, "starting")
        line_with(watch, "running")
        moorage.run("kill")
        line_with(watch, "stopped")
    assert watch.returncode == INTERRUPTED


def test_what_was_suspended_and_is_lost_is_told_by_the_next_look(moorage: Moorage) -> None:
    """Its supervisor was killed before all was on the disk: nothing runs, and nothing can be resumed."""
    moorage.files.suspended_new.mkdir()
    told = moorage.status()
    assert told["state"] == "stopped" and any("is lost" in words for words in told["warnings"])


@pytest.mark.parametrize("words", ["status --watch", "status --watch --json", "logs -f supervisor"])
def test_what_goes_on_ends_when_nobody_reads_it_any_more(moorage: Moorage, words: str) -> None:
    """Nothing has to change in the machine, or come into its log, for that."""
    moorage.run("start")
    command = " ".join(map(shlex.quote, COMMAND))
    piped = ["sh", "-c", f"{command} {words} | head -n 1"]
    done = subprocess.run(piped, env=moorage.environment, capture_output=True, text=True, timeout=60)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_logs_are_shown_and_followed_over_a_rotation(moorage: Moorage) -> None:
    log = moorage.files.console_log
    nothing = moorage.run("logs", check=False)
    assert nothing.returncode == FAILED and "`moorage start` starts it" in nothing.stderr
    lines = [f"line {number}" for number in range(500)]
    log.write_text("\n".join(lines) + "\n")
    assert moorage.run("logs", "console").stdout.splitlines() == lines[-200:]
    assert moorage.run("logs", "-n", "2").stdout.splitlines() == lines[-2:]
    assert moorage.run("logs", "engine", check=False).returncode == FAILED
    with reading(moorage, "logs", "-f", "-n", "1") as following:
        assert following.stdout is not None
        assert following.stdout.readline() == "line 499\n"
        for number in range(10):  # what comes just before the log is put aside is not lost
            with log.open("a") as file:
                file.write(f"old {number}\n")
            os.replace(log, log.with_name("console.log.1"))
            log.write_text(f"new {number}\n")
            assert following.stdout.readline() == f"old {number}\n"
            assert following.stdout.readline() == f"new {number}\n"
    assert following.returncode == 0


def test_logs_on_a_terminal_show_control_characters(moorage: Moorage) -> None:
    moorage.files.console_log.write_bytes(b"before \x1b[31mred\x07\r\n")
    with on_terminal(moorage, "logs") as shown:
        assert shown.prints("before ", DEADLINE_S)
        assert shown.wait() == 0
        assert shown.prints(r"\n", DEADLINE_S)
        assert "\x1b" not in shown.unread and "\x07" not in shown.unread
    assert moorage.run("logs").stdout == "before \x1b[31mred\x07\n"  # as it is, for programs


def test_config_is_checked_kept_and_told_to_the_machine(moorage: Moorage) -> None:
    assert moorage.run("config", "get", "cpus").stdout.strip().isdigit()
    everything = moorage.run("config", "get").stdout
    assert re.search(r"^cpus = \d+$", everything, re.M) and re.search(r'^theme = "', everything, re.M)
    moorage.files.config.write_text(moorage.files.config.read_text() + "# mine\n")
    moorage.run("config", "set", "cpus", "1")
    moorage.run("config", "set", "theme", "dark")
    moorage.run("config", "set", "host_ports", "[5432, 6379]")
    assert moorage.run("config", "get", "cpus").stdout == "1\n"
    assert moorage.run("config", "get", "theme").stdout == "dark\n"
    assert moorage.run("config", "get", "host_ports").stdout == "[5432, 6379]\n"
    assert "# mine" in moorage.files.config.read_text()
    assert moorage.status()["vm"]["cpus"] == 1
    before = moorage.files.config.read_text()
    for key, value in (("cpus", "many"), ("cpus", "0"), ("theme", "pink"), ("shares", '["/nowhere/at/all"]')):
        refused = moorage.run("config", "set", key, value, check=False)
        assert refused.returncode == FAILED and refused.stderr.startswith("moorage: "), (key, value)
    assert moorage.files.config.read_text() == before


def edit(moorage: Moorage, folder: Path, script: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Opens the machine's settings in an editor that runs `script` on the file."""
    editor = folder / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o700)
    moorage.environment["VISUAL"] = str(editor)
    return moorage.run("config", "edit", "--machine", "default", check=check)


@pytest.mark.parametrize(("visual", "editor"), [("emacs '", ""), (" ", "/nowhere/at/all")])
def test_an_editor_that_is_no_command_has_words(moorage: Moorage, visual: str, editor: str) -> None:
    moorage.environment |= {"VISUAL": visual, "EDITOR": editor}
    refused = moorage.run("config", "edit", check=False)
    assert refused.returncode == FAILED and "Set EDITOR" in refused.stderr and "Traceback" not in refused.stderr


def test_rejected_text_is_opened_again(moorage: Moorage, tmp_path: Path) -> None:
    before = moorage.files.config.read_text()
    refused = edit(moorage, tmp_path, 'echo "cpus = 1\nmemory_mib = 1" >"$1"', check=False)
    assert refused.returncode == FAILED and "line 2" in refused.stderr
    assert edit(moorage, tmp_path, "exit 1", check=False).returncode == FAILED  # left without a change
    assert moorage.files.config.read_text() == before
    again = edit(moorage, tmp_path, "sed -i 's/memory_mib = 1/memory_mib = 1024/' \"$1\"")
    assert "opened again" in again.stderr
    assert moorage.files.config.read_text() == "cpus = 1\nmemory_mib = 1024\n"
    assert "opened again" not in edit(moorage, tmp_path, "true").stderr


def test_a_broken_file_that_was_kept_aside_is_what_is_edited(moorage: Moorage, tmp_path: Path) -> None:
    """From an empty one, what it said besides would be lost: that nothing is shared."""
    moorage.files.config.write_text("cpus = nine\nshares = []\n")
    assert "kept as" in moorage.run("config", "get").stderr
    edit(moorage, tmp_path, "sed -i 's/nine/1/' \"$1\"")
    assert moorage.files.config.read_text() == "cpus = 1\nshares = []\n"


def test_settings_saved_while_the_editor_is_open_are_not_overwritten(moorage: Moorage, tmp_path: Path) -> None:
    edit(moorage, tmp_path, 'echo "cpus = 1" >"$1"')
    also_set = f"{shlex.join(COMMAND)} config set memory_mib 1024"
    refused = edit(moorage, tmp_path, f'{also_set}; echo "cpus = 2" >"$1"', check=False)
    kept = moorage.files.config.with_name("machine.toml.rejected")
    assert refused.returncode == FAILED and "while the editor was open" in refused.stderr
    assert str(kept) in refused.stderr and kept.read_text() == "cpus = 2\n"
    assert moorage.files.config.read_text() == "cpus = 1\nmemory_mib = 1024\n"
    edit(moorage, tmp_path, also_set.replace("1024", "2048"))  # and nothing is changed in the editor
    assert moorage.files.config.read_text() == "cpus = 1\nmemory_mib = 2048\n"
    assert "opened again" not in edit(moorage, tmp_path, "true").stderr


def test_settings_that_are_a_link_stay_one(moorage: Moorage, home: Home, tmp_path: Path) -> None:
    """As who keeps them in a folder of dotfiles has them."""
    config, kept = home.machine().config, tmp_path / "dotfiles.toml"
    config.rename(kept)
    config.symlink_to(kept)
    edit(moorage, tmp_path, 'echo "cpus = 1" >"$1"')
    assert kept.read_text() == "cpus = 1\n"
    moorage.run("config", "set", "memory_mib", "1024")
    assert config.is_symlink() and "memory_mib = 1024" in kept.read_text()


def test_edited_shares_are_checked(moorage: Moorage, tmp_path: Path) -> None:
    before = moorage.files.config.read_text()
    refused = edit(moorage, tmp_path, """echo 'shares = ["/nowhere/at/all"]' >"$1\"""", check=False)
    assert refused.returncode == FAILED and "/nowhere/at/all cannot be shared" in refused.stderr
    assert moorage.files.config.read_text() == before
    moorage.files.config.write_text('shares = ["/nowhere/at/all"]\n')  # it was there once
    edit(moorage, tmp_path, """echo 'cpus = 1' >>"$1\"""")
    assert "cpus = 1" in moorage.files.config.read_text()


def test_settings_in_a_folder_that_is_not_ours_are_not_edited(moorage: Moorage, tmp_path: Path) -> None:
    there = Moorage(Home(tmp_path / "there"))
    there.files.folder.parent.mkdir(parents=True)
    (tmp_path / "else").mkdir()
    there.files.folder.symlink_to(tmp_path / "else")
    refused = edit(there, tmp_path, "true", check=False)
    assert refused.returncode == FAILED and refused.stderr.startswith(f"moorage: {there.files.folder} is not a folder")


def test_rejected_text_that_is_older_than_the_settings_is_kept_aside(moorage: Moorage, tmp_path: Path) -> None:
    rejected = moorage.files.config.with_name(".machine.toml.edit")
    rejected.write_text("cpus = many\n")
    os.utime(rejected, (1, 1))
    moorage.environment["VISUAL"] = "true"
    said = moorage.run("config", "edit").stderr
    assert "machine.toml.rejected" in said
    assert moorage.files.config.with_name("machine.toml.rejected").read_text() == "cpus = many\n"
    assert "many" not in moorage.files.config.read_text()


def test_broken_settings_are_told_of_whoever_reads_them_first(moorage: Moorage) -> None:
    moorage.files.config.write_text("cpus = many\n")
    moorage.run("env")
    moorage.run("status", check=False)
    for words in (("config", "get", "cpus"), ("config", "get", "cpus")):
        assert "line 1" in moorage.run(*words).stderr
    assert any("line 1" in words for words in moorage.status()["warnings"])


def test_images_are_exported_and_taken_in_elsewhere(moorage: Moorage, tmp_path: Path) -> None:
    file = tmp_path / "carried.tar.gz"
    moorage.run("guest", "export", str(file))
    there = Moorage(Home(tmp_path / "there"))
    assert moorage.run("guest", "export", "/nowhere/at.tar", check=False).returncode == FAILED
    assert there.run("guest", "import", str(tmp_path / "none"), check=False).returncode == FAILED
    make_build(there.home.guest / "older", {"kernel": b"old"})
    there.run("guest", "import", str(file))
    for kind in ("runtime", "guest"):
        manifest = Path(kind, "played", "manifest.json")
        assert (there.home.base / manifest).read_bytes() == (moorage.home.base / manifest).read_bytes()
    assert (there.home.guest / "older").exists()
    file.write_bytes(file.read_bytes()[:-100])
    refused = there.run("guest", "import", str(file), check=False)
    assert refused.returncode == FAILED and refused.stderr.startswith("moorage: ")


def test_a_build_of_what_is_there_shows_no_bar_and_prints_where_it_is(home: Home) -> None:
    known = recipe.load()
    kinds: tuple[tuple[recipe.Kind, Path], ...] = (("runtime", home.runtime), ("guest", home.guest))
    made = [
        make_build(folder / "made", kind=kind, recipe=known.digest(kind), architecture=known.architecture_name)
        for kind, folder in kinds
    ]
    terminal, slave = os.openpty()  # stderr alone: what is printed may go to a program
    words = [*COMMAND, "guest", "build"]
    environment = {**Moorage(home).environment, "TERM": "xterm"}
    printed = subprocess.run(words, stdout=subprocess.PIPE, stderr=slave, text=True, env=environment, check=True).stdout
    os.write(slave, b"end")
    shown = os.read(terminal, 1 << 16).decode()
    os.close(slave)
    os.close(terminal)
    assert printed.splitlines() == [str(folder) for folder in made]
    assert not any(letter.isalnum() for letter in re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", shown).removesuffix("end"))


@pytest.mark.parametrize("words", [(), ("config",), ("guest",), ("reset",)])
def test_help_tells_what_each_command_does_to_the_end(home: Home, words: tuple[str, ...]) -> None:
    """Click cuts a first sentence that is wider than the terminal."""
    said = Moorage(home, {**os.environ, "COLUMNS": "80"}).run(*words, "--help").stdout
    commands = said.partition("\nCommands:\n")[2]
    assert commands and "..." not in commands, said


def test_what_needs_a_yes_fails_without_a_terminal(moorage: Moorage) -> None:
    moorage.environment["PLAYED_GUEST"] = "ignores-shutdown"
    moorage.run("start")
    late = moorage.run("stop", "--timeout", "1", check=False)
    assert late.returncode == FAILED
    assert late.stderr.endswith("Kill it? There is no terminal to ask on. Give --yes.\n")
    assert moorage.status()["hypervisor"]["pid"] is not None
    moorage.run("stop", "--timeout", "1", "--yes")
    assert moorage.status()["state"] == "stopped"


def test_a_saved_state_is_dropped_only_after_a_yes(moorage: Moorage) -> None:
    moorage.run("start")
    moorage.run("suspend")
    assert moorage.run("kill", check=False).returncode == FAILED
    with on_terminal(moorage, "kill") as asking:
        assert asking.prints(r"\[y/N\]", DEADLINE_S)
        asking.type("n\n")
        assert asking.prints(r"moorage: It was not confirmed\.\s", DEADLINE_S)  # what was asked is not told once more
        assert asking.wait() == FAILED
    assert moorage.status()["state"] == "suspended"
    with on_terminal(moorage, "kill") as asking:
        assert asking.prints(r"\[y/N\]", DEADLINE_S)
        asking.type("y\n")
        assert asking.wait() == 0
    assert moorage.status()["state"] == "stopped"


def test_a_start_that_is_given_no_time_is_1(moorage: Moorage) -> None:
    moorage.environment["PLAYED_GUEST"] = "silent-engine"
    begun = time.monotonic()
    late = moorage.run("start", "--timeout", "1", check=False)
    assert late.returncode == FAILED and late.stderr.startswith("moorage: ")
    assert time.monotonic() - begun < DEADLINE_S


def test_a_shell_evaluates_env(moorage: Moorage) -> None:
    script = f'DOCKER_CONTEXT=x; eval "$({shlex.join(COMMAND)} env --shell sh)"; env'
    done = subprocess.run(["sh", "-ec", script], env=moorage.environment, capture_output=True, text=True, check=True)
    assert f"DOCKER_HOST=unix://{moorage.files.docker_socket}" in done.stdout.splitlines()
    assert "DOCKER_CONTEXT=" not in done.stdout


async def test_doctor_is_content_and_renews_the_verdict_on_the_accelerator(
    moorage: Moorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docker").touch(0o755)
    (tmp_path / "kvm").touch()
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    make_probe = boot._probe
    kvm = partial(replace, device=tmp_path / "kvm", deadline_s=60.0)
    monkeypatch.setattr(boot, "_probe", lambda *words: kvm(make_probe(*words)))
    settings = moorage.files.config
    settings.write_text(settings.read_text().replace('"tcg"', '"auto"'))
    for _ in range(2):
        assert await examine(moorage.files)
        said = capsys.readouterr().out
        assert said.count("ok    ") == len(CHECKS) and "kvm. KVM works here: a test boot came up" in said
        assert "machine: stopped" in said
        verdict = moorage.home.host_facts.read_text()
        assert '"works":true' in verdict
        moorage.home.host_facts.write_text(verdict.replace("true", "false"))
