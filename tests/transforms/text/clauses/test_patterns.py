"""Every pattern by sentences that it decides, and by near ones that it must leave.

What was said is in [], the speaker in {}, the cue in <>."""

import pytest

from tests.transforms.text.clauses.marks import decided, expected, found_in, paragraph
from transforms.text.clauses import patterns
from transforms.text.clauses.patterns import PATTERNS, clauses_of, noun
from transforms.text.clauses.sentence import Sentence

GIVES = {
    "according_first": [
        "<According to> {the ministry}, [nobody was hurt in the fire].",
        "But <according to> {the ministry}, [nobody was hurt].",
        "<According to> {Maria Roe, a teacher at the school}, [the roof fell in at noon].",
        "<According to> {the mayor, the oldest in the country}, [nobody was hurt].",
        "<According to> {the Tarnby Herald}, [the bank lost 40 million crowns in May, and its head has left].",
    ],
    "according_after": [
        "[Nobody was hurt], <according to> {the ministry}.",
        "[The bridge was closed at noon] <according to> {the Tarnby Herald}.",
        "[The ferry, which sank in May, was too heavy], <according to> {two officials}.",
        "[On Monday], <according to> {the ministry}, [the bank lost 40 million crowns].",
        "[The talks], <according to> {the ministry}, [would go on].",
        "[The talks], <according to> {Maria Roe, the minister}, [were going nowhere].",
        "[The ferry], <according to> {Roe}, [has been sold to a bank].",
    ],
    "inverted": [
        "[Nobody was hurt in the fire], <said> {the minister}, who spoke in Oslo.",
        "[The bank will open in May], <said> {Maria Roe}.",
        "[The talks have failed], <wrote> {Boris Tarn, the editor of the Tarnby Herald}.",
        "[The plan was a mistake], <added> {he}.",
        "[The bridge is safe], <says> {a spokesman for the railway}.",
    ],
    "parenthetical": [
        "[The talks], {the minister} <said>, [would go on].",
        "[The bank], {Maria Roe} <said> on Monday, [will open in May].",
        "[In the end], {he} <added>, [nobody was hurt].",
        "[The ferry was late], {she} <said>, [and nobody had told the passengers].",
        "[The talks failed], {the minister} <said>, compared with those of May.",
        "[If it rains], {the mayor} <says>, [the bridge will close].",
    ],
    "trailing": [
        "[Nobody was hurt], {the minister} <told> reporters on Monday.",
        "[The talks would go on in May], {Maria Roe, the head of the bank}, <said>.",
        "[It was the worst storm in ten years], {she} <added>.",
        '[A "bad old joke" for all], {Roe} <said>.',
        '["Strategic patience" is over], {the minister} <said>.',
        "[Nobody was hurt when the ferry sank], {officials} <said> late on Monday.",
        "[His claim that it rained was false], {the minister} <said>.",
        "[Nobody was hurt], {the mayor} <said>, adding that the road was open.",
    ],
    "as_said": [
        "As {the minister} <pointed out>, [nobody was hurt].",
        "[The talks], as {the minister} <noted>, [would go on].",
        "[Nobody was hurt], as {the minister} <said>.",
        "As {Maria Roe} <wrote>, [the bank had been warned in May].",
    ],
    "leading_participle": [
        "<Saying> [that nobody was hurt], {the minister} left the room.",
        "After <saying> [that the bank was safe], {Maria Roe} went home.",
        "While <admitting> [that it was late], {the mayor} stayed.",
        "<Insisting> [he had done nothing wrong], {Boris Tarn} left the court on Monday.",
    ],
    "described": [
        '{The minister} <described> [the claims as a "bad joke"].',
        '{Maria Roe} <dismissed> [the report as "pure invention"].',
        '{The mayor} <hailed> [the bridge as "the best in the country"].',
        '{She} <slammed> [the plan as "absurd"] on Monday.',
        '{Boris Tarn} <condemned> as ["unlawful"] what had been done.',
    ],
    "forward": [
        "{The minister} <told> reporters on Monday [that nobody was hurt].",
        "{Maria Roe} <warned> [that the bridge could fall].",
        "{Officials} <say> [the fire began in the kitchen].",
        '{She} <said> [the bank was "too late" to help].',
        "{The bank, which had lost money}, <announced> on Friday [that it would close].",
        "{Boris Tarn, 45, of Oslo}, <said> [it had been dark].",
        "When {the mayor} <said> [the bridge was safe], everybody laughed.",
        "{He} <denied> [he had seen the report].",
        "{Roe} <said> [the bank, whose head left in May, would close].",
        "{The ministry} <said> [nothing had been found].",
        "{The bank, which runs the line between Oslo and Tarnby}, <said> [the break lay at a depth of ten metres].",
        "{The mayor} <told> a crowd [that they had waited in the rain].",
    ],
    "noun": [
        "The ministry dismissed {the rebels'} <claim> [that hundreds had died].",
        "Few trusted {his} <statement> [that the bank was safe].",
        "The court rejected {the mayor's} earlier <claim> [that the bridge was safe].",
        "But {Maria Roe's} <warning> [that the bank could fail].",
    ],
}

