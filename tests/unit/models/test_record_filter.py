from __future__ import annotations

import pytest
from msgspec.structs import replace

from desktop.core.engine import Container, Port
from desktop.core.store import Store
from desktop.models.column import folded
from desktop.models.container_columns import containers_model
from desktop.models.record_filter import Term, terms_of

WEB = Container(
    id="aa1", name="shop-web-1", image="nginx:1.27", state="running", ports=(Port(80, host_port=8080),),
    labels=(("com.docker.compose.project", "shop"), ("tier", "Front")),
)  # fmt: skip
OLD = Container(id="bb2", name="nginx-copy", image="busybox", state="exited", status="Exited (0)")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nginx", ["nginx-copy", "shop-web-1"]),
        ("image:nginx", ["shop-web-1"]),
        ("name:NGINX", ["nginx-copy"]),
        ("status:running", ["shop-web-1"]),
        ("status:running image:busybox", []),
        ("status:exit copy", ["nginx-copy"]),
        ("label:tier=front", ["shop-web-1"]),
        ("label:tier", ["shop-web-1"]),
        ("project:shop port:8080", ["shop-web-1"]),
        ("id:bb", ["nginx-copy"]),
        ("status:", ["nginx-copy", "shop-web-1"]),
        ("nginx:1.27", ["shop-web-1"]),
    ],
)
def test_filter_as_it_is_typed(typed: str, found: list[str]) -> None:
    store: Store[Container] = Store(lambda record: record.id)
    store.apply([WEB, OLD])
    model = containers_model()
    model.follow(store)
    model.set_filter(typed)
    assert [model.record(row).name for row in range(model.rowCount())] == found


def test_row_that_changes_follows_a_filter_by_field() -> None:
    store: Store[Container] = Store(lambda record: record.id)
    store.apply([WEB, OLD])
    model = containers_model()
    model.follow(store)
    model.set_filter("status:exited")
    store.apply([replace(WEB, state="exited")])
    assert model.rowCount() == 2
    store.apply([replace(OLD, state="running", status="Up")])
    assert [model.record(row).name for row in range(model.rowCount())] == ["shop-web-1"]


def test_a_word_before_a_colon_that_is_no_field_is_a_plain_word() -> None:
    assert terms_of("A:b name:C status:", {"name", "status"}) == (Term("", "a:b"), Term("name", "c"))


def test_a_label_that_is_made_for_it_holds_up_nothing() -> None:
    assert folded("É" + "\u0301\u0327" * 200_000 + " Needle").endswith(" needle")
    assert folded("E\u0301t\u00c9") == "\u00e9t\u00e9"
