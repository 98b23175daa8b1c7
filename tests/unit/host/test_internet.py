"""Proxies and certificates of the host."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.host import internet


def test_proxies_are_those_of_the_environment() -> None:
    environment = {"http_proxy": "http://a:1", "HTTP_PROXY": "http://b:1", "HTTPS_PROXY": "c:1", "no_proxy": ""}
    assert internet.proxies(environment) == {"http-proxy": "http://a:1", "https-proxy": "c:1"}


@pytest.mark.parametrize(
    ("proxy", "is_local"),
    [
        ("http://127.0.0.1:3128", True), ("localhost:3128", True), ("http://user:word@[::1]:3128/", True),
        ("http://proxy.invalid:3128", False), ("10.0.0.1:3128", False), ("http://[", False), ("", False),
    ],
)  # fmt: skip
def test_a_proxy_that_only_this_host_reaches_is_known(proxy: str, is_local: bool) -> None:
    assert internet.is_of_this_host(proxy) is is_local


@pytest.mark.parametrize(
    ("proxy", "seen"),
    [
        ("http://127.0.0.1:3128", "http://host.docker.internal:3128"),
        ("localhost:3128", "host.docker.internal:3128"),
        ("http://user:w@rd@localhost:3128/", "http://user:w@rd@host.docker.internal:3128/"),
        ("http://127.0.0.1:3129", ""), ("http://127.0.0.1", ""), ("http://[::1]:3128", ""),
        ("http://127.0.0.2:3128", ""), ("http://proxy.invalid:3128", ""), ("http://127.0.0.1:x", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_proxy_at_a_port_that_the_guest_may_reach_has_another_name_there(proxy: str, seen: str) -> None:
    assert internet.seen_from_guest(proxy, (3128,)) == seen


def test_a_password_is_not_shown() -> None:
    assert internet.without_password("http://user:w@rd@proxy:1") == "http://proxy:1"
    assert internet.without_password("proxy:1") == "proxy:1"


def test_the_named_bundle_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "own.pem"
    bundle.write_text("x")
    monkeypatch.setattr(internet, "BUNDLES", (str(tmp_path / "none"), str(bundle)))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert internet.certificates() == bundle
    other = tmp_path / "other.pem"
    other.write_text("y")
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    assert internet.certificates() == other
    bundle.unlink()
    other.unlink()
    assert internet.certificates() is None
