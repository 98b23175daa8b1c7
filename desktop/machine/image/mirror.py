"""Which Debian mirror to build from: the host's own, or one that the user names; never one of ours."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from desktop.core.errors import ImageError

from . import apt_config
from .apt_config import Settings
from .recipe import Recipe, Suite

ANSWER_TIMEOUT_S = 10.0
_HEAD_BYTES = 4096  # of a Release file: its fields come before its checksums


@dataclass(frozen=True)
class AptSource:
    """One line of the sources.list of a build."""

    uri: str
    suite: str
    keyring: str
    check_valid_until: bool = True

    def line(self) -> str:
        options = f"signed-by={self.keyring}" + ("" if self.check_valid_until else " check-valid-until=no")
        return f"deb [{options}] {self.uri} {self.suite} main"


async def choose_sources(recipe: Recipe, names: Iterable[str], mirror: str = "") -> list[AptSource]:
    """The sources for the recipe's suites `names`, from `mirror` or from the host's apt configuration."""
    return await asyncio.to_thread(_choose_sources, recipe, names, mirror)


async def check_mirror(mirror: str, recipe: Recipe) -> str:
    """What is wrong with `mirror` as a place to build from, in words; nothing when it will do."""
    suites = [suite for suite in recipe.suites.values() if suite.archive == "main"]
    settings = await asyncio.to_thread(apt_config.host_settings)
    for suite in suites:
        fault = await asyncio.to_thread(_fault, mirror.rstrip("/"), suite, settings)
        if fault:
            return fault
    return ""


def _choose_sources(recipe: Recipe, names: Iterable[str], mirror: str) -> list[AptSource]:
    keyring = next((path for path in recipe.keyrings if Path(path).exists()), recipe.keyrings[0])
    settings = apt_config.host_settings()
    base = _find_main(recipe.suites["base"], mirror.rstrip("/"), settings)
    security = _find_security(recipe.suites["security"], base, bool(mirror), settings)
    sources = []
    for suite in (recipe.suites[name] for name in names):
        uri = security if suite.archive == "security" else base
        if uri:
            tolerated = settings.tolerates_old_lists or not suite.check_valid_until
            is_checked = not (tolerated and _is_old(uri, suite, settings))
            sources.append(AptSource(uri, suite.name, keyring, is_checked))
    return sources


def _find_main(suite: Suite, mirror: str, settings: Settings) -> str:
    """A mirror that serves `suite`: the one named, if it does, else the first of the host's that does."""
    tried = {}
    for uri in [mirror] if mirror else apt_config.candidates(apt_config.host_entries()):
        tried[uri] = _fault(uri, suite, settings)
        if not tried[uri]:
            return uri
    next_step = "Name a Debian mirror: `moorage guest build --mirror URL`, or in Settings"
    if not tried:
        raise ImageError("This host's apt configuration names no Debian mirror", "", next_step)
    why = "\n".join(f"{uri}: {fault}" for uri, fault in tried.items())
    raise ImageError("No Debian mirror to build from", why, next_step)


def _find_security(suite: Suite, base: str, was_named: bool, settings: Settings) -> str:
    known = [] if was_named else apt_config.candidates(apt_config.host_entries(), "security")
    for uri in [*known, f"{base}-security"]:  # a mirror that has both has them side by side
        if not _fault(uri, suite, settings):
            return uri
    return ""


def _fault(uri: str, suite: Suite, settings: Settings) -> str:
    """What is wrong with `uri` as a mirror of `suite`, or nothing."""
    if urllib.parse.urlsplit(uri).scheme not in ("http", "https", "file"):
        return "only http, https and file addresses can be used"
    try:
        release = _release(uri, suite, settings)
    except urllib.error.HTTPError as error:
        return f"it has no {suite.name} ({error.code} {error.reason})"
    except (OSError, ValueError) as error:
        return f"it does not answer: {getattr(error, 'reason', error)}"
    if not release.get("Origin", "").startswith("Debian") or suite.name != release.get("Codename"):
        return f"what it serves as {suite.name} is not Debian's"
    return ""


def _is_old(uri: str, suite: Suite, settings: Settings) -> bool:
    """Whether apt would refuse the suite for its age. All that a liar wins is what is tolerated anyway."""
    until = _release(uri, suite, settings).get("Valid-Until")
    return until is not None and parsedate_to_datetime(until) < datetime.now(UTC)


def _release(uri: str, suite: Suite, settings: Settings) -> dict[str, str]:
    """The fields of a suite's Release file, unchecked: apt checks the signature when it fetches."""
    proxies = {**urllib.request.getproxies(), **settings.proxies()}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    with opener.open(f"{uri}/dists/{suite.name}/InRelease", timeout=ANSWER_TIMEOUT_S) as answer:
        head = answer.read(_HEAD_BYTES).decode(errors="replace")
    lines = (line.partition(": ") for line in head.splitlines() if not line.startswith(" "))
    return {key: value for key, separator, value in lines if separator}
