"""Rules that the whole tree keeps, each with the tool that knows it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import desktop

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = ROOT / "desktop"
TOP_LEVEL = {"pyproject.toml", "desktop", "resources", "tests", "packaging", "README.md", "LICENSE"}
SHELL_SCRIPTS = ["packaging/run", "packaging/test", "packaging/bench", "packaging/lock", ".ci/run"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# Each cut in two, so that this file keeps the rule too.
FORBIDDEN = ["/work" + "/", "pypi" + r"\.org", "python" + r"hosted\.org", r"debian" + r"\.org", "npmjs" + r"\.",
             "ubuntu" + r"\.com", "Not" + "ImplementedError", "TO" + "DO", "FIX" + "ME"]  # fmt: skip


def run(*words: str) -> None:
    result = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def source_text() -> list[Path]:
    parts = [ROOT / name for name in [*TOP_LEVEL, ".ci", ".gitignore"]]
    found = [path for part in parts for path in ([part] if part.is_file() else part.rglob("*")) if path.is_file()]
    return [path for path in found if path.suffix not in (".pyc", ".png", ".qm", ".ico", ".xz", ".zst")]


def locked(name: str) -> set[str]:
    text = (ROOT / "packaging" / name).read_text()
    return {match.lower() for match in re.findall(r"^([A-Za-z0-9.-]+)==", text, re.MULTILINE)}


def named(requirements: list[str]) -> set[str]:
    names = {re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements}
    return {re.sub(r"[._]", "-", match[0]).lower() for match in names if match}


def test_ruff() -> None:
    run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_mypy() -> None:
    run(sys.executable, "-m", "mypy")


def test_imports_go_down_only() -> None:
    run(sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")


def test_no_package_file_holds_more_than_a_docstring() -> None:
    for file in DESKTOP.rglob("__init__.py"):
        body = ast.parse(file.read_text()).body
        if file == DESKTOP / "__init__.py":
            assert ast.unparse(body.pop()).startswith("__version__ = ")
        assert len(body) == 1, file
        assert isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant), file


def test_every_module_says_what_it_is() -> None:
    modules = [file for file in DESKTOP.rglob("*.py") if file.parent.name != "__pycache__"]
    silent = [file for file in modules if not ast.get_docstring(ast.parse(file.read_text()))]
    assert not silent


def test_only_the_agreed_names_at_the_top() -> None:
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("word", FORBIDDEN)
def test_forbidden_words(word: str) -> None:
    pattern = re.compile(word)
    assert not [str(path) for path in source_text() if pattern.search(path.read_text(errors="replace"))]


def test_changelog_opens_with_the_version() -> None:
    versions = re.findall(r"^## \[(.+?)\]", (ROOT / "packaging" / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == desktop.__version__


def test_locks_hold_what_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    assert named(PROJECT["project"]["dependencies"] + groups["build"]) <= locked("requirements.txt")
    assert named(groups["test"]) <= locked("requirements-test.txt")


def test_every_locked_package_has_its_hash() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        blocks = re.split(r"^(?=\S)", (ROOT / "packaging" / name).read_text(), flags=re.MULTILINE)
        assert all("--hash=sha256:" in block for block in blocks if block)


def test_debian_packages_cover_what_an_image_build_needs() -> None:
    needs = tomllib.loads((ROOT / "resources" / "guest" / "host.toml").read_text())
    listed = (ROOT / "packaging" / "debian-packages.txt").read_text().split()
    assert {*needs["tools"].values(), *needs["files"].values()} - {"apt"} <= set(listed)


def test_shell_scripts() -> None:
    guest = ROOT / "resources" / "guest"
    scripts = [guest / "initrd" / "init", *(guest / "root/usr/lib/moorage").iterdir()]
    for script in [*SHELL_SCRIPTS, "packaging/set_up.sh", *map(str, scripts)]:
        run("sh", "-n", script)
    if shutil.which("shellcheck"):
        run("shellcheck", "--external-sources", *SHELL_SCRIPTS)


def test_wheel_brings_the_resources(tmp_path: Path) -> None:
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation", "-w",
        str(tmp_path), ".")  # fmt: skip
    (wheel,) = tmp_path.glob("moorage-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    code = "from desktop.core.paths import resources; print(resources())"
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "installed", capture_output=True, text=True, check=True
    ).stdout
    assert printed.startswith(str(tmp_path / "installed" / "desktop" / "resources"))
    # All of it: compiled translations are not in git, which a build goes by.
    ours, theirs = ROOT / "resources", tmp_path / "installed" / "desktop" / "resources"
    trees = [{path.relative_to(folder) for path in folder.rglob("*")} for folder in (ours, theirs)]
    assert trees[0] == trees[1]
