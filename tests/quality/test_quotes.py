"""Floors of quotations: exact spans, and spans with the right speaker, of speech only; whom given mentions of speakers mean; and whether
a confidence keeps what it says."""

import json
import re

import pytest

from tests.quality import gold
from transforms.models.build_quotations import judged
from transforms.text.annotate import locate, tag
from transforms.text.confidence import share_of
from transforms.text.quote_regions import quote_regions
from transforms.text.speakers import Speakers
from transforms.text.tokens import is_english

FILES = {"dev": "quotes/dev.jsonl.gz", "interviews": "quotes/interviews_cc_by.jsonl.gz"}
KINDS = ("direct", "mixed", "indirect", "all")
SURE = 0.9
APART = 0.03
"""How far the mean confidence of the sure quotations may be from the share of them that is right."""
WORD = re.compile(r"\w+")
NAME = re.compile(r"[^\W\d_a-z]\w+")
PRONOUNS = frozenset("he her his it its me my our she that their them they this us we who you your".split())


@pytest.mark.parametrize("floor", gold.floors("quotes"), ids=str)
def test_quotations_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def test_a_confidence_is_the_share_that_is_right():
    counted = [(share_of(keys), right) for story in gold.rows(FILES["dev"]) for keys, right in judged(story)]
    sure = [(share, right) for share, right in counted if share > SURE]
    assert len(sure) > len(counted) / 4
    promised, kept = (sum(column) / len(sure) for column in zip(*sure, strict=True))
    assert abs(promised - kept) < APART, f"{len(sure)} quotations promise {promised:.3f} and {kept:.3f} are right"


def measure(corpus, folder):
    name = FILES[corpus]
    gold.path("quotes/regions.py")  # The scorer reads it.
    by_kind = json.loads(gold.scored(name, gold.annotated(name), folder, "--speech", "--json"))
    exact = {f"{kind} exact F": by_kind[kind]["exact"]["F"] for kind in KINDS}
    end_to_end = {f"{kind} end-to-end F": by_kind[kind]["e2e"]["F"] for kind in KINDS}
    return exact | end_to_end | (right_person(name) if corpus == "interviews" else {})


def right_person(name):
    """Share of the quotations whose speaker the story names somewhere of which the mention leads to that name: what it means ends in a word
    of one of the speaker's mentions. Mentions and verbs of speech are the corpus', names are the package's own."""
    right = []
    for row in gold.rows(name):
        body = row["text"]
        story = {"body": body}
        entities, _ = tag(story, locate(story))
        speakers = Speakers(body, entities, [region for region in quote_regions(body) if region.depth == 0], is_english(body))
        for quote in sorted(row["quotes"], key=lambda quote: quote["start"]):
            if not quote["speech"] or not quote["speaker"]:
                continue
            found = speakers.columns(tuple(quote["speaker"]), tuple(quote["cue"]) if quote["cue"] else None)
            mentions = [body[start:end] for start, end, _ in row["entities"].get(quote["speaker_entity"], [])]
            known = {word for mention in mentions for word in WORD.findall(mention)}
            if any(NAME.fullmatch(word) and word.lower() not in PRONOUNS for word in known):
                meant = found["speaker_canonical"] or ("" if found["speaker_type"] == "pronoun" else found["speaker"])
                right.append(WORD.findall(meant)[-1:] != [] and WORD.findall(meant)[-1].lower() in {word.lower() for word in known})
    return {"right person": 100 * sum(right) / len(right)}
