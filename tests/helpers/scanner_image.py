"""An image that scans ports: busybox, and the system's Python with just what `port_scan` asks for of its library."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from . import port_scan
from .busybox_image import busybox_tar

SCAN = ("python3", "-I", "-S", "/port_scan.py")
_PYTHON = Path("/usr/bin/python3")
_LIST_MODULES = """
import sys
sys.path.append(sys.argv[1])
import port_scan
for module in list(sys.modules.values()):
    if getattr(module, "__file__", None) and module is not port_scan:
        print(module.__file__, module.__spec__.cached, sep="\\n")
"""


def scanner_tar() -> bytes:
    script = Path(port_scan.__file__)
    linked = re.findall(r"(/\S+) \(", _printed("ldd", _PYTHON))
    modules = _printed(_PYTHON, "-X", "frozen_modules=off", "-I", "-S", "-c", _LIST_MODULES, script.parent)
    files = {name.lstrip("/"): Path(name) for name in [*linked, *modules.split()]}
    present = {name: file for name, file in files.items() if file.exists()}  # not all of them are compiled
    return busybox_tar({"bin/python3": _PYTHON, "port_scan.py": script, **present})


def _printed(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout
