"""Floors of names: spans and types of people, organisations, places and the rest."""

import pytest

from tests.quality import gold

FILES = {
    "wikigold": "entities/wikigold_cc_by.jsonl.gz",
    "gmb": "entities/gmb_silver.jsonl.gz",
    "reuters128": "entities/linked_reuters128.jsonl.gz",
}
KINDS = ("m3", "m3 untyped", "PER", "ORG", "LOC", "MISC")
MENTIONS = {f"{kind} F1": rf"^{kind} +P .* F1 +([\d.]+)" for kind in KINDS}
LINKED = {"span": r"exact span ([\d.]+) %", "span and type": r"span and type ([\d.]+) %"}


@pytest.mark.parametrize("floor", gold.floors("entities"), ids=str)
def test_names_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def measure(corpus, folder):
    name = FILES[corpus]
    return gold.numbers(gold.scored(name, gold.annotated(name), folder), LINKED if corpus == "reuters128" else MENTIONS)