LEAVES = {
    "according_first": [
        "According to the ministry.",
        "The mayor said that, according to the ministry, nobody was hurt.",
        "According the mayor an honour, the council voted.",
    ],
    "according_after": [
        "The talks went according to plan.",
        "Everything is going according to schedule.",
        "Go, according to him.",
        "According to the ministry, nobody was hurt.",
    ],
    "inverted": [
        "Maria Roe, said to be the richest woman in Tarnby, was late.",
        "He went to Tarnby, told reporters it rained, and left.",
        "The mayor was tired, said the road was long and went to bed.",
        "Late in May, said Roe.",
        "It was late, said that man.",
        "Nobody was hurt, the ministry said.",
        "The vote was lost, said nobody was to blame, and went home.",
        "The bank (TB), which runs the line between Oslo and Tarnby, said the break lay at a depth of ten metres.",
    ],
    "parenthetical": [
        "The mayor, who said little, went home.",
        "The talks failed, the minister said, adding that it was late.",
        "The bank, she said.",
        "Nobody was hurt, the minister said on Monday.",
        "The mayor said, in Oslo, that it was late.",
        "Nobody, he said, ran.",
    ],
    "trailing": [
        "In Oslo, the minister said.",
        "In the end, the minister told them that nobody was hurt.",
        "On Monday, she said the bank was safe.",
        "Roe said it was late, the minister said.",
        "Roe left, saying.",
        "It rained, said the minister.",
    ],
    "as_said": [
        "As the minister spoke, nobody left.",
        "As he told reporters the bank was safe, the bridge fell.",
        "The plan was as good as the minister said it was.",
        "He ran as she said, adding nothing.",
    ],
    "leading_participle": [
        "Saying goodbye, the minister left.",
        "Saying nothing about the fire, the minister left.",
        "The minister, saying that it was late, left the room.",
        "Saying that the bank that Roe owned was late was a mistake.",
        "Saying that it was late was a mistake.",
    ],
    "described": [
        "The minister described the claims as absurd.",
        'The minister described the "bad joke" as harmless.',
        'The minister said the claims were seen as a "bad joke".',
        'The ministers were described as "late".',
    ],
    "forward": [
        "The minister announced the plan on Monday.",
        "The minister confirmed the date of the vote.",
        "He denied the charges.",
        "The minister said of the plan: nothing.",
        "What he says is true.",
        "The man he told was late.",
        "The mayor told a crowd that had waited in the rain.",
        '"We will go home now," he said in Oslo where it rained.',
        "The ministry said nothing on Monday.",
        "The mayor, who said little, went home.",
        "There were reports that hundreds had died.",
        "The minister was told.",
    ],
    "noun": [
        "The claim that hundreds had died was false.",
        "His claim was false.",
        "There were reports that hundreds had died.",
        "The rebels' claim to the town was weak.",
        "His house that burnt down was insured.",
    ],
}


def said(name, text):
    if name == "noun":
        p = paragraph(text)
        return found_in(p, [clause for low, high in p.sentences for clause in noun(Sentence(p, low, high))])
    return decided(getattr(patterns, name), text)


def rows(table):
    return [(name, text) for name, texts in table.items() for text in texts]


def test_every_pattern_has_its_examples():
    names = {pattern.__name__ for pattern in PATTERNS} | {"noun"}
    assert set(GIVES) == set(LEAVES) == names
    assert all(len(texts) >= 3 for table in (GIVES, LEAVES) for texts in table.values())


@pytest.mark.parametrize(("name", "text"), rows(GIVES))
def test_a_pattern_gives_what_was_said_by_whom(name, text):
    assert said(name, text) == expected(text)


@pytest.mark.parametrize(("name", "text"), rows(LEAVES))
def test_a_pattern_leaves_what_only_looks_like_it(name, text):
    assert said(name, text) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("The mayor said nobody was hurt and added that the road was open.", ["forward", "joined"]),
        ("The mayor said nobody was hurt, adding it was late.", ["forward", "participle"]),
        ("Maria Roe thanked the men, saying they had been brave.", ["participle"]),
        ("The ministry issued a statement saying that the road was open.", ["participle"]),
        ("Nobody was hurt, the mayor said, adding that the road was open.", ["trailing", "participle"]),
        ("While admitting that it was late, the mayor said he would stay.", ["participle", "forward"]),
        ("The mayor said it was late. It was very cold, according to the ministry.", ["forward", "according"]),
    ],
)
def test_a_verb_without_a_subject_of_its_own_takes_that_of_the_one_before(text, rules):
    p = paragraph(text)
    found = clauses_of(p)
    assert [clause.rule for clause in found] == rules
    assert len({p.low[clause.speaker[1] - 1] for clause in found}) == (2 if "according" in rules else 1)


@pytest.mark.parametrize(
    "text", ["", "He.", "Said.", "said said said", "according to", ", he said,", "as he said", "that that that said that"]
)
def test_fragments_of_text_give_nothing_odd(text):
    p = paragraph(text)
    for clause in clauses_of(p):
        assert 0 <= clause.start < clause.end <= len(p)
