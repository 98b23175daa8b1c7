"""Reads the host's apt configuration: which archives it fetches from, and how it reaches them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

APT_CONFIG_TIMEOUT_S = 10.0
_ONE_LINE = re.compile(r"^deb\s+(?:\[[^]]*\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s*(?P<components>.*)$")
_SETTING = re.compile(r'^(Acquire::(?:https?::[^ ]+|Check-Valid-Until)) "([^"]+)";$', re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One suite of one archive that the host's apt is told of."""

    uri: str
    suite: str
    components: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """How the host's apt fetches."""

    transport: tuple[tuple[str, str], ...] = ()
    """Proxies, certificates and the like, as apt's own keys and values."""
    tolerates_old_lists: bool = False
    """The administrator switched off apt's check for lists that are out of date."""

    def proxies(self) -> dict[str, str]:
        found = {}
        for key, value in self.transport:
            match = re.fullmatch(r"Acquire::(https?)::Proxy", key)
            if match and value not in ("DIRECT", "false"):
                found[match[1]] = value
        return found


def parse_sources_list(text: str) -> list[Entry]:
    """Entries of a one-line-style sources.list."""
    lines = (_ONE_LINE.match(line.partition("#")[0].strip()) for line in text.splitlines())
    return [Entry(line["uri"], line["suite"], tuple(line["components"].split())) for line in lines if line]


def parse_deb822(text: str) -> list[Entry]:
    """Entries of a deb822-style .sources file."""
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    entries = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = _fields(stanza)
        is_off = fields.get("enabled", "yes").lower() in ("no", "false")
        if is_off or "deb" not in fields.get("types", "").split():
            continue
        components = tuple(fields.get("components", "").split())
        for uri in fields.get("uris", "").split():
            entries += [Entry(uri, suite, components) for suite in fields.get("suites", "").split()]
    return entries


def host_entries(etc_apt: Path = Path("/etc/apt")) -> list[Entry]:
    """What the host's apt is configured with, in its order."""
    entries: list[Entry] = []
    for file in [etc_apt / "sources.list", *sorted((etc_apt / "sources.list.d").glob("*"))]:
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
    """Addresses that may be a Debian archive of the kind `archive`, in their order, each once."""
    found: dict[str, None] = {}
    for entry in entries:
        is_security = entry.suite.partition("/")[0].endswith("-security")
        if "main" in entry.components and is_security == (archive == "security"):
            found.setdefault(entry.uri.rstrip("/"))
    return list(found)


def host_settings() -> Settings:
    try:
        words = ["apt-config", "dump"]
        dump = subprocess.run(words, capture_output=True, text=True, timeout=APT_CONFIG_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired):
        return Settings()
    return parse_settings(dump.stdout)


def parse_settings(dump: str) -> Settings:
    """Settings in what `apt-config dump` prints."""
    found = _SETTING.findall(dump)
    check = dict(found).get("Acquire::Check-Valid-Until", "true")
    transport = tuple((key, value) for key, value in found if "::http" in key)
    return Settings(transport, tolerates_old_lists=check.lower() in ("false", "no", "0"))


def _opened(entry: Entry) -> list[Entry]:
    """`entry`, or what its `mirror+file:` list names, as Debian's cloud images have it."""
    scheme, _, path = entry.uri.partition(":")
    if scheme != "mirror+file":
        return [entry]
    try:
        lines = Path("/" + path.lstrip("/")).read_text().splitlines()
    except OSError:
        return []
    uris = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    return [Entry(uri, entry.suite, entry.components) for uri in uris]


def _fields(stanza: str) -> dict[str, str]:
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
