"""The window's strings: as the sources have them, as the .ts files have them, and compiled for a test."""

from __future__ import annotations

import ast
import subprocess
import sysconfig
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "resources" / "translations"
ENGLISH, CHINESE = FOLDER / "moorage_en.ts", FOLDER / "moorage_zh_CN.ts"
SCRIPTS = Path(sysconfig.get_path("scripts"))


@dataclass(frozen=True)
class Message:
    context: str
    source: str
    words: tuple[str, ...]  # one, or one for each plural form
    plural: bool
    state: str  # "unfinished", "obsolete", "vanished" or nothing

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.source


def messages(file: Path) -> list[Message]:
    found = []
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            target = message.find("translation")
            assert target is not None
            forms = target.findall("numerusform") or [target]
            words = tuple(form.text or "" for form in forms)
            plural = message.get("numerus") == "yes"
            state = target.get("type", "")
            found.append(Message(str(context.findtext("name")), str(message.findtext("source")), words, plural, state))
    return found


def update(file: Path, *options: str) -> str:
    """What lupdate says when it brings `file` up to date with the sources."""
    words = [str(SCRIPTS / "pyside6-lupdate"), "-locations", "none", *options, "-extensions", "py", "desktop", "-ts"]
    done = subprocess.run([*words, str(file)], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def compile_into(folder: Path) -> None:
    for source in FOLDER.glob("*.ts"):
        target = folder / f"{source.stem}.qm"
        subprocess.run([str(SCRIPTS / "pyside6-lrelease"), "-silent", str(source), "-qm", str(target)], check=True)


def calls() -> Iterator[tuple[str, ast.expr, ast.expr | None]]:
    """Every call of `tr` or `translate` in the sources: where, the source text, and the context.

    No context: it is the class around the call, whose name stands in the first part then.
    """
    for file in sorted((ROOT / "desktop").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for top in ast.walk(tree):
            owner = top.name if isinstance(top, ast.ClassDef) else ""
            for node in ast.walk(top) if owner or isinstance(top, ast.Module) else ():
                if isinstance(node, ast.Call) and (name := _name(node.func)):
                    if name == "tr" and owner:
                        yield owner, node.args[0], None
                    elif name == "translate" and not owner:
                        yield str(file), node.args[1], node.args[0]


def _name(called: ast.expr) -> str:
    """`tr`, or `translate` where it is Qt's and not a painter's; empty for any other call."""
    if isinstance(called, ast.Name) and called.id in ("translate", "QT_TRANSLATE_NOOP"):
        return "translate"
    if isinstance(called, ast.Attribute) and called.attr == "tr":
        return "tr"
    if isinstance(called, ast.Attribute) and ast.unparse(called) == "QCoreApplication.translate":
        return "translate"
    return ""
