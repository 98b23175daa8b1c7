"""Which Debian mirror to build from: the host's own, or one that the user names; never one of ours."""

from __future__ import annotations

import asyncio
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import ImageError

from .recipe import Recipe, Suite

ANSWER_TIMEOUT_S = 10.0
_ONE_LINE = re.compile(r"^deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s*(?P<components>.*)$")


@dataclass(frozen=True)
class Entry:
    """One archive that the host's apt is told of."""

    uri: str
    suite: str
    components: tuple[str, ...]


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


def parse_sources_list(text: str) -> list[Entry]:
    """Entries of a one-line-style sources.list."""
    entries = []
    for line in text.splitlines():
        match = _ONE_LINE.match(line.partition("#")[0].strip())
        if match:
            entries.append(Entry(match["uri"], match["suite"], tuple(match["components"].split())))
    return entries


def parse_deb822(text: str) -> list[Entry]:
    """Entries of a deb822-style .sources file."""
    entries = []
    for stanza in re.split(r"\n\s*\n", _without_comments(text)):
        fields = _deb822_fields(stanza)
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in ("no", "false"):
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                entries.append(Entry(uri, suite, tuple(fields.get("components", "").split())))
    return entries


def host_entries(etc_apt: Path = Path("/etc/apt")) -> list[Entry]:
    """What the host's apt is configured with, in its order, `mirror+file:` lists opened."""
    files = [etc_apt / "sources.list", *sorted((etc_apt / "sources.list.d").glob("*"))]
    entries: list[Entry] = []
    for file in files:
        try:
            text = file.read_text(errors="replace")
        except OSError:
            continue
        if file.suffix == ".list":
            entries += parse_sources_list(text)
        elif file.suffix == ".sources":
            entries += parse_deb822(text)
    return [opened for entry in entries for opened in _opened(entry)]


def candidates(entries: Iterable[Entry], archive: str = "main") -> list[str]:
    """Addresses that may be a Debian archive of the kind `archive`, most likely first, each once."""
    found: dict[str, None] = {}
    for entry in entries:
        security = entry.suite.endswith("-security")
        if "main" in entry.components and security == (archive == "security"):
            found.setdefault(entry.uri.rstrip("/"))
    return list(found)


async def choose_sources(recipe: Recipe, names: Iterable[str], mirror: str = "") -> list[AptSource]:
    """The sources for the recipe's suites `names`, from `mirror` or from the host's apt configuration."""
    keyring = next((path for path in recipe.keyrings if Path(path).exists()), recipe.keyrings[0])
    base = await find_mirror(recipe.suites["base"], mirror)
    security = await _find_security(recipe.suites["security"], base, mirror)
    host_checks = ("Acquire::Check-Valid-Until", "false") not in await asyncio.to_thread(host_apt_settings)
    sources = []
    for suite in (recipe.suites[name] for name in names):
        uri = security if suite.archive == "security" else base
        if uri:
            sources.append(AptSource(uri, suite.name, keyring, host_checks and suite.check_valid_until))
    return sources


async def find_mirror(suite: Suite, mirror: str = "") -> str:
    """A mirror that serves `suite`: the one named, if it does, else the first of the host's that does."""
    tried = {}
    for uri in [mirror.rstrip("/")] if mirror else candidates(host_entries()):
        tried[uri] = await check_mirror(uri, suite)
        if not tried[uri]:
            return uri
    next_step = "Name a Debian mirror: `moorage guest build --mirror URL`, or in Settings"
    if not tried:
        raise ImageError("This host's apt configuration names no Debian mirror", "", next_step)
    why = "\n".join(f"{uri}: {fault}" for uri, fault in tried.items())
    raise ImageError("No Debian mirror to build from", why, next_step)


async def check_mirror(uri: str, suite: Suite, label: str = "Debian") -> str:
    """What is wrong with `uri` as a mirror of `suite`; nothing when it serves it."""
    return await asyncio.to_thread(_check, uri, suite, label)


async def _find_security(suite: Suite, base: str, mirror: str) -> str:
    known = [] if mirror else candidates(host_entries(), "security")
    for uri in [*known, f"{base}-security"]:  # a mirror that has both has them side by side
        if not await check_mirror(uri, suite, "Debian-Security"):
            return uri
    return ""


def _check(uri: str, suite: Suite, label: str) -> str:
    if urllib.parse.urlsplit(uri).scheme not in ("http", "https", "file"):
        return "only http, https and file addresses can be used"
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler(_proxies()))
        with opener.open(f"{uri}/dists/{suite.name}/InRelease", timeout=ANSWER_TIMEOUT_S) as answer:
            head = answer.read(4096).decode(errors="replace")
    except urllib.error.HTTPError as error:
        return f"it has no {suite.name} ({error.code} {error.reason})"
    except (OSError, ValueError) as error:
        return f"it does not answer: {getattr(error, 'reason', error)}"
    return "" if f"\nLabel: {label}\n" in head else f"what it serves as {suite.name} is not {label}"


def _proxies() -> dict[str, str]:
    found = urllib.request.getproxies()
    for key, value in host_apt_settings():
        match = re.fullmatch(r"Acquire::(https?)::Proxy", key)
        if match and value not in ("", "DIRECT", "false"):
            found[match[1]] = value
    return found


def host_apt_settings() -> list[tuple[str, str]]:
    """How the host's apt reaches its mirrors: proxies, certificates, and whether old lists will do."""
    try:
        dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, timeout=ANSWER_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired):
        return []
    pairs = re.findall(r'^(Acquire::(?:https?::[^ ]+|Check-Valid-Until)) "([^"]*)";$', dump.stdout, re.MULTILINE)
    return [(key, value) for key, value in pairs if value]


def _opened(entry: Entry) -> list[Entry]:
    """`entry`, or what its `mirror+file:` list names, as Debian's cloud images have it."""
    scheme, separator, path = entry.uri.partition(":")
    if scheme != "mirror+file" or not separator:
        return [entry]
    try:
        lines = Path("/" + path.lstrip("/")).read_text().splitlines()
    except OSError:
        return []
    uris = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    return [Entry(uri, entry.suite, entry.components) for uri in uris]


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def _deb822_fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    key = ""
    for line in stanza.splitlines():
        if line[:1].isspace():
            fields[key] = f"{fields.get(key, '')} {line.strip()}"
        else:
            key, _, value = line.partition(":")
            key = key.strip().lower()
            fields[key] = value.strip()
    return fields
