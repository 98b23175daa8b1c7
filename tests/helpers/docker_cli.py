"""The docker command line for tests, buildx and compose included: Debian's, unpacked, nothing installed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop.core.paths import private_folder
from desktop.machine.image import recipe
from desktop.machine.image.debian import Order, fetch
from desktop.machine.image.mirror import choose_sources

_PROGRAMS = {
    "docker": "usr/bin/docker",
    "docker-buildx": "usr/libexec/docker/cli-plugins/docker-buildx",
    "docker-compose": "usr/libexec/docker/cli-plugins/docker-compose",
}
_PACKAGES = ["docker-cli", "docker-buildx", "docker-compose"]
_FOLDER = platformdirs.user_cache_path("moorage-tests", appauthor=False) / "docker"


@dataclass(frozen=True)
class DockerCli:
    """`docker` with a configuration of its own, so that no test sees the user's."""

    program: Path
    config: Path

    def environment(self, socket: Path | None = None) -> dict[str, str]:
        """To run `docker` by; at `socket` where given, else at what its current context says."""
        found = {name: value for name, value in os.environ.items() if not name.startswith("DOCKER_")}
        found["DOCKER_CONFIG"] = str(self.config)
        found["PATH"] = f"{self.program.parent}:{found['PATH']}"
        if socket:
            found["DOCKER_HOST"] = f"unix://{socket}"
        return found

    def run(
        self, *words: str, socket: Path | None = None, timeout_s: float = 300, stdin: bytes = b"", check: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:  # fmt: skip
        result = subprocess.run(
            [self.program, *words],
            env={**self.environment(socket), **(environment or {})},
            input=stdin,
            capture_output=True,
            timeout=timeout_s,
        )
        if check and result.returncode:
            raise AssertionError(f"docker {' '.join(words)}: {result.returncode}\n{result.stderr.decode()}")
        return result


def docker_cli(config: Path) -> DockerCli:
    """`config` is the folder for its configuration."""
    if not all((_FOLDER / name).exists() for name in _PROGRAMS):
        asyncio.run(_unpack())
    config.mkdir(mode=0o700, parents=True, exist_ok=True)
    (config / "config.json").write_text(json.dumps({"cliPluginsExtraDirs": [str(_FOLDER)]}))
    return DockerCli(_FOLDER / "docker", config)


async def _unpack() -> None:
    """From the suite that the guest's engine comes from."""
    guest = recipe.load()
    private_folder(_FOLDER.parent)
    with tempfile.TemporaryDirectory(dir=_FOLDER.parent) as work:
        order = Order(
            sources=await choose_sources(guest, ("base", "engine")),
            prefer=guest.suites["base"].name,
            packages=[f"{package}/{guest.suites['engine'].name}" for package in _PACKAGES],
            architecture=guest.architecture_name,
            apt_options=[],
            expected_mib=100,
        )
        fetched = await fetch(order, Path(work), lambda share: None)
        programs = Path(work) / "programs"
        programs.mkdir()
        for name, path in _PROGRAMS.items():
            shutil.copy(fetched.tree / path, programs / name)
        shutil.rmtree(_FOLDER, ignore_errors=True)
        programs.rename(_FOLDER)
