"""`python -m desktop.supervisor --home PATH --machine NAME`: the background process of one machine."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from desktop import __version__
from desktop.core.errors import MoorageError
from desktop.core.paths import Home, MachineFiles, make_folders
from desktop.machine.process import take_lock

from .logs import rotate
from .serve import serve


def main() -> int:
    os.umask(0o077)
    words = _parse()
    files = Home(Path(words.home)).machine(words.machine)
    make_folders(files)
    try:
        lock = take_lock(files.supervisor_lock)
    except OSError as error:
        print(f"{files.supervisor_lock} cannot be used: {error.strerror}", file=sys.stderr)
        return 1
    if lock is None:
        print(f"A supervisor of the machine {files.name} runs already.", file=sys.stderr)
        return 0
    if words.detach and os.fork() > 0:
        os._exit(0)  # the lock is the child's too
    if words.detach:
        os.setsid()
    _open_log(files)
    try:
        asyncio.run(serve(files, __version__))
    except MoorageError as error:
        logging.getLogger("desktop.supervisor").error("%s", error)
        return 1
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="desktop.supervisor", description=__doc__)
    parser.add_argument("--home", required=True, help="the base folder, MOORAGE_HOME")
    parser.add_argument("--machine", default="default", help="the machine's name")
    parser.add_argument("--detach", action="store_true", help="go on in a session of its own, once the lock is held")
    return parser.parse_args()


def _open_log(files: MachineFiles) -> None:
    """Whoever starts us has our output go to this file too: what Python itself says is kept."""
    rotate(files.supervisor_log)
    logging.basicConfig(
        filename=files.supervisor_log, encoding="utf-8", level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
