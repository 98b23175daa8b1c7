"""How this host reaches the internet: the proxies it uses and the certificates it trusts."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

BUNDLES = (  # Debian and its kin, Fedora and its kin, SUSE, macOS
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
BUNDLE_BYTES = 4 << 20

GUESTS_NAME = "host.docker.internal"
"""Of this host, in the guest."""

HTTP, HTTPS, EXCEPT = "http-proxy", "https-proxy", "no-proxy"
"""As daemon.json names them."""


def certificates() -> Path | None:
    """The file of all that this host trusts (PEM), or the one that SSL_CERT_FILE names, as OpenSSL has it."""
    for name in filter(None, (os.environ.get("SSL_CERT_FILE"), *BUNDLES)):
        bundle = Path(name)
        if bundle.is_file() and os.access(bundle, os.R_OK) and bundle.stat().st_size <= BUNDLE_BYTES:
            return bundle.resolve()
    return None


def proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """Those of the environment; where both spellings are there, the small one, as curl does."""
    names = {HTTP: "http_proxy", HTTPS: "https_proxy", EXCEPT: "no_proxy"}
    found = {key: environment.get(name) or environment.get(name.upper(), "") for key, name in names.items()}
    return {key: value for key, value in found.items() if value}


def is_of_this_host(proxy: str) -> bool:
    """Whether only this host itself reaches it. Without a scheme it is one of http."""
    try:
        name = urlsplit(proxy if "://" in proxy else f"http://{proxy}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def seen_from_guest(proxy: str, allowed: Collection[int]) -> str:
    """How the guest names a proxy on this host's 127.0.0.1, where it may reach that port; else empty."""
    scheme, mark, rest = proxy.rpartition("://")
    try:
        parts = urlsplit(f"http://{rest}")
        if parts.hostname not in ("localhost", "127.0.0.1") or parts.port not in allowed:
            return ""
    except ValueError:
        return ""
    user, at, _ = parts.netloc.rpartition("@")
    return f"{scheme}{mark}{user}{at}{GUESTS_NAME}:{parts.port}{parts.path}"


def without_password(proxy: str) -> str:
    """To be shown."""
    scheme, mark, rest = proxy.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"
