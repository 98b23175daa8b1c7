"""Long work that the user began: pull, push, build, save, load, prune. Frozen records, as a list shows them."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    verb: str  # pull, push, build, save, load, prune, trim; a page may bring its own
    subject: str  # an image, a file, a folder: words from outside
    state: JobState = JobState.RUNNING
    begun_s: float = 0.0  # seconds since 1970
    ended_s: float = 0.0
    done_bytes: int = 0
    total_bytes: int = 0  # 0: not known (yet)
    bytes_s: float = 0.0
    step: str = ""  # what is under way: a word of models/job_words.py, or the engine's own
    parts_done: int = 0  # of `parts`, such as layers; 0 of 0: it has none
    parts: int = 0
    error: str = ""  # what went wrong
    why: str = ""  # in the engine's words
    next_step: str = ""
    freed_bytes: int | None = None  # what the engine says it gave up
    host_bytes: int | None = None  # what the host's disk got of it

    @property
    def running(self) -> bool:
        return self.state is JobState.RUNNING

    @property
    def can_cancel(self) -> bool:
        """What deletes files in a container is an `rm` of its own, which nobody can call back; nor can a credential
        helper be that has a login."""
        return self.running and self.verb not in ("delete", "login")

    @property
    def fraction(self) -> float | None:
        """0.0 to 1.0; None while nobody can tell."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else None

    @property
    def left_s(self) -> float | None:
        """Seconds left at the present speed; None where that is not known."""
        if not self.running or not self.total_bytes or self.bytes_s < 1:
            return None
        return max(0, self.total_bytes - self.done_bytes) / self.bytes_s
