"""Contents by parses that are written here as a pipeline would give them: `word/relation/head`, heads counted from 0."""

import pytest

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.quote_regions import paragraph_spans, quote_regions

spacy = pytest.importorskip("spacy", reason="spaCy is not installed: the quality tier of quotations is not tested")

from transforms.text.spacy_clauses import clauses_in, noun_phrase, speaker_of  # noqa: E402

VOCAB = spacy.blank("en").vocab
CRITICIZED = "The/det/1 mayor/nsubj/2 criticized/ROOT/2 the/det/4 club/dobj/2 for/prep/2 its/poss/7 silence/pobj/5 ./punct/2"
CITING = "Roe/nsubj/1 left/ROOT/1 early/advmod/1 ,/punct/1 citing/advcl/1 the/det/6 delays/dobj/4 ./punct/1"


def parsed(table):
    words, relations, heads = zip(*(entry.rsplit("/", 2) for entry in table.split()), strict=True)
    closing = [after in (",", ".", ";", ":", ")") for after in (*words[1:], ".")]
    return spacy.tokens.Doc(VOCAB, words, [not close for close in closing], deps=list(relations), heads=[int(head) for head in heads])


def contents(table, before=""):
    """(content, speaker, cue) of a paragraph that stands after other text."""
    doc = parsed(table)
    body = before + doc.text
    start, end = paragraph_spans(body)[-1]
    p = Paragraph(body, start, end, [region for region in quote_regions(body, [(start, end)]) if region.depth == 0])

    def text(span):
        return body[p.starts[span[0]] : p.ends[span[1] - 1]]

    found = clauses_in(doc, p, start)
    assert {clause.rule for clause in found} <= {"parse"}
    return [(text((clause.start, clause.end)), text(clause.speaker), text(clause.cue)) for clause in found]


@pytest.mark.parametrize(
    ("table", "content", "speaker", "cue"),
    [
        # a clause after the verb; the subject of a passive is who was told, not who speaks
        (
            "Those/nsubjpass/2 were/auxpass/2 told/ROOT/2 by/agent/2 Roe/pobj/3 the/det/6 road/nsubj/7 is/ccomp/2 safe/acomp/7 ./punct/2",
            "the road is safe", "Roe", "told",
        ),
        ("Roe/nsubj/1 refused/ROOT/1 to/aux/3 say/xcomp/1 who/nsubj/5 paid/ccomp/3 ./punct/1", "who paid", "Roe", "say"),
        # a clause before it, with the speaker's apposition
        (
            "The/det/1 road/nsubj/2 is/ccomp/9 safe/acomp/2 ,/punct/9 Roe/nsubj/9 ,/punct/5 a/det/8 doctor/appos/5 wrote/ROOT/9 ./punct/9",
            "The road is safe", "Roe, a doctor", "wrote",
        ),
        # an aside, by which the clause is the head
        (
            "The/det/1 road/nsubj/2 is/ROOT/2 safe/acomp/2 ,/punct/2 Roe/nsubj/6 said/parataxis/2 ./punct/2",
            "The road is safe", "Roe", "said",
        ),
        (
            "As/mark/4 the/det/2 paper/nsubj/4 first/advmod/4 reported/advcl/8 ,/punct/8 the/det/7 club/nsubj/8 shut/ROOT/8 ./punct/8",
            "the club shut", "the paper", "reported",
        ),
        (CRITICIZED, "the club for its silence", "The mayor", "criticized"),
        (CITING, "the delays", "Roe", "citing"),
        ("Roe/nsubj/1 pointed/ROOT/1 out/prt/1 the/det/5 long/amod/5 delays/dobj/1 ./punct/1", "the long delays", "Roe", "pointed out"),
    ],
)  # fmt: skip
def test_ways_of_reporting_speech(table, content, speaker, cue):
    assert contents(table) == [(content, speaker, cue)]
    assert contents(table, before="Nothing else.\n\n") == [(content, speaker, cue)]


@pytest.mark.parametrize(
    "table",
    [
        # nobody speaks
        "It/nsubjpass/2 was/auxpass/2 said/ROOT/2 the/det/4 road/nsubj/5 is/ccomp/2 safe/acomp/5 ./punct/2",
        # who speaks in a clause that describes a noun is as often another
        "Roe/nsubj/1 left/ROOT/1 a/det/3 note/dobj/1 that/nsubj/5 said/relcl/3 he/nsubj/7 was/ccomp/5 ill/acomp/7 ./punct/1",
        # the object is what others said or did
        "Roe/nsubj/1 praised/ROOT/1 the/det/3 club/dobj/1 ./punct/1",
        # an infinitive tells what is to be, not what is
        "Roe/nsubj/1 asked/ROOT/1 them/nsubj/4 to/aux/4 leave/xcomp/1 ./punct/1",
        # two sentences that the parser joined
        "The/det/1 road/nsubj/2 is/ccomp/6 safe/acomp/2 ;/punct/6 Roe/nsubj/6 said/ROOT/6 so/advmod/6 ./punct/6",
        # what was said stands between quotation marks after the verb
        'The/det/1 road/nsubj/2 is/ccomp/6 safe/acomp/2 ,/punct/6 Roe/nsubj/6 said/ROOT/6 :/punct/6 "/punct/6 Go/dep/6 on/prt/9 "/punct/6',
        # a verb of speech within quotation marks reports nothing
        '"/punct/2 Roe/nsubj/2 said/ROOT/2 the/det/4 road/nsubj/5 is/ccomp/2 safe/acomp/5 "/punct/2',
    ],
)
def test_what_reports_no_speech(table):
    assert contents(table) == []


def test_tokens_that_are_cut_otherwise_than_ours():
    words, spaces = (
        ["The", "co", "-", "owner", "cited", "a", "U.S.", "loan", "."],
        [True, False, False, True, True, True, True, False, False],
    )
    relations, heads = ["det", "compound", "punct", "nsubj", "ROOT", "det", "compound", "dobj", "punct"], [3, 3, 3, 4, 4, 7, 7, 4, 4]
    doc = spacy.tokens.Doc(VOCAB, words, spaces, deps=relations, heads=heads)
    p = Paragraph(doc.text, 0, len(doc.text), [])
    assert len(p) < len(doc)
    (clause,) = clauses_in(doc, p, 0)
    assert p.words[clause.start : clause.end] == ["a", "U.S.", "loan"]
    assert p.words[slice(*clause.speaker)] == ["The", "co-owner"]


def test_the_speaker_of_verbs_that_share_a_subject():
    doc = parsed("Roe/nsubj/1 came/ROOT/1 and/cc/1 said/conj/1 no/intj/3 ,/punct/1 adding/advcl/3 nothing/dobj/6 ./punct/1")
    assert [speaker_of(doc[at]).text for at in (1, 3, 6)] == ["Roe", "Roe", "Roe"]
    doc = parsed("Roe/nsubj/4 ,/punct/0 who/nsubj/3 spoke/relcl/0 left/ROOT/4 ./punct/4")
    assert speaker_of(doc[3]).text == "Roe"
    assert noun_phrase(doc[0]) == (0, 1)
