"""The certificates of authorities that the host trusts and the guest does not know."""

from __future__ import annotations

import re
from pathlib import Path

from .record import write_atomically

NAME = "certificates.pem"
"""Beside a guest's other files: what it brings itself."""

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")


def hand_over(bundle: Path | None, guest: Path, target: Path) -> Path | None:
    """Writes them to `target`; None where there are none. What the guest has is left out: it reads a page in 10 ms."""
    target.unlink(missing_ok=True)
    known = guest / NAME
    if bundle is None or not known.exists():
        return None
    own = read(known)
    unknown = [certificate for body, certificate in read(bundle).items() if body not in own]
    if not unknown:
        return None
    write_atomically(target, b"\n".join([*unknown, b""]))
    return target


def read(bundle: Path) -> dict[bytes, bytes]:
    """Each certificate by what it is, however its lines are broken."""
    return {b"".join(found.split()): found for found in _CERTIFICATE.findall(bundle.read_bytes())}
