"""What the palette finds beside rows of tables: compose projects, tasks that run, more views of a container."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import Container, Link
from desktop.core.job import Job
from desktop.models.container_columns import links_of
from desktop.models.job_words import title_words
from desktop.services.engine import EngineService
from desktop.services.jobs import Jobs
from desktop.views.container_pane import container_subject
from desktop.views.face import Face
from desktop.views.subject import Act, Subject

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Project:
    name: str
    containers: tuple[Container, ...]


class Projects:
    """The compose projects of now, with all that the row of a group can do."""

    def __init__(self, engine: EngineService, wish: Callable[[str, list[str]], object]) -> None:
        self._engine, self._containers, self._wish = engine, engine.containers, wish
        self._acts = {act.key: act for act in container_subject().acts if not act.single}

    def __iter__(self) -> Iterator[Project]:
        """None before all containers are known: what is done with a part of a project would miss the others."""
        found: dict[str, list[Container]] = {}
        for container in self._containers if self._engine.link.link is Link.UP else ():
            if container.project:
                found.setdefault(container.project, []).append(container)
        return iter([Project(name, tuple(members)) for name, members in found.items()])

    def subject(self) -> Subject[Project]:
        acts = tuple(Act(act.key, act.label, _fits_any(act)) for act in self._acts.values())
        found = _subject("projects", translate("Palette", "Compose project"), acts, lambda project: project.name)
        return replace(found, id_of=_ids_of, links_of=_links_of)

    def do(self, act: str, found: list[str]) -> None:
        """With those of a project's containers that there still are and that the act fits."""
        for ids in found:
            wanted = set(ids.split())
            records = [record for record in self._containers if record.id in wanted and self._acts[act].fits(record)]
            if records:
                self._wish(act, [record.id for record in records])


class RunningTasks:
    def __init__(self, jobs: Jobs, show: Callable[[], object]) -> None:
        self._jobs, self._show = jobs, show

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs.running())

    def subject(self) -> Subject[Job]:
        acts = (
            Act[Job]("show", translate("JobFeed", "Show"), lambda job: True),
            Act[Job]("cancel", translate("JobCard", "Cancel"), lambda job: job.can_cancel),
        )
        return _subject("jobs", translate("Palette", "Task"), acts, title_words)

    def do(self, act: str, ids: list[str]) -> None:
        if act == "show":
            self._show()
        for id in ids if act == "cancel" else ():
            self._jobs.cancel(id)


def containers_of_palette() -> Subject[Container]:
    """With the tabs of its pane, which rows have no acts for."""
    subject = container_subject()
    looks = (
        Act[Container]("stats", translate("DetailPane", "Stats"), lambda c: True),
        Act[Container]("files", translate("DetailPane", "Files"), lambda c: True),
        Act[Container]("terminal", translate("DetailPane", "Terminal"), lambda c: c.state == "running"),
    )
    known = {act.key for act in subject.acts}
    return replace(subject, acts=(*subject.acts, *(act for act in looks if act.key not in known)))


def _fits_any(act: Act[Container]) -> Callable[[Project], bool]:
    return lambda project: any(act.fits(container) for container in project.containers)


def _ids_of(project: Project) -> str:
    """As they are copied: one a line."""
    return "\n".join(container.id for container in project.containers)


def _links_of(project: Project) -> tuple[str, ...]:
    return tuple(link for container in project.containers for link in links_of(container))


def _subject(name: str, title: str, acts: tuple[Act[Any], ...], name_of: Callable[[Any], str]) -> Subject[Any]:
    """Of things that no table shows."""
    return Subject(
        name=name, title=title, filter_hint="", acts=acts, name_of=name_of, summary=lambda records: "", empty=Face(""),
        id_of=lambda record: record.id,
    )  # fmt: skip
