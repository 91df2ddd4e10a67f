"""The ways in which wire copy reports speech, one function each: from a verb of speech in its sentence to what was said and by whom.

Each takes a `Sentence` and a `Verb` and gives clauses, or None where its pattern does not hold; the first of `PATTERNS` that gives some
decides. The examples in the docstrings have the content in square brackets."""

from collections.abc import Callable

from transforms.text.clauses.contents import after_adverbial, comma_after
from transforms.text.clauses.edges import right_edge
from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.phrases import Phrase, left_of, right_of
from transforms.text.clauses.regions import PHRASE, kind_of
from transforms.text.clauses.sentence import Clause, Sentence, Verb
from transforms.text.clauses.subjects import subject_of_sentence
from transforms.text.clauses.verbs import always_finite, is_clause, verb_among, verb_is_near
from transforms.text.clauses.words import CAPITAL, DETERMINER, FINITE, JOINER, MARK, PAST, PREPOSITION, PRONOUN, TIME, VERB
from transforms.text.lexicons import grammar

LEAST = 3
"""Tokens of a content that stands before its verb."""
_SOURCE = 14
"""Tokens after `According to` in which a comma may begin an apposition of the source."""
_SHORT_APPOSITION = 6
"""Tokens of an apposition of a source that begins with `the`; a longer one is the content."""
_PHRASE_REACH = 12
"""Tokens after `said the minister` in which a verb shows that the minister is the subject of a clause."""
_DESCRIBING = frozenset("describe criticize criticise denounce dismiss praise hail condemn decry slam blast".split())
"""Verbs whose object and the quoted words after `as` report what somebody said of it."""
_OBJECT_TOO = frozenset(
    "acknowledge add claim report announce write promise deny reveal warn maintain pledge state declare quote vow explain".split()
)
"""Verbs that take an object as readily as a clause."""
_NO_CONTENT = frozenset(("of", "and", "or", "but", ",", "when", "after", "because", "while", "as", "before", "since", "until", "so"))
"""First tokens after a verb of speech that begin no content."""
_WHOLE = frozenset(("everything", "what", "all", "whatever", "anything"))
"""First words of a sentence whose subject is what somebody says (`What he says is true`)."""
_PARTICIPLE_STARTS = frozenset(("that", "the", "his", "her", "he", "she", "it", "they"))

Found = list[Clause] | None


def clauses_of(p: Paragraph) -> list[Clause]:
    """Indirect and mixed quotations of a paragraph by the patterns, in the order of their verbs; they may overlap."""
    found: list[Clause] = []
    for low, high in p.sentences:
        sentence = Sentence(p, low, high)
        sentence.found += noun(sentence)
        for number in range(len(sentence.cues)):
            verb = Verb(sentence, number)
            sentence.found += next((clauses for pattern in PATTERNS if (clauses := pattern(sentence, verb)) is not None), [])
        found += sentence.found
    return found


def according_first(s: Sentence, v: Verb) -> Found:
    """According to the ministry, [nobody was hurt]."""
    if v.cue.kind != "according" or v.at - s.low > 2:
        return None
    p = s.p
    comma = next((at for at in range(v.span[1], s.end) if p.low[at] == ","), s.end)
    while comma + 1 < s.end and p.low[comma + 1] in ("a", "an", "the", "who", "which") and comma - v.at < _SOURCE:
        nearest = next((at for at in range(comma + 1, s.end) if p.low[at] == ","), None)
        if nearest is None or (p.low[comma + 1] == "the" and nearest - comma > _SHORT_APPOSITION):
            break
        comma = nearest
    return [v.clause(comma + 1, s.end, (v.span[1], comma), "according")] if comma + 1 < s.end else []


