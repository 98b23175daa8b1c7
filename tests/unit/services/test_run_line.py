"""The docker run line of what the engine tells; shell quoting is read back by a shell's rules."""

from __future__ import annotations

import shlex
import subprocess
from typing import Any

import pytest

from desktop.services.run_line import run_line

IMAGE = {"Config": {"Env": ["PATH=/bin"], "Cmd": ["nginx", "-g", "daemon off;"], "Entrypoint": ["/entry.sh"]}}


def words(config: dict[str, Any] | None = None, host: dict[str, Any] | None = None, image: Any = IMAGE) -> list[str]:
    usual = {"Image": "nginx:1", "Env": ["PATH=/bin"], "Cmd": IMAGE["Config"]["Cmd"], "Entrypoint": ["/entry.sh"]}
    return shlex.split(run_line({"Name": "/web", "Config": usual | (config or {}), "HostConfig": host or {}}, image))


def test_what_the_image_says_goes_without_saying() -> None:
    assert words() == ["docker", "run", "-d", "--name", "web", "nginx:1"]


def test_all_that_was_given() -> None:
    host = {
        "PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}], "53/udp": [{"HostPort": "53"}]},
        "Binds": ["/my data:/data:ro"], "NetworkMode": "shop_default", "Memory": 1 << 28, "NanoCpus": 1_500_000_000,
        "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}, "AutoRemove": True,
        "Mounts": [{"Type": "volume", "Source": "db", "Target": "/db", "ReadOnly": True}],
    }  # fmt: skip
    config = {"Env": ["PATH=/bin", "A=it's $HOME"], "Labels": {"x": "1", "com.docker.compose.project": "shop"},
              "Tty": True, "OpenStdin": True, "AttachStdin": True, "Volumes": {"/own": {}, "/data": {}},
              "Cmd": ["sh", "-c", "echo 'a b'"]}  # fmt: skip
    assert words(config, host) == [
        "docker", "run", "-it", "--rm", "--restart", "on-failure:3", "--name", "web",
        "-p", "53:53/udp", "-p", "127.0.0.1:8080:80", "-v", "/own", "-v", "/my data:/data:ro",
        "--mount", "type=volume,source=db,target=/db,readonly", "-e", "A=it's $HOME",
        "--network", "shop_default", "--memory", "256m", "--cpus", "1.5", "--label", "x=1",
        "nginx:1", "sh", "-c", "echo 'a b'",
    ]  # fmt: skip


def test_an_entry_point_of_its_own_has_its_rest_before_the_command() -> None:
    line = words({"Entrypoint": ["sh", "-x"], "Cmd": ["run"]})
    assert line[-4:] == ["sh", "nginx:1", "-x", "run"]


@pytest.mark.parametrize(
    "facts", [None, {}, {"Config": 1, "HostConfig": {"Binds": [None], "PortBindings": {"1": [2]}}}]
)
def test_what_no_engine_sends_breaks_nothing(facts: Any) -> None:
    assert run_line(facts, None).startswith("docker run")


def test_nothing_in_it_ends_a_paste() -> None:
    """A terminal that is pasted into would run what follows: a label may come with a file of somebody else's."""
    label = "it's\x1b[201~\nrm -rf \\ é"
    line = run_line({"Config": {"Image": "a", "Labels": {"x": label}}, "HostConfig": {}}, None)
    assert line.isprintable()
    shown = subprocess.run(["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True).stdout
    assert f"x={label}" in shown.decode().split("\0")
