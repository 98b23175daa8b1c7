"""Long work in words, in the user's language."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.core.job import Job, JobState

from . import words

translate = QCoreApplication.translate

_MINUTE, _HOUR = 60, 3600


def title_words(job: Job) -> str:
    """What it does, with its subject."""
    return _verb_words(job.verb).replace("%1", job.subject).strip()


def progress_words(job: Job) -> str:
    """How it goes, or what came of it, in one line."""
    parts = _running_parts(job) if job.running else _ended_parts(job)
    return "  ·  ".join(part for part in parts if part)


def duration(seconds: float) -> str:
    """A time that passes, short: `1 min 20 s`."""
    whole, locale = max(0, round(seconds)), QLocale()
    if whole < _MINUTE:
        return translate("Jobs", "%1 s").replace("%1", locale.toString(whole))
    if whole < _HOUR:
        text = translate("Jobs", "%1 min %2 s").replace("%1", locale.toString(whole // _MINUTE))
        return text.replace("%2", locale.toString(whole % _MINUTE))
    text = translate("Jobs", "%1 h %2 min").replace("%1", locale.toString(whole // _HOUR))
    return text.replace("%2", locale.toString(whole % _HOUR // _MINUTE))


def _running_parts(job: Job) -> list[str]:
    left_s = job.left_s
    return [
        _amount_words(job),
        translate("Jobs", "%1 per second").replace("%1", words.size(round(job.bytes_s))) if job.bytes_s >= 1 else "",
        translate("Jobs", "%1 left").replace("%1", duration(left_s)) if left_s is not None and left_s >= 1 else "",
        _step_words(job),
    ]


def _ended_parts(job: Job) -> list[str]:
    ends = {
        JobState.DONE: translate("Jobs", "Done"),
        JobState.FAILED: translate("Jobs", "Failed"),
        JobState.CANCELLED: translate("Jobs", "Cancelled"),
    }
    if job.state is JobState.CANCELLED and job.verb == "prune":
        ends[job.state] = translate("Jobs", "Cancelled; what was deleted before that is gone")
    return [ends.get(job.state, ""), *freed_parts(job), _amount_words(job), _took_words(job)]


def freed_parts(job: Job) -> list[str]:
    """What the engine gave up, and what came back to this computer."""
    parts = []
    if job.freed_bytes is not None:
        parts.append(translate("Jobs", "the engine freed %1").replace("%1", words.size(job.freed_bytes)))
    if job.host_bytes is not None:
        parts.append(translate("Jobs", "this computer got %1 back").replace("%1", words.size(job.host_bytes)))
    return parts


def _amount_words(job: Job) -> str:
    if not job.done_bytes:
        return ""
    done = words.size(job.done_bytes)
    if not job.total_bytes or job.done_bytes >= job.total_bytes:
        return done
    return translate("Jobs", "%1 of %2").replace("%1", done).replace("%2", words.size(job.total_bytes))


def _took_words(job: Job) -> str:
    ago = words.age(job.ended_s, time.time())
    return f"{duration(job.ended_s - job.begun_s)}  ·  {ago}"


def _step_words(job: Job) -> str:
    counted = {
        "Waiting": translate("Jobs", "waiting, %1 of %2 layers"),
        "Retrying": translate("Jobs", "the connection was cut, trying again, %1 of %2 layers"),
        "Downloading": translate("Jobs", "downloading, %1 of %2 layers"),
        "Extracting": translate("Jobs", "extracting, %1 of %2 layers"),
        "Pushing": translate("Jobs", "pushing, %1 of %2 layers"),
        "Loading layer": translate("Jobs", "loading, %1 of %2 layers"),
    }
    if job.step in counted:
        locale = QLocale()
        done, all_of_it = locale.toString(job.parts_done), locale.toString(job.parts)
        return counted[job.step].replace("%1", done).replace("%2", all_of_it)
    known = {
        "cancelling": translate("Jobs", "cancelling…"),
        "packing": translate("Jobs", "packing the folder…"),
        "building": translate("Jobs", "building…"),
        "containers": translate("Jobs", "deleting containers…"),
        "dangling": translate("Jobs", "deleting images…"),
        "unused": translate("Jobs", "deleting images…"),
        "volumes": translate("Jobs", "deleting volumes…"),
        "cache": translate("Jobs", "deleting the build cache…"),
        "trim": translate("Jobs", "giving the room back…"),
    }
    return known.get(job.step, job.step)


def _verb_words(verb: str) -> str:
    known = {
        "pull": translate("Jobs", "Pull %1"),
        "push": translate("Jobs", "Push %1"),
        "build": translate("Jobs", "Build %1"),
        "save": translate("Jobs", "Save %1"),
        "save log": translate("Jobs", "Save the log of %1"),
        "load": translate("Jobs", "Load %1"),
        "prune": translate("Jobs", "Clean up %1"),
        "export": translate("Jobs", "Export %1"),
        "import": translate("Jobs", "Import %1"),
        "copy": translate("Jobs", "Copy %1"),
        "upload": translate("Jobs", "Upload %1"),
        "delete": translate("Jobs", "Delete %1"),
        "login": translate("Jobs", "Log in to %1"),
    }
    return known.get(verb, "%1")
