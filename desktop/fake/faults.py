"""What is made to go wrong, read at every step of the pretended machine and engine."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Faults:
    """All off by default; scenarios switch them."""

    # of the machine
    boot_step_s: float = 0.06
    boot_ends: str = ""  # "error", "image", "settings" or "deadline": how a boot fails; empty: it does not
    boot_deadline_s: float | None = None  # where the settings' shortest is too long to wait for
    stop_hangs: bool = False
    accelerator: str = "tcg"
    accelerator_reason: str = (
        "KVM opens on this host, but a test boot stayed silent for 6 s. `moorage doctor` tries again"
    )
    warnings: dict[str, str] = field(default_factory=dict)  # words by topic
    disk_used_mib: int = 312

    # of the engine
    engine_hangs: bool = False
    engine_drops: bool = False
    engine_answers: str = ""  # words of an error 500 to every call
    engine_slow_s: float = 0.0
    refusal: str = ""  # words of an error 500 to every call that acts
    api_version: str = "1.51"
    malformed_rows: bool = False
    no_diff: str = ""  # words of an error 500 to `docker diff`
    registry: str = ""  # "there", "cut" (in the middle), "login" (wants one); empty: no such host
    registry_step_s: float = 0.02

    def reset(self) -> None:
        vars(self).update(vars(Faults()))
