"""What the rooms without Qt say to a user, read from the sources: texts of errors, warnings and the status.

A value that an f-string puts in becomes a gap, `%`; where all that it can be stands in the module, each is put in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("core", "machine", "supervisor", "engine", "host", "client", "services", "terminal")
GAP = "%"
DEEPEST = 6

ERROR = {0: "what", 1: "why", 2: "next_step"}
SPEAKERS = {
    "warn": {1: "words"},
    "move": {1: "detail", 2: "next_step"},
    "suspend": {0: "detail"},
    "update": {9: "detail"},
    "MachineStatus": {9: "detail"},
    "Choice": {1: "reason"},
    "Verdict": {2: "words"},
    "in_words": {0: "what"},
    "Tool": {1: "doing", 2: "next_step"},
    "_set_link": {1: "reason"},
    "connected": {0: "failure"},
    "tell": {0: "notice"},
    "drop": {0: "notice"},
    "_on_trouble": {0: "words"},
    "ConnectionError": {0: "words"},
    "ConnectionResetError": {0: "words"},
}
"""Calls that say something, each with the places of what it says."""

SPEAKERS_IN = {"services/setup.py": {"progress": {0: "step"}}}
SAID_ELSEWHERE = {
    "core/settings.py": ("_instead",),
    "machine/image/manifest.py": ("_fault",),
    "machine/image/mirror.py": ("_fault",),
    "machine/process.py": ("exit_words",),
    "services/setup.py": ("problem",),
    "supervisor/ending.py": ("judge",),
    "supervisor/port_refusal.py": ("refused",),
}
"""Functions whose words another module, or another shape, puts into an error or a status."""


@dataclass(frozen=True)
class Said:
    """`text` is empty where the sources do not tell; then `code` is what was met."""

    where: str
    text: str
    code: str = ""


def said() -> Iterator[Said]:
    files = [file for room in ROOMS for file in sorted((ROOT / "desktop" / room).rglob("*.py"))]
    modules = [Module(file) for file in files]
    errors = _error_kinds(modules)
    for module in modules:
        yield from module.said(errors)


def said_by_the_guest() -> Iterator[Said]:
    """The steps that the guest's scripts name, and why one could not be gone."""
    for script in sorted((ROOT / "resources" / "guest" / "root" / "usr" / "lib" / "moorage").iterdir()):
        for number, line in enumerate(script.read_text().splitlines(), 1):
            for _, words in re.findall(r"""(?:^\s*step |why=)(["']?)(.*?)\1(?:$|[;\s])""", line):
                yield Said(f"{script.relative_to(ROOT)}:{number}", re.sub(r"\$\w+", GAP, words))


