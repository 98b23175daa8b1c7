"""What a few letters find, and in which order."""

from __future__ import annotations

from desktop.models.finder import Entry, find

ENTRIES = [
    Entry("shop-web-1", "Containers", "id1"),
    Entry("web", "Networks"),
    Entry("cobweb", "Volumes"),
    Entry("Ärger"),
]


def titles(text: str) -> list[str]:
    return [entry.title for entry in find(ENTRIES, text)]


def test_best_first() -> None:
    assert titles("web") == ["web", "shop-web-1", "cobweb"]
    assert titles("") == [entry.title for entry in ENTRIES]


def test_every_word_has_to_be_there_in_any_case_and_place() -> None:
    assert titles("WEB net") == ["web"]
    assert titles("id1") == ["shop-web-1"]
    assert titles("ärg") == ["Ärger"]


def test_letters_with_others_between_come_after_words() -> None:
    assert titles("spw1") == ["shop-web-1"]
    assert titles("cwb") == ["cobweb"]
    assert titles("zzz") == []
    assert titles("(") == []


def test_a_name_that_is_made_for_it_holds_up_nothing() -> None:
    """The letters of what is looked for again and again, but for the last: an expression would try every way."""
    assert find([Entry("productio" * 28)], "production") == []


def test_a_title_is_found_in_english_too_and_as_good() -> None:
    entries = [Entry("一", english="stop the log"), Entry("三三", english="logs"), Entry("catalogue")]
    assert [entry.title for entry in find(entries, "log")] == ["三三", "一", "catalogue"]
