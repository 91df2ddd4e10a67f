"""What helpers find in stories is what the annotators after them would find."""

import pytest

from transforms import annotate_ahead, annotate_batches
from transforms.deduplicate import Held
from transforms.extract_quotes import ExtractQuotes
from transforms.locate import Locate
from transforms.recent import Recent
from transforms.sketch_stories import SketchStories
from transforms.tag_entities import TagEntities

STEPS = tuple(composite.step for composite in (SketchStories(), Locate(), TagEntities(), ExtractQuotes()))
BODY = '"The harbour is open," Mayor Kari Berg said in Oslo.\n\nNorway paid for pier {}.'


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate_batches, "_recent", Recent())


def batch() -> list[Held]:
    plain = {"deck": None, "dateline_text": None, "dateline_country": "NO", "language": "en", "headline": "Oslo harbour opens"}
    return [Held({**plain, "guid": str(number), "body": BODY.format(number % 3)}, []) for number in range(5)]


def annotated(stories: list[Held], *, known: bool = False) -> list[tuple[object, ...]]:
    for step in STEPS:
        work = _never if known else step.work
        stories = list(annotate_batches._Annotate(work, step.result, step.how, step.then).process(stories))[-1]
    return [(held.story, held.entities, held.quotes, held.sketch and held.sketch.shingles.tolist()) for held in stories]


def test_what_is_found_ahead_is_what_is_found_otherwise() -> None:
    expected = annotated(batch())
    annotate_batches._recent = Recent()
    found = annotate_ahead._find(STEPS, annotate_ahead._Job({held.text: held.story for held in batch()}, []))
    assert len(found) == 3
    stories = annotate_ahead._known(annotate_ahead._Job({}, batch()), found)
    assert annotated(stories, known=True) == expected


def _never(batch: list[Held]) -> None:
    assert not batch, "it was known"


def test_only_texts_that_are_new_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(annotate_ahead.Share, "give", lambda _self, job: asked.append(len(job.stories)) or [(job, None)])
    ahead = annotate_ahead._Ahead(STEPS)
    ahead.start_bundle()
    (stories,) = ahead.process(batch())
    annotated(stories)
    assert [held.story["guid"] for held in stories] == list("01234")
    list(ahead.process(batch()))
    assert asked == [3, 0]
