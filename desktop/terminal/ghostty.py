"""libghostty-vt: the loaded library, its declarations, and the few calls that cffi cannot make directly.

Importing this module takes about a millisecond once its declarations are compiled. `pyghostty` itself parses 3,500
lines of C at every import (190 ms and 8 MB), which is too much for a window's first paint and for the small child
process that keeps the screen. So its declarations and its library are used without importing it, and the parsed form
is kept as a Python module in `__pycache__`, named after the text that it was made from.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from desktop.core.errors import MoorageError

_TWINS = """
typedef struct { uint16_t x; uint32_t y; uint64_t _pad; } MooragePointValue;
typedef struct { GhosttyPointTag tag; MooragePointValue value; } MooragePoint;
typedef struct { GhosttyTerminalScrollViewportTag tag; uint64_t v; uint64_t _pad; } MoorageScroll;
"""
"""cffi in ABI mode cannot pass a union by value. A struct of the same size and alignment goes the same way in every
calling convention that we run on, since it is larger than 16 bytes."""


class TerminalError(MoorageError):
    """The terminal library is missing or refused a call."""


def check(result: int, what: str) -> None:
    """Raise unless `result` says that the call was done."""
    if result:
        raise TerminalError(f"The terminal failed ({what}, {result})", "", "Open the console again.")


def new_sized(name: str) -> Any:
    """A struct whose `size` fields, nested ones too, hold what the library asks to find there."""
    struct = ffi.new(name + "*")
    _fill_sizes(struct)
    return struct


def _fill_sizes(struct: Any) -> None:
    kind = ffi.typeof(struct).item
    for name, field in kind.fields:
        if name == "size":
            struct.size = ffi.sizeof(kind)
        elif field.type.kind == "struct":
            _fill_sizes(ffi.addressof(struct[0], name))


def take(pointer: Any, length: Any) -> bytes:
    """Copy and free bytes that the library has allocated."""
    data: bytes = ffi.buffer(pointer[0], length[0])[:] if length[0] else b""
    lib.ghostty_free(ffi.NULL, pointer[0], length[0])
    return data


def _folder() -> Path:
    spec = importlib.util.find_spec("pyghostty")
    if spec is None or not spec.submodule_search_locations:
        raise TerminalError(
            "The console cannot be shown", "the package pyghostty is not installed", "Run packaging/run again."
        )
    return Path(spec.submodule_search_locations[0])


def _load_declarations(folder: Path) -> ModuleType:
    source = (folder / "_cdef.py").read_bytes()
    digest = hashlib.sha256(source + _TWINS.encode()).hexdigest()[:16]
    cached = Path(__file__).parent / "__pycache__" / f"ghostty_{digest}.py"
    if not cached.is_file():
        text = _emit_declarations(source)
        try:
            _write_whole(cached, text)
        except OSError:  # A read-only installation: this process has what it needs, the next one parses again.
            return _module("ghostty_declarations", text)
    spec = importlib.util.spec_from_file_location(cached.stem, cached)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _emit_declarations(source: bytes) -> str:
    from cffi import FFI, recompiler

    names: dict[str, Any] = {}
    exec(compile(source, "_cdef.py", "exec"), names)  # pyghostty's own file: one string constant
    builder = FFI()
    builder.cdef(names["CDEF"] + _TWINS)
    text = io.StringIO()
    recompiler.make_py_source(builder, "ghostty_declarations", text)
    return text.getvalue()


def _module(name: str, text: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)
    return module


def _write_whole(path: Path, text: str) -> None:
    """Two processes may do this at once: each writes a file of its own and renames it into place."""
    path.parent.mkdir(exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.write_text(text)
    os.replace(scratch, path)


def _library(folder: Path) -> str:
    suffix = "dylib" if sys.platform == "darwin" else "so"
    return str(folder / "_lib" / f"libghostty-vt.{suffix}")


ffi: Any = _load_declarations(_folder()).ffi
lib: Any = ffi.dlopen(_library(_folder()))

for _twin, _real in (("MooragePoint", "GhosttyPoint"), ("MoorageScroll", "GhosttyTerminalScrollViewport")):
    assert (ffi.sizeof(_twin), ffi.alignof(_twin)) == (ffi.sizeof(_real), ffi.alignof(_real)), _twin

grid_ref: Any = ffi.cast(
    "GhosttyResult(*)(GhosttyTerminal, MooragePoint, GhosttyGridRef*)",
    ffi.addressof(lib, "ghostty_terminal_grid_ref"),
)
scroll_viewport: Any = ffi.cast(
    "void(*)(GhosttyTerminal, MoorageScroll)", ffi.addressof(lib, "ghostty_terminal_scroll_viewport")
)
grid_ref_track: Any = ffi.cast(
    "GhosttyResult(*)(GhosttyTerminal, MooragePoint, GhosttyTrackedGridRef*)",
    ffi.addressof(lib, "ghostty_terminal_grid_ref_track"),
)
