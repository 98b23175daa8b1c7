"""An image that runs one script: busybox, and the system's Python with just what the script asks for of its library."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from .busybox_image import busybox_tar

_PYTHON = Path("/usr/bin/python3")
_LIST_MODULES = """
import importlib, sys
sys.path.append(sys.argv[1])
script = importlib.import_module(sys.argv[2])
for module in list(sys.modules.values()):
    if getattr(module, "__file__", None) and module is not script:
        print(module.__file__, module.__spec__.cached, sep="\\n")
"""


def words_of(script: ModuleType) -> tuple[str, ...]:
    """What runs it in the container."""
    return ("python3", "-I", "-S", f"/{Path(script.__file__ or '').name}")


def python_tar(script: ModuleType, files: Mapping[str, Path] | None = None) -> bytes:
    path = Path(script.__file__ or "")
    modules = _printed(_PYTHON, "-X", "frozen_modules=off", "-I", "-S", "-c", _LIST_MODULES, path.parent, path.stem)
    found = modules.split()
    libraries = [name for name in found if name.endswith(".so")]
    linked = re.findall(r"(/\S+) \(", _printed("ldd", _PYTHON, *libraries))
    present = {name.lstrip("/"): Path(name) for name in [*linked, *found] if Path(name).exists()}
    return busybox_tar({"bin/python3": _PYTHON, path.name: path, **present, **(files or {})})


def _printed(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout
