"""An image that scans ports."""

from __future__ import annotations

from . import port_scan
from .python_image import python_tar, words_of

SCAN = words_of(port_scan)


def scanner_tar() -> bytes:
    return python_tar(port_scan)
