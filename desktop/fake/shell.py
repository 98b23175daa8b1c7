"""The few words that the pretended guest's shell understands, with a line editor as small as a serial line's."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from . import shapes

PROMPT = b"moorage:~# \x1b[6n"
BANNER = (
    f"\r\nThis is a pretended Moorage VM (Linux {shapes.KERNEL}), and no shell: `help` tells what it knows.\r\n"
).encode()

_FILES = "bin   data  dev   etc   init  proc  root  run   sbin  sys   tmp   usr   var"
_PROCESSES = """PID   USER     TIME  COMMAND
    1 root      0:00 init
   71 root      0:01 containerd
   84 root      0:03 dockerd
   96 root      0:00 qemu-ga
  101 root      0:00 sh -l
  130 root      0:00 ps"""


class Shell:
    """Echoes what is typed; a line that is done is answered."""

    def __init__(
        self, write: Callable[[bytes], None], on_poweroff: Callable[[], None] | None = None, prompt: bytes = PROMPT,
        banner: bytes = BANNER, on_exit: Callable[[int], None] | None = None,
    ) -> None:  # fmt: skip
        self._write = write
        self._on_poweroff, self._on_exit = on_poweroff, on_exit
        self._prompt, self._banner = prompt, banner
        self._line = ""
        self._runs = False
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.size = (80, 24)

    def start(self, size: tuple[int, int]) -> None:
        self._runs, self._line, self.size = True, "", size
        self._write(self._banner + self._prompt)

    def stop(self) -> None:
        self._runs = False

    def type(self, data: bytes) -> None:
        for char in self._decode(data):
            if not self._runs:
                return
            self._take(char)

    def _take(self, char: str) -> None:
        if char in "\r\n":
            line, self._line = self._line, ""
            self._write(b"\r\n")
            self._answer(line.strip())
        elif char in "\x7f\b":
            if self._line:
                self._line = self._line[:-1]
                self._write(b"\b \b")
        elif char == "\x03":
            self._line = ""
            self._write(b"^C\r\n" + self._prompt)
        elif char == "\x04" and not self._line and self._on_exit is not None:
            self._leave("0")
        elif char == "\x0c":
            self._write(b"\x1b[H\x1b[J" + self._prompt + self._line.encode())
        elif char.isprintable():
            self._line += char
            self._write(char.encode())

    def _answer(self, line: str) -> None:
        for command in filter(None, (part.strip() for part in line.split(";"))):
            name, _, rest = command.partition(" ")
            if name == "poweroff" and self._on_poweroff is not None:
                self._on_poweroff()
                return
            if name == "exit" and self._on_exit is not None:
                self._leave(rest)
                return
            answer = self._said(name, rest.strip())
            if answer:
                self._write(answer.replace("\n", "\r\n").encode() + b"\r\n")
        self._write(self._prompt)

    def _leave(self, code: str) -> None:
        self.stop()
        if self._on_exit is not None:
            self._on_exit(int(code) if code.isdigit() else 0)

    def _said(self, name: str, rest: str) -> str:
        cols, rows = self.size
        if name == "echo":
            return rest.replace("'", "").replace('"', "")
        if name == "clear":
            self._write(b"\x1b[H\x1b[2J\x1b[3J")
            return ""
        if name == "seq":
            return "\n".join(map(str, range(1, min(int(rest), 100_000) + 1))) if rest.isdigit() else ""
        known = {
            "ls": _FILES,
            "ps": _PROCESSES,
            "uname": f"Linux moorage {shapes.KERNEL}" if rest == "-a" else shapes.KERNEL if rest == "-r" else "Linux",
            "stty": f"{rows} {cols}" if rest == "size" else f"rows {rows}; columns {cols};",
            "colours": " ".join(f"\x1b[{code}m {code} \x1b[m" for code in (*range(40, 48), *range(100, 108))),
            "help": "It knows: clear colours echo ls poweroff ps seq stty uname",
        }
        return known.get(name, f"sh: {name}: not found")
