"""An X screen of a test's own: Xvfb, a session bus, a window manager, and pictures of what is on it."""

from __future__ import annotations

import contextlib
import os
import random
import select
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

START_TIMEOUT_S = 60.0
_SIZE = "1280x800x24"


@dataclass(frozen=True)
class Screen:
    """Programs with this environment are on it."""

    environment: dict[str, str]

    def run(self, *words: str, timeout_s: float = 60) -> str:
        """The output of a program that works on the screen, such as xdotool."""
        result = subprocess.run(
            words, env=self.environment, capture_output=True, text=True, timeout=timeout_s, stdin=subprocess.DEVNULL
        )
        if result.returncode:
            raise AssertionError(f"{' '.join(words)}: {result.returncode} {result.stderr}{result.stdout}")
        return result.stdout

    @contextlib.contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """A program of the desktop, ended afterwards."""
        process = subprocess.Popen(
            words, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            end(process)

    def shoot(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.run("import", "-window", "root", str(file))


@contextlib.contextmanager
def screen(home: Path, size: str = _SIZE) -> Iterator[Screen]:
    """An empty desktop: no tray, so that a test chooses one."""
    with contextlib.ExitStack() as stack:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("XDG_", "QT_", "DBUS_", "WAYLAND"))
        }
        environment["HOME"] = str(home)
        environment["XDG_RUNTIME_DIR"] = str(home / "run")
        (home / "run").mkdir(mode=0o700, exist_ok=True)
        environment["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"] = "1"
        environment["DISPLAY"] = _start_x(stack, environment, size)
        environment["DBUS_SESSION_BUS_ADDRESS"] = _start(
            stack, environment, "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=FD"
        )
        found = Screen(environment)
        stack.enter_context(found.running("openbox", "--sm-disable"))
        yield found


def end(process: subprocess.Popen[bytes], timeout_s: float = 60) -> None:
    process.terminate()
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _start_x(stack: contextlib.ExitStack, environment: dict[str, str], size: str) -> str:
    """Its name. The number is ours: left to itself (-displayfd), Xvfb and others all fight for :0."""
    while os.path.exists(f"/tmp/.X11-unix/X{(number := random.randrange(1000, 60000))}"):
        continue
    words = ("Xvfb", f":{number}", "-screen", "0", size, "-nolisten", "tcp", "-noreset")
    process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(end, process)
    deadline = time.monotonic() + START_TIMEOUT_S
    while subprocess.run(["xdpyinfo", "-display", f":{number}"], capture_output=True).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError("Xvfb does not come up")
        time.sleep(0.05)
    return f":{number}"


def _start(stack: contextlib.ExitStack, environment: dict[str, str], *words: str) -> str:
    """Starts a server that writes where it is to a descriptor, and waits until it has."""
    reader, writer = os.pipe()
    try:
        process = subprocess.Popen(
            [word.replace("FD", str(writer)) for word in words],
            env=environment, pass_fds=[writer], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writer)
        stack.callback(end, process)
        if not select.select([reader], [], [], START_TIMEOUT_S)[0]:
            raise AssertionError(f"{words[0]} does not come up")
        address = os.read(reader, 4096).decode().strip()
        if not address:
            raise AssertionError(f"{words[0]} ended at once")
        return address
    finally:
        os.close(reader)
