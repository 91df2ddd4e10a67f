"""How the table of confidences is counted, and the table that ships."""

import gzip
import json

import pytest

from tests.transforms.text.clauses.rules import rules_of_the_code
from transforms.models import build_quotations
from transforms.models.build_quotations import LEAST, WEIGHT, judged
from transforms.text import confidence
from transforms.text.clauses.sentence import Clause
from transforms.text.confidence import _table

BODY = '"We will all go home now," Maria Roe said on Monday. The minister said it was far too late.'


def story(*quotations):
    """A story as annotated: the words of each quotation and of its speaker, None for one without."""
    return {
        "id": "1",
        "text": BODY,
        "quotes": [{"frags": [span(words)], "speaker_frags": [span(who)] if who else []} for words, who in quotations],
    }


def span(words):
    start = BODY.index(words)
    return [start, start + len(words)]


DIRECT, INDIRECT = ("direct", "after", "name", "none"), ("indirect", "forward", "description", "none")


@pytest.mark.parametrize(
    ("quotations", "right"),
    [
        ([("We will all go home now", "Maria Roe"), ("it was far too late", "The minister")], [True, True]),
        ([("We will all go home now", "Roe"), ("it was far too late", "minister")], [True, True]),
        ([("We will all go home now", "The minister"), ("it was far too late", "Maria Roe")], [False, False]),
        ([("We will all go home now", None), ("it was far too late", None)], [True, True]),
        ([("go home now", "Maria Roe"), ("late", "The minister")], [True, False]),
        ([("home now", "Maria Roe"), ("far too late", "The minister")], [False, True]),
        ([("on Monday", "Maria Roe")], [False, False]),
        ([], [False, False]),
    ],
    ids=[
        "right",
        "part of the speaker",
        "wrong speaker",
        "no speaker annotated",
        "half of the words",
        "fewer words",
        "wrong words",
        "none",
    ],
)
def test_a_quotation_is_right_by_its_words_and_its_speaker(quotations, right):
    assert [(keys[0], known) for keys, known in judged(story(*quotations))] == list(zip([DIRECT, INDIRECT], right, strict=True))


def test_each_stretch_of_an_annotated_quotation_counts_too():
    row = story(("We will all go home now", "Maria Roe"))
    row["quotes"][0]["frags"].append(span("The minister said it was far too late."))
    keys, right = next(judged(row))
    assert (keys[0], right) == (DIRECT, True)


def test_a_quotation_that_a_parse_finds_too_counts_apart():
    def same(p):
        return [Clause(p.low.index("it"), len(p) - 1, (0, 1), None, "parse")] if "it" in p.low else []

    assert [keys[0] for keys, _ in judged(story(), same)] == [DIRECT, (*INDIRECT[:3], "agrees")]
    assert [keys[0] for keys, _ in judged(story(), lambda p: [])] == [DIRECT, (*INDIRECT[:3], "differs")]


def test_small_words_do_not_make_two_speakers_one():
    assert build_quotations._names("the head of it", [(0, 11)]) == {"head"}
    assert build_quotations._names("his", [(0, 3)]) == {"his"}


def test_the_table_is_counted_from_stories(tmp_path, monkeypatch, capsys):
    rows = [story(("We will all go home now", "Maria Roe"))] * LEAST + [story()] * LEAST
    path = tmp_path / "stories.jsonl.gz"
    path.write_bytes(gzip.compress("".join(f"{json.dumps(row)}\n" for row in rows).encode()))
    monkeypatch.setattr(build_quotations, "TABLE", tmp_path / "table.tsv")
    monkeypatch.setattr(build_quotations, "_parser", lambda model: lambda p: [])
    build_quotations.main(str(path), "a model")
    written = (tmp_path / "table.tsv").read_text(encoding="utf-8")
    assert written.endswith(capsys.readouterr().out)
    table = {tuple(line.split("\t")[:4]): line.split("\t")[4:] for line in written.splitlines() if not line.startswith("#")}
    assert table[DIRECT] == ["0.500", str(2 * LEAST)]
    assert table["indirect", "*", "*", "none"] == ["0.000", str(2 * LEAST)]


def test_a_share_of_few_is_drawn_towards_that_of_its_rule():
    few, rule, kind = (("direct", *rest, "none") for rest in (("after", "name"), ("after", "*"), ("*", "*")))
    counts = {few: [10.0, 10.0], rule: [100.0, 50.0], kind: [100.0, 50.0]}
    assert build_quotations._share(counts, few) == (10 + WEIGHT / 2) / (10 + WEIGHT)
    assert not build_quotations._is_kept(counts, few)
    assert build_quotations._is_kept(counts, kind)


def test_every_rule_has_a_confidence():
    rules = rules_of_the_code()
    assert {"after", "before", "beside", "above", "follow", "forward", "joined", "participle", "noun", "transcript", "fragment"} <= rules
    for kind in ("direct", "mixed", "indirect"):
        for rule in rules - {"fragment"}:
            for speaker in ("name", "pronoun", "description", "none"):
                assert all(0 < confidence.confidence(kind, rule, speaker, agreed) < 1 for agreed in (None, True, False))


def test_a_parse_that_agrees_makes_a_quotation_surer():
    alone, agrees, differs = (confidence.confidence("indirect", "forward", "name", agreed) for agreed in (None, True, False))
    assert differs < alone < agrees


def test_the_table_names_rules_that_the_code_can_give_and_holds_shares():
    table = _table()
    assert {rule for _, rule, _, _ in table} <= rules_of_the_code() | {"*"}
    assert {kind for kind, _, _, _ in table} == {"direct", "mixed", "indirect"}
    assert {speaker for _, _, speaker, _ in table} <= {"*", "name", "pronoun", "description", "none"}
    assert all(0 <= share <= 1 for share in table.values())
    assert all((kind, "*", "*", "none") in table for kind, _, _, _ in table)
