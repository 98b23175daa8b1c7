"""`moorage app --fake`: a machine that is played, in a folder of its own that goes with it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.core.errors import MachineError
from desktop.core.paths import Home

END_DEADLINE_S = 5.0
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def played_home(scenarios: list[str]) -> Iterator[Home]:
    """Starts the fake and ends it afterwards. The user's docker contexts are out of its reach."""
    with tempfile.TemporaryDirectory(prefix="moorage-fake-", ignore_cleanup_errors=True) as folder:
        os.environ["DOCKER_CONFIG"] = os.path.join(folder, "docker")
        home = Home(Path(folder) / "home")
        words = [word for scenario in scenarios for word in ("--scenario", scenario)]
        with subprocess.Popen(
            [sys.executable, "-m", "desktop.fake", "--home", str(home.base), "--until-eof", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_PACKAGE_ROOT,
        ) as fake:  # fmt: skip
            assert fake.stdin is not None and fake.stdout is not None
            if not fake.stdout.readline().startswith(b"ready"):
                raise MachineError("The played machine did not start", "its words are above")
            try:
                yield home
            finally:
                fake.stdin.close()
                try:
                    fake.wait(END_DEADLINE_S)
                except subprocess.TimeoutExpired:
                    fake.kill()
