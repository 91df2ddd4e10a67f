"""Floors of quotations: exact spans, and spans with the right speaker, of speech only."""

import json

import pytest

from tests.quality import gold

FILES = {"dev": "quotes/dev.jsonl.gz", "interviews": "quotes/interviews_cc_by.jsonl.gz"}
KINDS = ("direct", "all")


@pytest.mark.parametrize("floor", gold.floors("quotes"), ids=str)
def test_quotations_hold_their_floors(floor, measured, say):
    gold.hold(floor, measured(floor.corpus), say)


def measure(corpus, folder):
    name = FILES[corpus]
    gold.path("quotes/regions.py")  # The scorer reads it.
    by_kind = json.loads(gold.scored(name, gold.annotated(name), folder, "--speech", "--json"))
    exact = {f"{kind} exact F": by_kind[kind]["exact"]["F"] for kind in KINDS}
    return exact | {f"{kind} end-to-end F": by_kind[kind]["e2e"]["F"] for kind in KINDS}
