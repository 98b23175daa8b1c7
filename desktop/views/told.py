"""Words that come from the rooms without Qt and are seen in ordinary use, in the user's language.

Failures stay in English, as they are in the logs: those words are what a search finds.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

KNOWN = (
    # Steps of a boot
    QT_TRANSLATE_NOOP("Told", "init"),
    QT_TRANSLATE_NOOP("Told", "modules"),
    QT_TRANSLATE_NOOP("Told", "disk"),
    QT_TRANSLATE_NOOP("Told", "engine"),
    QT_TRANSLATE_NOOP("Told", "network"),
    QT_TRANSLATE_NOOP("Told", "ready"),
    # Stopping
    QT_TRANSLATE_NOOP("Told", "The machine does not stop"),
    QT_TRANSLATE_NOOP("Told", "The guest has not powered off yet; `moorage kill` ends it by force"),
    # Lasting warnings
    QT_TRANSLATE_NOOP("Told", "Emulation (TCG) is slow and no security boundary: run only what you trust"),
    QT_TRANSLATE_NOOP("Told", "Moorage runs as root. It does not need to: any user can run it."),
    QT_TRANSLATE_NOOP("Told", "The machine is paused: the disk of this computer is full (%1 MiB free). It goes on by itself when %2 MiB are free."),  # noqa: E501
    QT_TRANSLATE_NOOP("Told", "The machine is paused: its disk %1 reports: %2. Check the disk of this computer, then kill the machine and start it again."),  # noqa: E501
    QT_TRANSLATE_NOOP("Told", "The docker context could not be written: %1"),
    # Published ports
    QT_TRANSLATE_NOOP("Told", "%1 publishes %2, which %3 (process %4) has. It is opened as soon as it is free"),
    QT_TRANSLATE_NOOP("Told", "%1 publishes %2, which a program of another user has. It is opened as soon as it is free"),  # noqa: E501
    QT_TRANSLATE_NOOP("Told", "%1 publishes %2, but here only root opens so low a port. To let everybody: `sudo sysctl net.ipv4.ip_unprivileged_port_start=%3`"),  # noqa: E501
    QT_TRANSLATE_NOOP("Told", "%1 publishes %2, but this computer does not have the address %3"),
    QT_TRANSLATE_NOOP("Told", "%1 publishes %2, but Moorage publishes nothing on IPv6 alone"),
    QT_TRANSLATE_NOOP("Told", "%1 publishes %2, but Moorage publishes TCP and UDP only"),
    QT_TRANSLATE_NOOP("Told", "%1 publishes %2, which could not be opened (%3). It is tried again"),
    # A saved state
    QT_TRANSLATE_NOOP("Told", "The machine was suspended and not yet on disk when its supervisor ended: what its containers held in memory is lost, as after a power cut"),  # noqa: E501
    QT_TRANSLATE_NOOP("Told", "The suspended state could not be resumed, the machine boots. %1"),
    QT_TRANSLATE_NOOP("Told", "The suspended state could not be read. %1"),
    QT_TRANSLATE_NOOP("Told", "The suspended machine is in memory only, and would be lost with this computer's power. %1"),  # noqa: E501
    # Why this accelerator
    QT_TRANSLATE_NOOP("Told", "Software emulation was chosen in Settings"),
    QT_TRANSLATE_NOOP("Told", "%1 was chosen in Settings"),
    QT_TRANSLATE_NOOP("Told", "%1 works here: a test boot came up"),
    QT_TRANSLATE_NOOP("Told", "%1 opens on this host, but a test boot stayed silent for %2 s"),
    QT_TRANSLATE_NOOP("Told", "%1 opens on this host, but refuses a processor register that QEMU sets: %2"),
    QT_TRANSLATE_NOOP("Told", "%1 opens on this host, but QEMU cannot start with it: %2"),
    QT_TRANSLATE_NOOP("Told", "This host has no KVM (%1 is missing): its kernel lacks it or the firmware has virtualization switched off"),  # noqa: E501
    QT_TRANSLATE_NOOP("Told", "%1 may not use KVM (%2: permission denied). Join its group, log out and in again: sudo usermod -aG kvm %3"),  # noqa: E501
    QT_TRANSLATE_NOOP("Told", "KVM cannot be used (%1: %2)"),
    # Guest image and runtime
    QT_TRANSLATE_NOOP("Told", "There is no guest image yet"),
    QT_TRANSLATE_NOOP("Told", "There is no runtime yet"),
    QT_TRANSLATE_NOOP("Told", "runtime: %1"),
    QT_TRANSLATE_NOOP("Told", "guest: %1"),
    QT_TRANSLATE_NOOP("Told", "looking for a mirror"),
    QT_TRANSLATE_NOOP("Told", "fetching packages"),
    QT_TRANSLATE_NOOP("Told", "putting it together"),
    QT_TRANSLATE_NOOP("Told", "writing it to the disk"),
    QT_TRANSLATE_NOOP("Told", "writing"),
    QT_TRANSLATE_NOOP("Told", "reading"),
    # In the console
    QT_TRANSLATE_NOOP("Told", "The guest does not take what is typed; it waits"),
    QT_TRANSLATE_NOOP("Told", "The supervisor ends. Attach again"),
    QT_TRANSLATE_NOOP("Told", "This terminal reads too slowly and was let go. Attach again"),
)  # fmt: skip


def told(words: str) -> str:
    """`words` in the user's language, or as they are where they are not known."""
    for pattern, source in _patterns():
        if found := pattern.fullmatch(words):
            text = QCoreApplication.translate("Told", source)
            # All at once: a part that was filled in may have a %1 of its own.
            return re.sub(r"%(\d)", lambda place: told(found[int(place[1])]), text)
    return words


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The ones without gaps first: a gap takes anything."""
    sources = sorted(map(str, KNOWN), key=lambda source: "%" in source)
    return [(re.compile(re.sub(r"%\d", "(.+)", re.escape(source))), source) for source in sources]
