"""Where Moorage keeps its files on this host, for this user."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from desktop.core.errors import MoorageError, UsageError
from desktop.core.paths import Home


def default_home() -> Home:
    """MOORAGE_HOME if set, else the platform's data folder."""
    chosen = os.environ.get("MOORAGE_HOME", "")
    if chosen and not os.path.isabs(chosen):
        raise UsageError("MOORAGE_HOME is not an absolute path", chosen, "Set it to a full path or unset it")
    base = os.path.normpath(chosen or platformdirs.user_data_dir("moorage", appauthor=False))
    try:
        base.encode()  # it is told in JSON, which has no other names
    except UnicodeEncodeError:
        what = "The name of Moorage's folder is not UTF-8"
        raise UsageError(what, base, "Set MOORAGE_HOME to a folder whose name is") from None
    if os.path.lexists(base) and not os.path.isdir(base):
        raise MoorageError(f"{base} is not a folder", "Moorage keeps its files there", "Move it away")
    return Home(Path(base))
