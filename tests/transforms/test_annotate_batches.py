"""What annotators found in a story is taken for its copies, and for no story that they would read otherwise."""

import pytest

from transforms import annotate_batches, locate, tag_entities
from transforms.annotate_batches import _Annotate
from transforms.deduplicate import Held
from transforms.locate import locate_stories
from transforms.recent import STORIES, Recent
from transforms.tag_entities import _Tag

STORY = {"headline": "Harbour opens", "deck": None, "dateline_text": "OSLO -", "dateline_country": "NO", "language": "en"}
STORY |= {"body": "The harbour of Oslo opened on Tuesday."}


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.setattr(annotate_batches, "_recent", Recent())
    return []


def held(guid, **changes):
    return Held({**STORY, "guid": guid, **changes}, [{"delivery_id": guid}])


def annotated(calls, *batch, how="", then=None):
    def work(stories):
        for each in stories:
            if "bad" in each.story["body"]:
                raise ValueError(each.story["body"])
        for each in stories:
            calls.append(each.story["guid"])
            each.entities = [{"text": each.story["guid"]}]

    found = list(_Annotate(work, "entities", how, then).process(list(batch)))
    return found[-1], [each.value for each in found[:-1]]


def test_a_copy_is_not_looked_at_again(calls):
    good, _ = annotated(calls, held("1"), held("2"))
    later, _ = annotated(calls, held("3"), held("4", provider="OTHER"))
    assert calls == ["1"]
    assert [each.entities for each in (*good, *later)] == [[{"text": "1"}]] * 4


@pytest.mark.parametrize("name", ["headline", "deck", "dateline_text", "dateline_country", "language", "body"])
def test_a_story_that_differs_in_what_is_read_is_looked_at(calls, name):
    good, _ = annotated(calls, held("1"), held("2", **{name: "the harbour of oslo"}))
    assert [each.entities for each in good] == [[{"text": "1"}], [{"text": "2"}]]


def test_other_typography_is_another_body(calls):
    annotated(calls, held("1"), held("2", body=STORY["body"].replace(" ", "  ", 1)))
    assert calls == ["1", "2"]


def test_another_model_looks_again(calls):
    annotated(calls, held("1"))
    annotated(calls, held("2"), how="spacy:other")
    assert calls == ["1", "2"]


def test_a_bad_story_fails_with_its_copies_alone(calls):
    good, failures = annotated(calls, held("1", body="bad"), held("2"), held("3", body="bad"), held("4"))
    assert [each.story["guid"] for each in good] == ["2", "4"]
    assert [failure.delivery["delivery_id"] for failure in failures] == ["1", "3"]
    again, failures = annotated(calls, held("5", body="bad"))
    assert (again, len(failures)) == ([], 1)


def test_what_follows_is_done_to_copies_too(calls):
    seen = []
    annotated(calls, held("1"), held("2"), then=lambda each: seen.append(each.story["guid"]))
    assert seen == ["1", "2"]


def test_copies_have_the_places_and_names_of_the_first(calls):
    batch = [held("1"), held("2")]
    for annotate in (_Annotate(locate_stories, "located", "", locate._file), _Annotate(_Tag(None), "named", "", tag_entities._file)):
        (batch,) = annotate.process(batch)
    first, copy = ({**each.story, "guid": None} for each in batch)
    assert copy == first
    assert (copy["country"], copy["entities_tier"]) == ("NO", "model")
    assert [row["text"] for row in batch[1].entities] == ["Oslo"]


def test_the_last_ones_are_kept():
    recent = Recent()
    for number in range(STORIES + 1):
        recent.put(number, str(number))
        assert recent.get(0) == "0"  # asked for, so not the one to go
    assert (recent.get(1), recent.get(2), recent.get(STORIES)) == (None, "2", str(STORIES))
