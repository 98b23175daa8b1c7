"""What of the host's certificates is handed to the guest."""

from __future__ import annotations

import base64
from pathlib import Path

from desktop.machine import certificates


def pem(name: str, width: int = 64) -> bytes:
    body = base64.b64encode(name.encode() * 40).decode()
    lines = [body[start : start + width] for start in range(0, len(body), width)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]).encode()


def test_only_what_the_guest_lacks_is_handed_over(tmp_path: Path) -> None:
    bundle, target = tmp_path / "bundle.pem", tmp_path / "target.pem"
    (tmp_path / certificates.NAME).write_bytes(pem("a") + pem("b"))
    bundle.write_bytes(b"# A comment\n" + pem("a", width=76) + pem("own") + b"trailing words\n" + pem("b"))
    assert certificates.hand_over(bundle, tmp_path, target) == target
    assert target.read_bytes() == pem("own")
    bundle.write_bytes(pem("b"))
    assert certificates.hand_over(bundle, tmp_path, target) is None
    assert not target.exists()


def test_without_a_bundle_or_with_an_older_guest_nothing_is(tmp_path: Path) -> None:
    bundle, target = tmp_path / "bundle.pem", tmp_path / "target.pem"
    bundle.write_bytes(pem("own"))
    assert certificates.hand_over(bundle, tmp_path, target) is None
    (tmp_path / certificates.NAME).write_bytes(pem("a"))
    assert certificates.hand_over(None, tmp_path, target) is None
