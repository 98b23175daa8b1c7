"""`terminal_cat.py FILE RESULT`, run in a terminal: the seconds from `cat` to when the terminal has read all of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tty
from pathlib import Path

import precedence


def main() -> None:
    file, result = sys.argv[1:]
    precedence.raise_own()
    tty.setcbreak(0)
    begun = time.perf_counter()
    subprocess.run(["cat", file], check=True)
    os.write(1, b"\x1b[6n")  # answered when everything before it is read
    while b"R" not in os.read(0, 64):
        continue
    seconds = time.perf_counter() - begun
    Path(f"{result}.new").write_text(str(seconds))
    os.replace(f"{result}.new", result)


if __name__ == "__main__":
    main()
