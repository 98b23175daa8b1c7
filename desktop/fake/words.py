"""The engine's own words for ages and states, as `docker ps` shows them."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """A rough length of time in words."""
    if seconds < 1:
        return "Less than a second"
    hours = int(seconds / 3600 + 0.5)
    steps = (
        (seconds < 2, "1 second"),
        (seconds < 60, f"{int(seconds)} seconds"),
        (seconds < 120, "About a minute"),
        (seconds < 3600, f"{int(seconds / 60)} minutes"),
        (hours == 1, "About an hour"),
        (hours < 48, f"{hours} hours"),
        (hours < 24 * 14, f"{hours // 24} days"),
        (hours < 24 * 60, f"{hours // 24 // 7} weeks"),
        (hours < 24 * 365 * 2, f"{hours // 24 // 30} months"),
    )
    return next((words for fits, words in steps if fits), f"{hours // 24 // 365} years")


def state(name: str, exit_code: int, started_s: float, finished_s: float, now_s: float) -> str:
    """The STATUS column of a container."""
    if name in ("running", "paused"):
        return f"Up {duration(now_s - started_s)}{' (Paused)' if name == 'paused' else ''}"
    if name == "restarting":
        return f"Restarting ({exit_code}) {duration(now_s - finished_s)} ago"
    if name == "exited":
        return f"Exited ({exit_code}) {duration(now_s - finished_s)} ago"
    return {"created": "Created", "removing": "Removal In Progress", "dead": "Dead"}.get(name, "")
