"""What an engine says while layers move, and what it could free: good, odd and hostile."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.core.errors import EngineError
from desktop.engine.disk_use import layers_of, reclaimable_of
from desktop.engine.messages import LONGEST_WORD, MOST_LAYERS, Layers


class Told:
    def __init__(self) -> None:
        self.amount, self.steps, self.lines, self.parts = (0, 0), list[Any](), list[str](), dict[str, str]()

    def bytes(self, done: int, total: int = 0) -> None:
        self.amount = (done, total)

    def say(self, **facts: Any) -> None:
        self.steps.append((facts["step"], facts.get("parts_done"), facts.get("parts")))

    def line(self, text: str) -> None:
        self.lines.append(text)

    def part(self, key: str, words: str) -> None:
        self.parts[key] = words


def layer(id: str, status: str, current: Any = None, total: Any = None) -> dict[str, Any]:
    return {"id": id, "status": status, "progressDetail": {"current": current, "total": total} if total else {}}


def test_total_is_told_when_every_layer_has_named_its_size() -> None:
    told = Told()
    layers = Layers(told)
    for message in (layer("a", "Already exists"), layer("b", "Waiting"), layer("c", "Downloading", 5, 10)):
        layers.take(message)
    assert told.amount == (5, 0)
    layers.take(layer("b", "Downloading", 1, 20))
    assert (told.amount, told.steps[-1]) == ((6, 30), ("Downloading", 1, 3))
    for message in (layer("c", "Download complete"), layer("c", "Extracting", 3, 10), layer("c", "Pull complete")):
        layers.take(message)
    assert (told.amount, told.parts["c"], told.steps[-1]) == ((11, 30), "Pull complete", ("Downloading", 2, 3))


def test_a_layer_that_is_tried_again_is_told_and_not_taken_for_done() -> None:
    """The engine names the whole of a layer when its connection is cut, whatever came of it."""
    told = Told()
    layers = Layers(told)
    for message in (layer("a", "Pushed"), layer("b", "Pushing", 5, 10), layer("b", "Pushing", 10, 10)):
        layers.take(message)
    for left in ("5 seconds", "1 second"):
        layers.take(layer("b", f"Retrying in {left}"))
    assert (told.amount, told.parts["b"]) == ((5, 10), "Retrying in 1 second")
    assert told.steps[-1] == ("Retrying", 1, 2)
    layers.take(layer("b", "Pushing", 2, 10))
    assert (told.amount, told.steps[-1]) == ((2, 10), ("Pushing", 1, 2))
    layers.take(layer("b", "Retrying in 5 seconds"))
    layers.take(layer("c", "Pushing", 1, 5))
    assert told.steps[-1] == ("Pushing", 1, 3)
    for message in (layer("b", "Pushing", 10, 10), layer("b", "Pushed")):
        layers.take(message)
    assert told.amount == (11, 15)


def test_what_is_loaded_is_done_with_its_last_byte() -> None:
    told = Told()
    Layers(told).take(layer("a", "Loading layer", 10, 10))
    assert told.amount == (10, 10)


@pytest.mark.parametrize(
    "message",
    [{}, {"status": 7}, {"status": "Downloading", "id": None}, layer("a", "Downloading", "x", 5),
     layer("a", "Downloading", -4, 5), layer("a", "Downloading", 2**70, 5), {"stream": None}, {"aux": {}}],
)  # fmt: skip
def test_odd_messages_break_nothing(message: dict[str, Any]) -> None:
    told = Told()
    Layers(told).take(message)
    assert told.amount[0] <= told.amount[1] or told.amount == (0, 0)


def test_an_engine_that_names_layers_without_an_end_fills_no_memory() -> None:
    told = Told()
    layers = Layers(told)
    for number in range(MOST_LAYERS + 50):
        layers.take(layer(f"{number}{'x' * 5000}", "y" * 5000))
    assert len(told.parts) == MOST_LAYERS
    assert max(map(len, [*told.parts, *told.parts.values()])) == LONGEST_WORD
    layers.take(layer(f"0{'x' * 5000}", "Downloading", 5, 10))  # one that is known goes on
    assert told.amount[0] == 5


@pytest.mark.parametrize(
    "message",
    [{"error": "no room"}, {"errorDetail": {"message": "no room"}},
     {"error": "x", "errorDetail": {"message": "no room"}}],
)  # fmt: skip
def test_error_is_raised_in_the_engines_words(message: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        Layers(Told()).take(message)
    assert caught.value.why == "no room"


def test_reclaimable_counts_what_nothing_uses_and_no_shared_layer() -> None:
    answer = {
        "Containers": [{"State": "running", "SizeRw": 9}, {"State": "exited", "SizeRw": 4}, {"State": "created"}],
        "Images": [
            {"Containers": 1, "Size": 100, "SharedSize": 10, "RepoTags": ["a"]},
            {"Containers": 0, "Size": 50, "SharedSize": 10, "RepoTags": ["b"]},
            {"Containers": 0, "Size": 30, "SharedSize": 30, "RepoTags": ["<none>:<none>"]},
            {"Containers": 0, "Size": 7, "SharedSize": -1, "RepoTags": None},
        ],
        "Volumes": [
            {"Labels": {"com.docker.volume.anonymous": ""}, "UsageData": {"RefCount": 0, "Size": 8}},
            {"Labels": {"com.docker.volume.anonymous": ""}, "UsageData": {"RefCount": 1, "Size": 16}},
            {"Labels": None, "UsageData": {"RefCount": 0, "Size": 32}},
        ],
        "BuildCache": [{"Size": 3}, {"Size": 5, "InUse": True}, {"Size": 11, "Shared": True}],
    }
    found = {each.kind: (each.count, each.bytes) for each in reclaimable_of(answer)}
    assert found == {"containers": (2, 4), "dangling": (2, 7), "unused": (3, 47), "volumes": (1, 8), "cache": (1, 3)}


@pytest.mark.parametrize("answer", [None, [], 7, {"Images": 3, "Volumes": [None, {"UsageData": []}]}, [{"Size": "x"}]])
def test_nonsense_is_nothing(answer: Any) -> None:
    assert all(each.bytes == 0 for each in reclaimable_of(answer))
    assert all(each.size_bytes == 0 for each in layers_of(answer))


def test_a_history_has_an_end() -> None:
    assert len(layers_of([{"CreatedBy": "x"}] * (MOST_LAYERS + 5))) == MOST_LAYERS