def according_after(s: Sentence, v: Verb) -> Found:
    """[Nobody was hurt], according to the ministry. | [The talks], according to the ministry, [would go on]."""
    if v.cue.kind != "according":
        return None
    p, source = s.p, v.span[1]
    speaker = right_of(p, source, s.end) or ((source, s.end) if source < s.end else None)
    start, end = s.front(), v.at - 1 if p.comma(v.at - 1) else v.at
    if speaker and p.bits[start] & PREPOSITION and p.comma(v.at - 1) and not verb_among(p, start, end):
        speaker = speaker[0], comma_after(p, *speaker)
    after = speaker[1] + 1 if speaker else s.end
    splits = end < v.at and s.end - after > 2 and p.comma(after - 1) and (p.has(after, FINITE) or not verb_among(p, start, end))
    clauses = [v.clause(start, end, speaker, "according")] if end - start >= (1 if splits else LEAST) else []
    return [*clauses, v.clause(after, s.end, speaker, "according")] if splits else clauses


def inverted(s: Sentence, v: Verb) -> Found:
    """[Nobody was hurt], said the minister, who spoke in Oslo."""
    p, end = s.p, v.at - 1
    if not p.comma(end) or end < s.low or p.low[v.at] not in grammar("clause_inverted"):
        return None
    speaker = right_of(p, v.at + 1, s.high)
    if speaker is None or not _may_be_subject(p, speaker) or _is_clause_after(s, speaker):
        return None
    start = s.front()
    if end - start < LEAST or not verb_among(p, start, end) or s.reports_within(start, v.at) or _is_described(p, start, end):
        return None
    return [v.clause(start, end, speaker, "inverted")]


def _is_described(p: Paragraph, start: int, end: int) -> bool:
    """Whether the words before a comma and a verb are its subject with a clause in it: `The bank, which lost money, | said`."""
    commas = [at for at in range(start, end) if p.comma(at)]
    return len(commas) == 1 and p.low[commas[0] + 1] in ("which", "who", "whose") and not verb_among(p, start, commas[0])


def _may_be_subject(p: Paragraph, phrase: Phrase) -> bool:
    """Whether a noun phrase after a verb begins as one that names somebody does."""
    first = phrase[0]
    return p.low[first] != "that" and (bool(p.bits[first] & (CAPITAL | PRONOUN | DETERMINER)) or p.low[first] == "one")


def _is_clause_after(s: Sentence, phrase: Phrase) -> bool:
    """Whether what follows a verb is a clause (`..., said the vote was lost`) and not its subject."""
    p, (low, high) = s.p, phrase
    if p.bits[low] & PRONOUN:
        after = low + 1
        return after < len(p) and not (p.low[after] in ".,;:" or p.bits[after] & (TIME | PREPOSITION | MARK))
    comma = next((at for at in range(low, high) if p.low[at] == ","), high)
    for at in range(low, comma):
        looks = at > low and p.bits[at] & (PAST | VERB) and not p.bits[at] & CAPITAL and p.bits[at - 1] & CAPITAL
        if looks or always_finite(p, at):
            return True
    if p.word(high) == "who" or p.low[low] not in ("the", "a", "an"):
        return False
    return any(always_finite(p, at) for at in range(high, min(s.high, high + _PHRASE_REACH)))


def parenthetical(s: Sentence, v: Verb) -> Found:
    """[The talks], the minister said, [would go on]."""
    p = s.p
    comma = v.at + 1 if p.comma(v.at + 1) else v.content
    if v.participle or v.subject is None or not p.comma(v.subject[0] - 1) or not p.comma(comma) or s.end - comma <= LEAST:
        return None
    start, end, after = s.front(), v.subject[0] - 1, comma + 1
    if s.reports_within(start, end) or p.word(after) in grammar("clause_participle"):
        return None
    rest = v.clause(after, right_edge(p, after, s.end, s.reports), v.subject, "parenthetical")
    if end <= start:
        return [rest] if p.free(after) else None
    if not _is_split(s, start, end, after):
        return None
    goes_on = p.free(after) and not p.low[after].endswith("ing") and p.low[after] not in grammar("clause_afterthought")
    return [v.clause(start, end, v.subject, "parenthetical"), *([rest] if goes_on else [])]


