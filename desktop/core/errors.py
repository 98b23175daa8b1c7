"""The one error type that reaches a user, and its kinds.

MoorageError
├── UsageError            the request itself is wrong (exit code 2)
├── NeedsConfirmation     the act destroys something and nobody has said yes
├── DeadlineExceeded      a named wait ran out
├── SettingsError         a settings file or value is wrong
├── ImageError            guest image or runtime is missing, damaged or half built
├── MachineError          the VM, its hypervisor or its supervisor
└── EngineError           the Docker engine refused, in its own words
"""

from __future__ import annotations


class MoorageError(Exception):
    """Something failed, in words for a user: what happened, why, and what to do next."""

    code = "error"
    action = "start"  # what helps a machine that failed with it; see MachineStatus.action

    def __init__(self, what: str, why: str = "", next_step: str = "") -> None:
        super().__init__(what, why, next_step)
        self.what = what
        self.why = why
        self.next_step = next_step

    def __str__(self) -> str:
        return " ".join(_sentence(part) for part in (self.what, self.why, self.next_step) if part)


class UsageError(MoorageError):
    code = "usage"


class NeedsConfirmation(MoorageError):
    code = "needs_confirmation"


class DeadlineExceeded(MoorageError):
    code = "deadline"


class SettingsError(MoorageError):
    code = "settings"
    action = "settings"


class ImageError(MoorageError):
    code = "image"
    action = "build"


class MachineError(MoorageError):
    code = "machine"


class EngineError(MoorageError):
    code = "engine"


_KINDS: dict[str, type[MoorageError]] = {
    kind.code: kind
    for kind in (
        MoorageError, UsageError, NeedsConfirmation, DeadlineExceeded,
        SettingsError, ImageError, MachineError, EngineError,
    )
}  # fmt: skip


def error_of_code(code: str, what: str, why: str, next_step: str) -> MoorageError:
    """The error that crossed a process border, as its own kind again."""
    return _KINDS.get(code, MoorageError)(what, why, next_step)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) or "\n" in text else text + "."
