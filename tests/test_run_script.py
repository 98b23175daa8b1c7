"""`./packaging/run` on played systems: the script is real, the programs that it calls note their words."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("sh", "env", "dirname", "cat", "sed", "tr", "cksum", "grep", "find", "mkdir", "cp", "mv", "rm", "flock")
NOTE = 'echo "$(basename "$0") $*" >>"{notes}"'


class System:
    """A checkout, a home, and a PATH with the few programs that a small system has."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.bin, self._notes = folder / "a checkout", folder / "bin", folder / "notes"
        self.home = folder / "home"
        for made in (self.checkout / "desktop", self.bin, self.home):
            made.mkdir(parents=True)
        shutil.copytree(ROOT / "packaging", self.checkout / "packaging", ignore=shutil.ignore_patterns("benchmarks"))
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        shutil.copytree(ROOT / "resources", self.checkout / "resources", ignore=shutil.ignore_patterns("*.qm"))
        for tool in (*TOOLS, "basename"):
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.is_user(1000)

    def program(self, path: Path, *script: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["#!/bin/sh", NOTE.format(notes=self._notes), *script]) + "\n")
        path.chmod(0o755)

    def is_user(self, number: int) -> None:
        (self.bin / "id").write_text(f"#!/bin/sh\necho {number}\n")
        (self.bin / "id").chmod(0o755)

    def has_venv(self, pip: str = "exit 0", moorage: str = "exit 0") -> None:
        """As it is when pip had been there, but what is locked was not installed yet."""
        venv = self.checkout / ".venv" / "bin"
        self.program(venv / "python", f'case "$*" in "-m pip "*) {pip} ;; esac')
        self.program(venv / "pyside6-lrelease", ': >"$4"')
        self.program(venv / "moorage", moorage)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.checkout / "packaging" / "run", *words], cwd=self.home, capture_output=True, text=True,
            env={"PATH": str(self.bin), "HOME": str(self.home), **environment},
        )  # fmt: skip

    def called(self) -> list[str]:
        """What was called since this was asked last."""
        lines = self._notes.read_text().splitlines() if self._notes.exists() else []
        self._notes.unlink(missing_ok=True)
        return lines


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path)


def packages() -> set[str]:
    lines = (ROOT / "packaging" / "debian-packages.txt").read_text().splitlines()
    return {line.partition("#")[0].strip() for line in lines} - {""}


def test_without_apt_the_packages_are_named_and_nothing_is_made(system: System) -> None:
    done = system.run()
    assert done.returncode == 1
    assert packages() <= set(done.stderr.split())
    assert "MOORAGE_PACKAGES=installed" in done.stderr
    assert not (system.checkout / ".venv").exists() and system.called() == []
    system.has_venv()
    assert system.run(MOORAGE_PACKAGES="installed").returncode == 0
    assert "moorage " in system.called()


def test_the_second_run_installs_nothing(system: System) -> None:
    system.has_venv()
    assert system.run("status", MOORAGE_PACKAGES="installed").returncode == 0
    first = system.called()
    assert sum(" -m pip " in f" {line}" for line in first) == 2
    assert any("--require-hashes -r packaging/requirements.txt" in line for line in first)
    assert system.run("status", "--json").returncode == 0
    again = system.called()
    assert [line for line in again if "-m pip" in line or "lrelease" in line] == []
    assert again[-1] == "moorage status --json"
    (system.checkout / "packaging" / "requirements.txt").write_text("other==1\n")  # as after a `git pull`
    system.run("status", MOORAGE_PACKAGES="installed")
    assert sum(" -m pip " in f" {line}" for line in system.called()) == 2


def test_what_failed_is_told_and_done_at_the_next_run(system: System) -> None:
    system.has_venv(pip="echo no route >&2; exit 1")
    done = system.run(MOORAGE_PACKAGES="installed")
    assert done.returncode == 1
    assert "no route" in done.stderr and "pip failed" in done.stderr and "run again" in done.stderr
    assert "moorage " not in system.called()
    system.has_venv()
    assert system.run(MOORAGE_PACKAGES="installed").returncode == 0
    assert any("-m pip install" in line for line in system.called())


@pytest.mark.parametrize(("words", "builds"), [((), True), (("app", "--hidden"), True), (("status",), False)])
def test_a_build_that_fails_does_not_stop_the_window(system: System, words: tuple[str, ...], builds: bool) -> None:
    system.has_venv(moorage='[ "$1" != guest ] || { echo moorage: no mirror >&2; exit 1; }')
    done = system.run(*words, MOORAGE_PACKAGES="installed")
    assert done.returncode == 0
    assert ("the images are not built; the window says more" in done.stderr) == builds
    called = [line for line in system.called() if line.startswith("moorage")]
    assert called == [*(["moorage guest build"] if builds else []), f"moorage {' '.join(words)}"]


def test_root_is_told_once_and_not_refused(system: System) -> None:
    system.has_venv()
    assert "root" not in system.run("status", MOORAGE_PACKAGES="installed").stderr
    system.is_user(0)
    done = system.run("status")
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "running as root works" in line] == done.stderr.splitlines()


def test_the_exit_code_is_the_commands(system: System) -> None:
    system.has_venv(moorage="exit 3")
    assert system.run("status", MOORAGE_PACKAGES="installed").returncode == 3


@pytest.mark.parametrize(("user", "prefix"), [(0, ""), (1000, "sudo ")])
def test_missing_packages_come_by_apt(system: System, user: int, prefix: str) -> None:
    system.has_venv()
    system.is_user(user)
    system.program(system.bin / "apt-get", 'case "$*" in *--simulate*) echo "Inst zstd (1.5)" ;; esac')
    if prefix:
        system.program(system.bin / "sudo", '"$@"')
    done = system.run("status")
    assert done.returncode == 0
    assert "installing packages: zstd" in done.stderr
    called = system.called()
    installs = [line for line in called if line.startswith("apt-get install") and "--simulate" not in line]
    assert len(installs) == 1 and packages() <= set(installs[0].split())
    assert any(line.startswith("sudo ") for line in called) == bool(prefix)


def test_nothing_is_installed_where_nothing_is_missing(system: System) -> None:
    system.has_venv()
    system.program(system.bin / "apt-get", 'case "$*" in *--simulate*) ;; *) exit 1 ;; esac')
    assert system.run("status").returncode == 0


def test_a_user_without_sudo_is_told_what_root_should_install(system: System) -> None:
    system.has_venv()
    system.program(system.bin / "apt-get", 'case "$*" in *--simulate*) echo "Inst zstd (1.5)" ;; *) exit 1 ;; esac')
    done = system.run("status")
    assert done.returncode == 1
    assert "install these packages as root, then run this again" in done.stderr
    assert packages() <= set(done.stderr.split())
