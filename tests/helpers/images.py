"""The runtime and the guest image that tests boot: built once, shared by every run of this user."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import platformdirs

from desktop.core.paths import Home, private_folder
from desktop.machine.image import recipe
from desktop.machine.image.build import Request, build_guest, build_runtime
from desktop.machine.image.recipe import Kind

KINDS: tuple[Kind, ...] = ("runtime", "guest")
# Looked up when this is loaded: tests are given another home folder.
_GIVEN = os.environ.get("MOORAGE_TEST_IMAGES", "")
_BASE = Path(_GIVEN) if _GIVEN else platformdirs.user_cache_path("moorage-tests", appauthor=False)


def image_home() -> Home:
    """A base folder with a runtime and a guest of the checkout's recipe, and no others; builds what is missing."""
    request = Request(recipe.load())
    private_folder(_BASE)
    home = Home(private_folder(_BASE / "-".join(request.recipe.digest(kind)[:12] for kind in KINDS)))
    asyncio.run(_build(home, request))
    return home


async def _build(home: Home, request: Request) -> None:
    await build_runtime(home.runtime, request, lambda step, share: None)
    await build_guest(home.guest, request, lambda step, share: None)


def lend_images(source: Home, target: Home) -> None:
    """Gives `target` the images of `source`, without a copy of them."""
    private_folder(target.base)
    for kind in KINDS:
        (target.base / kind).symlink_to(source.base / kind)


if __name__ == "__main__":
    print(image_home().base)
