"""The .ts files have every string of the window, each of them translated."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.translations import CHINESE, ENGLISH, FOLDER, ROOT, Message, calls, messages, update

ENGLISH_OPTIONS = ("-pluralonly",)
FILES = pytest.mark.parametrize("file", [CHINESE, ENGLISH], ids=lambda file: file.stem)
PLACEHOLDER = re.compile(r"%n|%\d|\{\w*\}|https://")
MNEMONIC = re.compile(r"&(?!&)")


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def name_of(message: Message) -> str:
    return f"{message.context}: {message.source}"


@FILES
def test_strings_are_those_of_the_sources(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file.name
    shutil.copy(file, copy)
    said = update(copy, *(ENGLISH_OPTIONS if file == ENGLISH else ()))
    assert messages(copy) == messages(file)
    # Anything else that it says is a string that it could not read.
    expected = ("Scanning directory", "Updating", "Found", "Stripping non plural forms")
    assert not [line for line in said.splitlines() if line.strip() and not line.strip().startswith(expected)]


def test_no_call_is_overlooked() -> None:
    """What lupdate cannot read, such as an f-string, it passes over without a word."""
    known = {message.key for message in messages(CHINESE)}
    found = list(calls())
    assert len(found) >= len(known)
    for where, text, context in found:
        if where.endswith("told.py") and isinstance(text, ast.Name):
            continue  # what it looks up is listed there
        assert isinstance(text, ast.Constant), f"{where}: {ast.unparse(text)}"
        assert context is None or isinstance(context, ast.Constant), f"{where}: {ast.unparse(text)}"
        key = (where if context is None else str(context.value), str(text.value))
        assert key in known, f"{where}: {text.value}"


@FILES
def test_everything_is_translated(file: Path) -> None:
    assert not [name_of(message) for message in messages(file) if message.state or not all(message.words)]


@FILES
def test_placeholders_and_edges_are_kept(file: Path) -> None:
    for message in messages(file):
        for words in message.words:
            assert placeholders(words) == placeholders(message.source), name_of(message)
            assert len(MNEMONIC.findall(words)) == len(MNEMONIC.findall(message.source)), name_of(message)
            # A unit brings its own space.
            assert words[0].isspace() == message.source[0].isspace(), name_of(message)
            assert not words[-1].isspace(), name_of(message)


def test_plurals_have_every_form() -> None:
    forms = {ENGLISH: 2, CHINESE: 1}
    for file, count in forms.items():
        plural = [message for message in messages(file) if message.plural]
        assert plural
        assert all("%n" in message.source and len(message.words) == count for message in plural)


def test_same_words_are_translated_alike() -> None:
    """Within the app one English string has one Chinese one, but for words that mean two things."""
    two_meanings = {"Clear", "Created", "Failed", "Restart the machine"}  # a log is cleared from view, a list for good
    seen: dict[str, tuple[str, ...]] = {}
    for message in messages(CHINESE):
        if message.source not in two_meanings:
            assert seen.setdefault(message.source, message.words) == message.words, name_of(message)


def test_set_up_compiles_what_is_newer(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "packaging", tmp_path / "packaging")
    folder = tmp_path / "resources" / "translations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.qm"))
    (tmp_path / ".venv").symlink_to(sys.prefix)

    def compiled() -> dict[str, int]:
        line = ". packaging/set_up.sh; compile_translations"
        done = subprocess.run(["sh", "-euc", line], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout + done.stderr == ""
        return {file.name: file.stat().st_mtime_ns for file in folder.iterdir() if file.suffix != ".ts"}

    first = compiled()
    assert set(first) == {"moorage_en.qm", "moorage_zh_CN.qm"}
    assert compiled() == first
    later = first["moorage_en.qm"] + 1_000_000
    os.utime(folder / "moorage_en.ts", ns=(later, later))
    assert [name for name, moment in compiled().items() if moment != first[name]] == ["moorage_en.qm"]