def _error_kinds(modules: list[Module]) -> set[str]:
    bases = {
        node.name: {ast.unparse(base) for base in node.bases}
        for module in modules for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)
    }  # fmt: skip
    found = {"MoorageError"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found


class Module:
    def __init__(self, file: Path) -> None:
        self.name = file.relative_to(ROOT / "desktop").as_posix()
        self.tree = ast.parse(file.read_text(encoding="utf-8"))
        self._around: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def said(self, errors: set[str]) -> Iterator[Said]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and (called := _called(node)):
                speakers = SPEAKERS | SPEAKERS_IN.get(self.name, {})
                places = ERROR if called in errors else speakers.get(called, {})
                for place, keyword in places.items():
                    if (value := _argument(node, place, keyword)) is not None:
                        yield from self._at(value)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if node.name in SAID_ELSEWHERE.get(self.name, ()):
                    for value in _returned(node):
                        yield from self._at(value)
            elif isinstance(node, ast.ClassDef) and node.name == "Step":
                for value in (part.value for part in node.body if isinstance(part, ast.Assign)):
                    yield from self._at(value)

    def _at(self, value: ast.expr) -> Iterator[Said]:
        where = f"desktop/{self.name}:{value.lineno}"
        for text in self._texts(value, DEEPEST):
            yield Said(where, text) if isinstance(text, str) else Said(where, "", ast.unparse(text))

    def _texts(self, value: ast.expr, deep: int) -> list[str | ast.expr]:
        """What an expression can be: texts, and expressions that tell no more."""
        match value:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.Constant(value=None):
                return []
            case ast.JoinedStr(values=parts):
                return [*map("".join, product(*(self._parts(part, deep) for part in parts)))]
            case ast.IfExp(body=one, orelse=other):
                return self._texts(one, deep) + self._texts(other, deep)
            case ast.BoolOp(op=ast.Or(), values=parts):
                return [text for part in parts for text in self._texts(part, deep)]
            case ast.Call(
                func=ast.Name(id="str"), args=[ast.BoolOp() | ast.Call(func=ast.Attribute(attr="get")) as inner]
            ):
                return self._texts(inner, deep)
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, ast.Constant(value=str(text))]) if text:
                return [text, value]
            case ast.Call(
                func=ast.Attribute(attr="join", value=ast.Constant()), args=[ast.Call(args=[_, ast.Tuple(elts=parts)])]
            ):
                return [text for part in parts for text in self._texts(part, deep)]  # "\n".join(filter(None, (…)))
        found = [text for meant in self._meant(value) for text in self._texts(meant, deep - 1)] if deep else []
        return found or [value]

    def _parts(self, part: ast.expr, deep: int) -> list[str]:
        if not isinstance(part, ast.FormattedValue):
            return [str(text) for text in self._texts(part, deep)]
        texts = self._texts(part.value, deep) if part.conversion < 0 and part.format_spec is None else []
        return [text if isinstance(text, str) else GAP for text in texts] or [GAP]

    def _meant(self, value: ast.expr) -> list[ast.expr]:
        """What a name stands for, or what a function of this module gives back."""
        match value:
            case ast.Name(id=name):
                return self._named(name, value)
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name, value=ast.Name(id="self"))):
                return [found for function in self._functions if function.name == name for found in _returned(function)]
            case (
                ast.Call(func=ast.Attribute(attr="get", value=ast.Name() as table))
                | ast.Subscript(value=ast.Name() as table)
            ):
                tables = [found for found in self._meant(table) if isinstance(found, ast.Dict)]
                return [entry for found in tables for entry in found.values]
        return []

    def _named(self, name: str, at: ast.AST) -> list[ast.expr]:
        function = self._function_around(at)
        if function is not None:
            places = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            names = [place.arg for place in places]
            if name in names:
                return self._given(function, names.index(name) - (names[0] == "self"), name)
            if local := _assigned(function, name):
                return local
        return _assigned(self.tree, name, is_deep=False)

    def _given(self, function: ast.FunctionDef | ast.AsyncFunctionDef, place: int, name: str) -> list[ast.expr]:
        calls = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call) and _called(node) == function.name]
        return [value for call in calls if (value := _argument(call, place, name)) is not None]

    def _function_around(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        while (around := self._around.get(node)) is not None:
            if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
                return around
            node = around
        return None

    @cached_property
    def _functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _argument(call: ast.Call, place: int, keyword: str) -> ast.expr | None:
    named = [given.value for given in call.keywords if given.arg == keyword]
    if named:
        return named[0]
    return call.args[place] if place < len(call.args) and not isinstance(call.args[place], ast.Starred) else None


def _returned(function: ast.AST) -> list[ast.expr]:
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]


def _assigned(where: ast.AST, name: str, is_deep: bool = True) -> list[ast.expr]:
    """What a name is given there; a loop's name, or a part of a tuple's, is not followed."""
    found: list[ast.expr] = []
    for node in ast.walk(where) if is_deep else ast.iter_child_nodes(where):
        match node:
            case ast.Assign(targets=[ast.Name(id=given)], value=value) if given == name:
                found.append(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                found += [v for n, v in zip(names, values, strict=True) if isinstance(n, ast.Name) and n.id == name]
            case ast.NamedExpr(target=ast.Name(id=given), value=value) if given == name:
                found.append(value)
            case ast.AnnAssign(target=ast.Name(id=given), value=ast.expr() as value) if given == name:
                found.append(value)
    return found