def _is_split(s: Sentence, start: int, end: int, after: int) -> bool:
    """Whether the words before and after `X said,` are one clause, or a clause with what follows it."""
    p = s.p
    if p.has(after, FINITE) or (p.has(after, MARK) and p.has(after + 1, FINITE)):
        return True
    if verb_among(p, start, end + 1):
        return end - start > 1 and not p.low[start].endswith("ing")
    return p.free(after) and is_clause(p, after, s.end) and not p.low[after].endswith("ing")


def trailing(s: Sentence, v: Verb) -> Found:
    """[Nobody was hurt], the minister told reporters on Monday."""
    p = s.p
    if v.participle or v.subject is None or not p.comma(v.subject[0] - 1):
        return None
    tail = after_adverbial(p, v.content, s.end)
    if tail < s.end and not (p.comma(tail) and (tail > v.at + 1 or p.word(tail + 1) in grammar("clause_participle"))):
        return None
    start, end = s.front(), v.subject[0] - 1
    said = verb_among(p, start, end) or any(not p.free(at) for at in range(start, end))
    if end - start < LEAST or not said or s.reports_within(start, end):
        return None
    return [v.clause(start, end, v.subject, "trailing")]


def as_said(s: Sentence, v: Verb) -> Found:
    """As the minister pointed out, [nobody was hurt]. | [The talks], as the minister noted, [would go on]."""
    p = s.p
    before = v.subject[0] - 1 if v.subject else -1
    if v.participle or before < s.low or p.low[before] != "as":
        return None
    after = 1 + (v.span[1] if p.comma(v.span[1]) else after_adverbial(p, v.content, s.end))
    rest = v.clause(after, right_edge(p, after, s.end, s.reports), v.subject, "as") if p.comma(after - 1) and s.end > after else None
    if before == s.low and rest:
        return [rest]
    if not p.comma(before - 1):
        return None
    start, end = s.front(), before - 1
    if rest:
        return [*([v.clause(start, end, v.subject, "as")] if end > start else []), rest]
    return [v.clause(start, end, v.subject, "as")] if v.content >= s.end and end - start >= LEAST else []


def leading_participle(s: Sentence, v: Verb) -> Found:
    """Saying that [nobody was hurt], the minister left. | After saying that [...], the minister left."""
    p = s.p
    if not v.participle or v.number or not all(p.bits[at] & JOINER for at in range(s.low, v.at)):
        return None
    if p.word(v.content) not in _PARTICIPLE_STARTS:
        return None
    for at in range(v.content + LEAST, s.end - 2):
        if p.comma(at) and (p.bits[at + 1] & (CAPITAL | PRONOUN) or p.low[at + 1] == "the"):
            speaker = subject_of_sentence(p, at + 1, s.end)
            return [v.clause(v.content, at, speaker, "participle")] if speaker else []
    return []


def described(s: Sentence, v: Verb) -> Found:
    """The minister described [the claims as a "bad joke"]."""
    if v.cue.verb not in _DESCRIBING:
        return None
    p = s.p
    for low, high in p.regions:
        lead = low - 2 if p.has(low - 1, DETERMINER) else low - 1
        if v.at < lead < s.end and p.low[lead] == "as" and p.free(lead):
            speaker = v.speaker()[0]
            return [v.clause(low if lead == v.at + 1 else v.at + 1, high, speaker, "described")] if speaker else []
    return None


