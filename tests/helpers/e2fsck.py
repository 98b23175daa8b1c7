"""The checker of the guest's data disk, which an ordinary user's PATH may not lead to."""

from __future__ import annotations

import os
import shutil


def e2fsck() -> str:
    return e2fsprogs("e2fsck")


def e2fsprogs(name: str) -> str:
    """Another program of the same package too."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert found is not None
    return found
