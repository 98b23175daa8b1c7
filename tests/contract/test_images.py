"""Images of the engine: their rows, and when it refuses to let one go."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import docker
import pytest
from docker.errors import APIError, ImageNotFound

from .event_log import EventLog

TAG = "contract-two:a"


@pytest.fixture
def own(engine: docker.DockerClient, image: str) -> Iterator[str]:
    """An image of the test's own: its id."""
    lines = engine.api.import_image_from_data(b"\0" * 10240, repository="contract-two", tag="a")
    assert "sha256:" in lines
    yield engine.images.get(TAG).id
    for container in engine.containers.list(all=True, filters={"ancestor": TAG}):
        container.remove(force=True)
    with contextlib.suppress(ImageNotFound):
        engine.images.remove(TAG, force=True)


def test_row_has_the_fields_that_are_shown(engine: docker.DockerClient, own: str) -> None:
    (row,) = [row for row in engine.api.images() if row["Id"] == own]
    assert {"Id", "RepoTags", "RepoDigests", "Size", "Created", "Containers", "Labels", "ParentId"} <= row.keys()
    assert row["RepoTags"] == [TAG]
    assert isinstance(row["Created"], int)


def test_unknown_image_is_404_in_words(engine: docker.DockerClient) -> None:
    with pytest.raises(ImageNotFound) as caught:
        engine.images.remove("nosuch")
    assert "No such image: nosuch:latest" in str(caught.value)


def test_one_more_tag_and_one_less(engine: docker.DockerClient, own: str, events: EventLog) -> None:
    engine.images.get(own).tag("contract-two", "b")
    assert sorted(engine.images.get(own).tags) == [TAG, "contract-two:b"]
    engine.images.remove("contract-two:b")
    assert engine.images.get(own).tags == [TAG]
    assert events.of(own, "untag") == ["tag", "untag"]


def test_removal_by_its_tag_untags_and_deletes(engine: docker.DockerClient, own: str, events: EventLog) -> None:
    answer = engine.api.remove_image(TAG)
    assert answer[0] == {"Untagged": TAG}
    assert {"Deleted": own} in answer
    assert events.of(own, "delete") == ["untag", "delete"]
    assert own not in [row["Id"] for row in engine.api.images()]


def test_import_is_told(engine: docker.DockerClient, events: EventLog, image: str) -> None:
    engine.api.import_image_from_data(b"\0" * 10240, repository="contract-two", tag="c")
    id = engine.images.get("contract-two:c").id
    engine.images.remove("contract-two:c")
    assert sorted(events.of(id, "delete")[:2]) == ["import", "tag"]


def test_moved_tag_leaves_an_image_without_one(engine: docker.DockerClient, own: str) -> None:
    engine.images.get("contract:1").tag("contract-two", "a")
    (row,) = [row for row in engine.api.images() if row["Id"] == own]
    assert row["RepoTags"] == []
    engine.images.remove(TAG)
    engine.images.remove(own)
    with pytest.raises(ImageNotFound):
        engine.images.get(own)


def test_image_of_a_container_is_kept(engine: docker.DockerClient, image: str) -> None:
    resting = engine.containers.create(image, ["sleep", "1000"])
    id = engine.images.get(image).id
    assert "must force" in refusal(engine, image)
    assert "image is being used by stopped container" in refusal(engine, id)
    resting.start()
    assert "must force" in refusal(engine, image)
    assert "image is being used by running container" in refusal(engine, id)
    assert "cannot be forced" in refusal(engine, id, force=True)
    assert engine.images.get(image).id == id


def test_image_with_two_names_is_not_removed_by_its_id(engine: docker.DockerClient, own: str) -> None:
    engine.images.get(own).tag("contract-three", "x")
    assert "image is referenced in multiple repositories" in refusal(engine, own)
    engine.images.remove(own, force=True)
    with pytest.raises(ImageNotFound):
        engine.images.get(own)


def refusal(engine: docker.DockerClient, image: str, force: bool = False) -> str:
    """The engine's words when it does not remove an image."""
    with pytest.raises(APIError) as caught:
        engine.images.remove(image, force=force)
    assert caught.value.status_code == 409
    return str(caught.value.explanation)
