"""A program's windows as assistive technology finds them: by role and visible words."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .screen import Screen, end

SYSTEM_PYTHON = "/usr/bin/python3"
APPEAR_TIMEOUT_S = 60.0
_PAUSE_S = 0.1
_SERVER = Path(__file__).with_name("atspi_server.py")


@dataclass(frozen=True)
class Node:
    """One thing on the screen, as it was when it was looked for."""

    number: int
    parent: int
    role: str
    name: str
    description: str
    states: tuple[str, ...]
    box: tuple[int, int, int, int]
    text: str

    @property
    def is_enabled(self) -> bool:
        return "enabled" in self.states

    @property
    def centre(self) -> tuple[int, int]:
        x, y, width, height = self.box
        return x + width // 2, y + height // 2


class Accessible:
    """The windows of the program with this process id."""

    def __init__(self, process: subprocess.Popen[str], pid: int) -> None:
        self._process = process
        self._pid = pid

    def nodes(self) -> list[Node]:
        """All that there is down to what is not shown; a table is one, without its cells."""
        found = self._call("tree", self._pid)
        return [_node(number, node) for number, node in enumerate(found)]

    def shown(self, name: str = "", role: str = "", holding: str = "") -> list[Node]:
        """What is on the screen with this name and role, or with these words in its name or text."""
        return [
            node
            for node in self.nodes()
            if "showing" in node.states
            and (not name or node.name == name)
            and (not role or role in node.role)
            and (holding in node.name or holding in node.text)
        ]

    def wait_for(
        self, name: str = "", role: str = "", holding: str = "", timeout_s: float = APPEAR_TIMEOUT_S
    ) -> Node:
        """The first such thing, once it is there."""
        deadline = time.monotonic() + timeout_s
        while not (found := self.shown(name, role, holding)):
            if time.monotonic() > deadline:
                wanted = f"{role or 'thing'} {name!r} {holding!r}"
                raise AssertionError(f"no {wanted} on the screen after {timeout_s:.0f} s:\n{self.outline()}")
            time.sleep(_PAUSE_S)
        return found[0]

    def wait_enabled(self, name: str, role: str = "button", timeout_s: float = APPEAR_TIMEOUT_S) -> Node:
        deadline = time.monotonic() + timeout_s
        while not (node := self.wait_for(name, role, timeout_s=timeout_s)).is_enabled:
            if time.monotonic() > deadline:
                raise AssertionError(f"{name!r} stays disabled:\n{self.outline()}")
            time.sleep(_PAUSE_S)
        return node

    def press(self, name: str, role: str = "button", timeout_s: float = APPEAR_TIMEOUT_S) -> None:
        node = self.wait_enabled(name, role, timeout_s)
        if not self._call("press", node.number):
            raise AssertionError(f"{name!r} cannot be pressed")

    def write(self, node: Node, words: str) -> None:
        self._call("write", node.number, words)

    def rows(self, table: str) -> list[list[str]]:
        """The words of a table's cells."""
        found: list[list[str]] = self._call("rows", self.wait_for(table, "table").number)
        return found

    def select(self, table: str, row: int) -> None:
        self._call("select", self.wait_for(table, "table").number, row)

    def outline(self) -> str:
        """What is on the screen, for whoever reads why a test failed."""
        lines = []
        depth: dict[int, int] = {-1: -1}
        for node in self.nodes():
            depth[node.number] = depth[node.parent] + 1
            if "showing" in node.states:
                words = f"{node.role} {node.name!r} {node.text[:60]!r} {' '.join(node.states)}"
                lines.append("  " * depth[node.number] + words)
        return "\n".join(lines) or "(nothing)"

    def _call(self, call: str, *words: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"call": call, "words": words}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise AssertionError(f"{call} {words}: {answer['error']}")
        return answer["result"]


@contextmanager
def accessible(screen: Screen, pid: int) -> Iterator[Accessible]:
    process = subprocess.Popen(
        [SYSTEM_PYTHON, "-W", "ignore", str(_SERVER)],
        env=screen.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Accessible(process, pid)
    finally:
        assert process.stdin and process.stdout
        process.stdin.close()
        end(process)
        process.stdout.close()


def _node(number: int, found: dict[str, Any]) -> Node:
    box = found["box"] or (0, 0, 0, 0)
    return Node(
        number,
        found["parent"],
        found["role"],
        found["name"],
        found["description"],
        tuple(found["states"]),
        (box[0], box[1], box[2], box[3]),
        found["text"],
    )
