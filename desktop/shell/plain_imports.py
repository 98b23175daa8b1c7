"""Python's own import again. To be imported before everything else of the window.

WORKAROUND: PySide6 puts an import of its own in place, which reads the source of every module that is imported
later, to see whether that wishes for snake_case names, and keeps it all in `linecache`: 12 MB and a tenth of a
second here. It can go when PySide6 (6.11 does it) no longer does.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401  (it is what changes the import)

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
