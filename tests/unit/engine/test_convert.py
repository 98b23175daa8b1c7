"""The engine's JSON to records, whatever it sends."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.engine.convert import HELPER_LABEL, STATUS_LIMIT, container_of, disk_bytes_of, images_of


def test_data_is_the_sum_of_what_system_df_lists() -> None:
    answer = {
        "LayersSize": 1000,
        "Containers": [{"SizeRw": 20}, {"SizeRootFs": 5000}],
        "Volumes": [{"UsageData": {"Size": 300}}, {"UsageData": {"Size": -1}}, {"UsageData": None}],
        "BuildCache": [{"Size": 4000, "Shared": False}, {"Size": 9000, "Shared": True}],
    }
    assert disk_bytes_of(answer) == 1000 + 20 + 300 + 4000


def test_an_image_with_a_tag_hides_behind_no_label() -> None:
    labels = {HELPER_LABEL: "1"}
    found = [{"Id": id, "Labels": labels, "RepoTags": tags} for id, tags in (("a", ["evil:1"]), ("b", []), ("c", None))]
    assert [image.id for image in images_of(found)] == ["a"]


@pytest.mark.parametrize(
    "answer", [None, [], "x", {"LayersSize": "1", "Containers": 7, "Volumes": [[]], "BuildCache": [None]}]
)
def test_an_answer_of_another_form_is_nothing(answer: Any) -> None:
    assert disk_bytes_of(answer) == 0


@pytest.mark.parametrize("code", ["1" * 5000, "-", "\u0661" * 5000])
def test_an_exit_code_that_no_system_has_is_none(code: str) -> None:
    """A guest may say anything: one such status ended all that the window knew of its engine."""
    assert container_of({"State": "exited", "Status": f"Exited ({code}) 2 hours ago"}, "?").exit_code is None


@pytest.mark.parametrize(
    ("said", "lasting"),
    [
        ("Up Less than a second", "Up"), ("Up 3 minutes (healthy)", "Up (healthy)"), ("Up About an hour", "Up"),
        ("Exited (0) 2 hours ago", "Exited (0)"), ("Exited (137) About a minute ago", "Exited (137)"),
        ("Restarting (1) 5 seconds ago", "Restarting (1)"), ("Created", "Created"),
        ("Up 4 days (Paused)", "Up (Paused)"),
    ],
)  # fmt: skip
def test_of_a_status_the_age_is_left_out(said: str, lasting: str) -> None:
    assert container_of({"Status": said}, "?").status == lasting


@pytest.mark.parametrize("character", [" ", "1"])
def test_a_status_that_is_made_for_it_holds_up_nothing(character: str) -> None:
    """An expression tried every way through it, and no other thread had its turn."""
    assert len(container_of({"Status": character * (1 << 20)}, "?").status) <= STATUS_LIMIT
