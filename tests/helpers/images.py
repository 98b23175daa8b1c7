"""The runtime and the guest image that tests boot: built once, shared by every run of this user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import platformdirs

from desktop.core.paths import Home, private_folder

# Looked up when this is loaded: tests are given another home folder.
_GIVEN = os.environ.get("MOORAGE_TEST_IMAGES", "")
_BASE = Path(_GIVEN) if _GIVEN else platformdirs.user_cache_path("moorage-tests", appauthor=False)


def image_home() -> Home:
    """A base folder with a runtime and a guest of the checkout's recipe; builds what is missing."""
    subprocess.run(
        [sys.executable, "-m", "desktop", "guest", "build"],
        env={**os.environ, "MOORAGE_HOME": str(_BASE)},
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return Home(_BASE)


def lend_images(source: Home, target: Home) -> None:
    """Gives `target` the images of `source`, without a copy of them."""
    private_folder(target.base)
    for kind in ("runtime", "guest"):
        (target.base / kind).symlink_to(source.base / kind)


if __name__ == "__main__":
    print(image_home().base)
