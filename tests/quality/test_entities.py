"""Floors of names: spans and types of people, organisations, places and the rest."""

import pytest

from tests.quality import clusters, gold

FILES = {
    "wikigold": "entities/wikigold_cc_by.jsonl.gz",
    "gmb": "entities/gmb_silver.jsonl.gz",
    "reuters128": "entities/linked_reuters128.jsonl.gz",
    "gum": "entities/gum_links_not_news.jsonl.gz",
}
KINDS = ("m3", "m3 untyped", "PER", "ORG", "LOC", "MISC")
MENTIONS = {f"{kind} F1": rf"^{kind} +P .* F1 +([\d.]+)" for kind in KINDS}
LINKED = {"span": r"exact span ([\d.]+) %", "span and type": r"span and type ([\d.]+) %"}


@pytest.mark.parametrize("floor", gold.floors("entities"), ids=str)
def test_names_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def measure(corpus, folder):
    name = FILES[corpus]
    found = list(gold.annotated(name))
    if corpus == "gum":
        return clusters.scores(people_of_gum(gold.rows(name), found))
    if corpus == "reuters128":
        return gold.numbers(gold.scored(name, found, folder), LINKED) | clusters.scores(linked_of_reuters(gold.rows(name), found))
    return gold.numbers(gold.scored(name, found, folder), MENTIONS)


def linked_of_reuters(stories, found):
    for story, row in zip(stories, found, strict=True):
        labels = [label for label in story["labels"] if label["qid"] and not label["coref"] and label["text"][:1].isupper()]
        yield clusters.linked(labels, "qid", row["entities"])


def people_of_gum(stories, found):
    for story, row in zip(stories, found, strict=True):
        labels = [label for label in story["mentions"] if label["type"] == "PER" and label["text"][:1].isupper()]
        yield clusters.linked(labels, "group", row["entities"])
