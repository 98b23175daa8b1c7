"""The checker of the guest's data disk, which an ordinary user's PATH may not lead to."""

from __future__ import annotations

import os
import shutil


def e2fsck() -> str:
    found = shutil.which("e2fsck", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert found is not None
    return found
