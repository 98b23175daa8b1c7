"""Where Moorage keeps its files on this host, for this user."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from desktop.core.errors import UsageError
from desktop.core.paths import Home


def default_home() -> Home:
    """MOORAGE_HOME if set, else the platform's data folder."""
    chosen = os.environ.get("MOORAGE_HOME", "")
    if not chosen:
        return Home(Path(platformdirs.user_data_dir("moorage", appauthor=False)))
    if not os.path.isabs(chosen):
        raise UsageError("MOORAGE_HOME is not an absolute path", chosen, "Set it to a full path or unset it")
    return Home(Path(os.path.normpath(chosen)))