def forward(s: Sentence, v: Verb) -> Found:
    """The minister told reporters on Monday that [nobody was hurt], adding [it was late] and insisted [she would stay]."""
    p, k = s.p, v.content
    if s.end - k < 2 or (p.free(k) and (p.low[k] in _NO_CONTENT or (p.low[k] in ("little", "nothing") and not verb_is_near(p, k, s.end)))):
        return None
    speaker, rule = v.speaker()
    if speaker is None or _is_predicate(s, speaker, k):
        return None
    quoted = not p.free(k)
    if quoted and k > v.span[1] and _after_speech(s, speaker):
        return None
    if v.cue.kind == "tell" and p.low[k] == "that" and p.has(v.span[1], DETERMINER) and p.has(k + 1, FINITE):
        return None  # `told a crowd that had waited in the rain`
    if not (quoted or p.low[k] == "that"):
        if not v.participle and _after_speech(s, speaker):
            return None
        if v.cue.kind not in ("say", "tell") or not _takes_clause(s, v, k):
            return None
    end = p.regions[p.region[k]][1] if quoted and v.cue.kind == "quote" else right_edge(p, k, s.end, s.reports)
    if p.low[s.low] in grammar("clause_opener") and not any(p.comma(at) for at in range(s.low, v.at)):
        end = next((at for at in range(k + LEAST, end) if p.comma(at)), end)
    return [v.clause(k, end, speaker, rule)] if end - k >= 2 else []


def _is_predicate(s: Sentence, subject: Phrase, k: int) -> bool:
    """Whether what follows a verb belongs to the clause around it: `What he says is true`, `The man he told was late`."""
    p = s.p
    verb = p.free(k) and p.bits[k] & FINITE and not p.bits[k] & PRONOUN
    return bool(verb) and (subject[0] == s.low or p.low[s.low] in _WHOLE)


def _after_speech(s: Sentence, subject: Phrase) -> bool:
    """Whether a subject follows a quotation, so that what comes after its verb is no content (`"Go," he said in Oslo where ...`)."""
    p, before = s.p, subject[0] - 1
    if p.comma(before):
        before -= 1
    return before >= s.low and not p.free(before) and kind_of(p, p.region[before]) != PHRASE


def _takes_clause(s: Sentence, v: Verb, k: int) -> bool:
    """Whether what follows the verb without `that` is a clause rather than an object (`announced the plan`)."""
    p = s.p
    if p.bits[k] & (PRONOUN | FINITE | PAST) or (v.cue.verb == "say" and not p.bits[k] & PREPOSITION):
        return True
    return verb_is_near(p, k, s.end) if v.cue.verb in _OBJECT_TOO else is_clause(p, k, s.end)


def noun(s: Sentence) -> list[Clause]:
    """The ministry dismissed the rebels' claim that [hundreds had died]."""
    p = s.p
    if "that" not in p.low[s.low : s.high]:
        return []
    return [
        Clause(at + 1, right_edge(p, at + 1, s.end, s.reports), (at, at + 1), owner, "noun")
        for at in range(s.low + 1, s.high - LEAST)
        if p.low[at + 1] == "that" and p.low[at] in grammar("clause_noun") and p.free(at) and (owner := _owner(s, at))
    ]


def _owner(s: Sentence, at: int) -> Phrase | None:
    """Whose a noun is: `his | claim`, `the rebels' | earlier claim`."""
    p, begin = s.p, at
    while begin > s.low and p.words[begin - 1].isalpha() and p.words[begin - 1].islower() and at - begin < 2:
        if p.bits[begin - 1] & (DETERMINER | PREPOSITION) and not p.bits[begin - 1] & TIME:
            break
        begin -= 1
    before = p.word(begin - 1)
    if before in ("his", "her", "their", "its"):
        return begin - 1, begin
    if before in ("'s", "'") and begin - 2 >= s.low:
        phrase = left_of(p, begin - 1, s.low)
        return (phrase[0], begin) if phrase else None
    return None


PATTERNS: tuple[Callable[[Sentence, Verb], Found], ...] = (
    according_first,
    according_after,
    inverted,
    parenthetical,
    trailing,
    as_said,
    leading_participle,
    described,
    forward,
)
"""In the order in which they are tried."""
