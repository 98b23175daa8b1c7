"""What `moorage env` prints is taken by real shells."""

import subprocess

import pytest

from desktop.cli.environment import Shell, lines


@pytest.mark.parametrize("path", ["/h/docker.sock", "/a b/it's $HOME `x`/docker.sock"])
def test_sh_takes_any_path(path: str) -> None:
    script = f"DOCKER_CONTEXT=x\n{lines(Shell.SH, path)}\nprintf '%s|%s' \"$DOCKER_HOST\" \"${{DOCKER_CONTEXT-unset}}\""
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"unix://{path}|unset"


def test_quotes_are_doubled_for_the_others() -> None:
    assert "'unix:///it\\'s'" in lines(Shell.FISH, "/it's")
    assert "'unix:///it''s'" in lines(Shell.POWERSHELL, "/it's")
