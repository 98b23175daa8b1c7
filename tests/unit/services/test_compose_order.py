"""The order of Compose, from the labels that it writes."""

from __future__ import annotations

from desktop.core.engine import Container
from desktop.services.compose_order import waves


def made(name: str, needs: str = "", project: str = "shop", service: str = "") -> Container:
    labels = {
        "com.docker.compose.project": project,
        "com.docker.compose.service": service or name,
        "com.docker.compose.depends_on": needs,
    }
    return Container(id=name, name=name, image="a", labels=tuple(labels.items()) if project else ())


def order(*records: Container) -> list[list[str]]:
    return [[record.id for record in wave] for wave in waves(records)]


def test_what_is_needed_comes_first() -> None:
    web = made("web", "api:service_started:false")
    api = made("api", "db:service_healthy:true,cache:service_started:false")
    db, cache = made("db"), made("cache")
    assert order(web, api, db, cache) == [["db", "cache"], ["api"], ["web"]]
    assert order(web, db) == [["web", "db"]]  # what is not among them is not waited for


def test_old_form_projects_of_their_own_and_no_project() -> None:
    assert order(made("web", "db, cache"), made("cache"), made("db")) == [["cache", "db"], ["web"]]
    assert order(made("web", "db"), made("db", project="other")) == [["web", "db"]]
    assert order(made("a", project=""), made("b", project="")) == [["a", "b"]]
    assert order(made("a1", "db", service="a"), made("db"), made("a2", "db", service="a")) == [["db"], ["a1", "a2"]]


def test_circle_and_itself_do_not_hang() -> None:
    assert order(made("a", "b"), made("b", "a"), made("c")) == [["c"], ["a", "b"]]
    assert order(made("a", "a")) == [["a"]]
    assert order() == []
