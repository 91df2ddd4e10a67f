"""Noun phrases that name a speaker, to the left and to the right of a verb of speech, as pairs of tokens.

No parser: a phrase to the left ends where a word stands that no phrase which names a speaker holds, one to the right at the first word that
begins something else. Lengths are bounded, so that the cost of a paragraph grows with its length alone."""

from transforms.text.clauses.paragraph import Paragraph
from transforms.text.clauses.subjects import DASHES, after_dateline
from transforms.text.clauses.verbs import finite
from transforms.text.clauses.words import (
    ADVERB,
    BREAK,
    CAPITAL,
    CUE,
    DETERMINER,
    FINITE,
    MARK,
    PAST,
    PREPOSITION,
    PRONOUN,
    STOP,
    TIME,
    VERB,
    WORD,
    cues,
)
from transforms.text.gazetteer import countries_by_name, region_abbreviations, regions_by_name
from transforms.text.lexicons import grammar
from transforms.text.roles import is_role_noun

Phrase = tuple[int, int]

MAX_WORDS = 18
"""Tokens of a speaker's noun phrase without what stands in apposition to it."""
MAX_APPOSITION = 30
"""Tokens between the commas of an apposition."""
_MAX_RIGHT = MAX_WORDS + MAX_APPOSITION
"""Tokens of a noun phrase to the right of its verb, appositions included."""
_TITLE_WORDS = 9
"""Tokens of a title between quotation marks, the marks included."""
_STATE_WORDS = 4
"""Tokens of the name of a state or country."""
_GOVERNORS = 4
"""Tokens between a subject and the infinitive that goes with it (`went on to | say`)."""
_PEOPLE = frozenset("people person man woman men women residents sources".split())
"""Nouns for people that say nothing of their work."""
_IN_NAMES = frozenset(("'s", ".", "&", "-", "(", ")", "%", "$", "/"))
"""Marks that a noun phrase may hold."""
_LEADING = frozenset("and or but in on at with for to so yet meanwhile still however".split())
"""Words at the front of what was read to the left that are no part of the phrase."""


def left_of(p: Paragraph, at: int, low: int) -> Phrase | None:
    """The subject whose verb is token `at`, not before `low`: adverbs and auxiliaries between them are skipped, an apposition, a bracket or
    a title between quotation marks belongs to it. None where no noun phrase stands there."""
    end = _before_adverbs(p, at, low)
    if end > low and p.low[end - 1] == "to":
        end = _before_infinitive(p, end - 1, low)
    if end <= low:
        return None
    if p.low[end - 1] == "who":
        return end - 1, end
    if not p.free(end - 1):
        begin = _before_title(p, end, low)
    elif p.low[end - 1] == ",":
        begin, end = _before_apposition(p, end - 1, low), end - 1
    elif p.low[end - 1] == ")":
        opened = next((i for i in range(end - 2, low, -1) if p.low[i] == "("), low)
        begin = core_of(p, opened, low) if opened > low else None
    else:
        begin = core_of(p, end, low)
        if begin is not None and begin > low + 1 and p.bits[begin] & PREPOSITION and p.comma(begin - 1):
            begin = _before_apposition(p, begin - 1, low) or begin
        if begin is not None and p.bits[begin] & WORD and not p.bits[begin] & PRONOUN:
            begin = _before_clause(p, begin, low)
    return (_before_another(p, begin, low), end) if begin is not None else None


def quoted_person(p: Paragraph, verb: int) -> Phrase | None:
    """The person whom somebody else quotes: `KCNA quoted | Kim Jong Un | as saying`."""
    cue = cues().get(p.low[verb])
    if cue is None or cue.verb not in ("quote", "cite") or p.word(verb + 1) in ("as", "by"):
        return None
    stop = next((at for at in range(verb + 1, min(len(p) - 1, verb + MAX_WORDS)) if p.low[at] == "as" and p.low[at + 1].endswith("ing")), 0)
    return (verb + 1, stop) if stop > verb + 1 and p.free(verb + 1) else None


def _before_adverbs(p: Paragraph, at: int, low: int) -> int:
    """Where the words end that stand before adverbs, auxiliaries and times (`on Monday`) in front of a verb."""
    end = at
    while end > low and p.bits[end - 1] & (ADVERB | TIME):
        end -= 1
    while end > low and end < at and p.bits[end - 1] & PREPOSITION and p.bits[end] & TIME:
        end -= 1
    return end


def _before_infinitive(p: Paragraph, to: int, low: int) -> int:
    """Where the subject of an infinitive ends, before the verb that it goes with: `X | refused to say`, `she | went on to say`."""
    end = to
    while end > low + 1 and to - end < _GOVERNORS and p.bits[end - 1] & (PAST | VERB | ADVERB | FINITE | PREPOSITION) and p.free(end - 1):
        end -= 1
    return end


def _before_title(p: Paragraph, end: int, low: int) -> int | None:
    """Where the subject begins that ends with a title between quotation marks: `Roe, host of "Morning Joe," | said`."""
    opened, closed = p.regions[p.region[end - 1]]
    if closed - opened > _TITLE_WORDS or opened <= low:
        return None
    return _before_apposition(p, opened, low) if "," in (p.low[closed - 2], p.low[closed - 1]) else core_of(p, opened, low)


def _before_apposition(p: Paragraph, comma: int, low: int) -> int | None:
    """Where the phrase begins that an apposition ending at a comma goes with: `X, a professor, | said`, `X, 45, of Oslo, | said`,
    `X, a professor from Waco, Texas, | said`."""
    inner: int | None = None
    for at in range(comma - 1, max(low, comma - MAX_APPOSITION), -1):
        if not p.free(at):
            break
        if p.low[at] != "," or (begin := core_of(p, at, low)) is None:
            continue
        if inner is not None:
            return begin if _may_have_apposition(p, begin, at) else inner
        if not (_is_state(p, at + 1, comma) and _says_where(p, begin)):
            return begin
        inner = begin
    return inner


def _before_another(p: Paragraph, begin: int, low: int) -> int:
    """Where the phrase begins that names somebody else before the one who begins at `begin`: `X, the chancellor, and | Y, the president,
    said`; `begin` itself where none does (`Nobody was hurt, and | Y, the president, said`)."""
    comma = begin - 2
    if comma <= low or p.low[begin - 1] != "and" or not p.comma(comma) or not p.bits[begin] & CAPITAL:
        return begin
    low = after_dateline(p, low, begin)
    for at in range(comma - 1, max(low, comma - MAX_WORDS), -1):
        if p.comma(at):
            head = core_of(p, at, low)
            opens = head is not None and (head == low or not p.bits[head - 1] & WORD) and _is_name(p, head, at)
            return head if head is not None and opens and core_of(p, comma, at + 1) == at + 1 else begin
        if not p.free(at):
            break
    return begin


def _is_name(p: Paragraph, low: int, high: int) -> bool:
    """Whether tokens are a name, perhaps behind a title."""
    words = [at for at in range(low, high) if p.bits[at] & WORD]
    return bool(p.bits[high - 1] & CAPITAL) and all(
        (p.bits[at] & CAPITAL and not p.bits[at] & (PRONOUN | TIME)) or is_role_noun(p.low[at]) for at in words
    )


def _is_state(p: Paragraph, low: int, high: int) -> bool:
    """Whether tokens are the state or country that a town before them lies in: `Waco, | Texas |,`."""
    if not p.bits[low] & CAPITAL or high - low > _STATE_WORDS:
        return False
    name = p.body[p.starts[low] : p.ends[high - 1]]
    return name in regions_by_name() or name in countries_by_name() or name in region_abbreviations()


def _says_where(p: Paragraph, begin: int) -> bool:
    """Whether a phrase that ends with a town says more of what goes before, as it has no name at its front: `| a farmer from Waco`,
    `| of Lima`, `who lives in | Waco`."""
    return not p.bits[begin] & CAPITAL or p.has(begin - 1, PREPOSITION)


def _may_have_apposition(p: Paragraph, begin: int, end: int) -> bool:
    """Whether a phrase that ends at a comma names somebody, of whom more is said behind it; no time or place does (`In Oslo, | a farmer
    from Waco, Texas,`)."""
    if p.has(begin - 1, PREPOSITION) or (end - begin == 1 and p.low[begin] in grammar("clause_no_name")):
        return False
    return bool(p.bits[end - 1] & CAPITAL) or _names_people(p, end - 1)


def _before_clause(p: Paragraph, begin: int, low: int) -> int:
    """Where the phrase begins whose relative clause ends with a phrase that begins at `begin`: `The union that runs | the port | said`.
    In `the deal that | Peru | said was dead` Peru is no part of a clause whose subject goes before."""
    for at in range(begin - 1, max(low, begin - MAX_APPOSITION), -1):
        if not p.free(at) or not (p.bits[at] & WORD or p.low[at] in _IN_NAMES):
            return begin
        if p.low[at] in _RELATIVE:
            follows = p.bits[at - 1] & WORD and p.low[at - 1] not in _LEADING
            head = core_of(p, at, low) if follows and _is_subject(p, at, begin) else None
            return begin if head is None else head
    return begin


_RELATIVE = frozenset(("that", "which", "who"))


def _is_subject(p: Paragraph, at: int, begin: int) -> bool:
    """Whether a relative pronoun is the subject of its clause: a verb follows it. Before a noun for people it is not, unless an article
    makes that a verb (`that monitors the sea`)."""
    verb = at + 1
    while verb < begin and p.bits[verb] & ADVERB:
        verb += 1
    if p.bits[verb] & (FINITE | VERB | PAST):
        return True
    if p.bits[verb] & (CAPITAL | PRONOUN | DETERMINER | PREPOSITION):
        return False
    if p.low[verb][-1] == "s" and p.bits[verb + 1] & DETERMINER:
        return True
    return verb < begin and (p.low[at] == "who" or (p.low[verb][-1] == "s" and not _names_people(p, verb)))


def core_of(p: Paragraph, end: int, low: int) -> int | None:
    """Start of the plain noun phrase that ends before token `end`, not before `low`; None where there is none."""
    if end > low and p.bits[end - 1] & PRONOUN and p.low[end - 1] != "who":
        return end - 1
    begin = end
    while begin > low and end - begin < MAX_WORDS and _is_in_phrase(p, begin - 1, low) and not _governs(p, begin - 1, end):
        begin -= 1
    while begin < end and (p.low[begin] in _LEADING or (p.bits[begin] & TIME and p.has(begin - 1, PREPOSITION))):
        begin += 1
    names = any(p.words[at].isalpha() or p.bits[at] & CAPITAL for at in range(begin, end))
    return begin if names else None


def _is_in_phrase(p: Paragraph, at: int, low: int) -> bool:
    """Whether a noun phrase that names a speaker may hold a token."""
    kind, word = p.bits[at], p.low[at]
    if p.region[at] >= 0 or kind & BREAK or finite(p, at) or not (kind & WORD or word in _IN_NAMES):
        return False
    if word == ".":
        return at > low and p.initial(at)
    if kind & CUE and not kind & CAPITAL and not ((cue := cues().get(word)) and cue.is_noun):
        return False
    return word != "and" or not p.comma(at - 1)


def _governs(p: Paragraph, at: int, end: int) -> bool:
    """Whether a token is a participle with what belongs to it, not an adjective: `followed | by`, `hearing | a`, `forced | to`."""
    if at + 1 >= end or not (p.bits[at] & PAST or (p.low[at].endswith("ing") and not p.bits[at] & CAPITAL)):
        return False
    if at > 0 and _names_people(p, at - 1):
        return False  # they are described: `two people briefed on the matter`
    return bool(p.bits[at + 1] & (PREPOSITION | DETERMINER)) or p.low[at + 1] == "to"


def _names_people(p: Paragraph, at: int) -> bool:
    """Whether a token is a common noun for people: `officials`, `a man`, `doctors`."""
    word = p.low[at]
    if p.bits[at] & PRONOUN or not p.free(at) or (p.bits[at] & CAPITAL and at != p.sentence(at)[0]):
        return False
    return word in _PEOPLE or is_role_noun(word) or (word.endswith("s") and is_role_noun(word[:-1]))


def right_of(p: Paragraph, at: int, high: int) -> Phrase | None:
    """The noun phrase that begins at token `at` and ends before `high`, its apposition (`, a professor at ...`) included."""
    if at >= high or not p.free(at):
        return None
    if p.bits[at] & PRONOUN:
        return at, at + 1
    end, last = at, min(high, at + _MAX_RIGHT)
    while end < last and not _ends_right(p, at, end, high):
        end += 1
    return (at, _after_another(p, at, end, high)) if end > at else None


def _after_another(p: Paragraph, at: int, end: int, high: int) -> int:
    """Where the phrase ends that names somebody else behind a phrase with an apposition: `said X, the minister, | and Y, her
    counterpart`; its own end where none does (`said X, the minister, and left`)."""
    other = end + 2
    if other >= high or not p.comma(end) or p.low[end + 1] != "and" or not any(p.comma(i) for i in range(at, end)):
        return end
    stop = other
    while stop < high and p.free(stop) and p.bits[stop] & CAPITAL and not p.bits[stop] & (TIME | PRONOUN | DETERMINER):
        stop += 1
    return stop if stop > other and (stop == high or p.comma(stop) or p.bits[stop] & STOP) else end


def _ends_right(p: Paragraph, first: int, at: int, high: int) -> bool:
    """Whether a noun phrase that began at `first` ends before a token."""
    kind, word = p.bits[at], p.low[at]
    if p.region[at] >= 0 or kind & TIME or word in DASHES or word in ";:":
        return True
    if kind & STOP:
        return not p.initial(at)
    if word == ",":
        return not _opens_apposition(p, at + 1, high)
    return at > first and _is_stop(p, word) and not _opens_place(p, at, high)


def _is_stop(p: Paragraph, word: str) -> bool:
    return word in grammar("clause_phrase_end") or (not p.english and word in grammar("foreign_after_name"))


def _opens_place(p: Paragraph, at: int, high: int) -> bool:
    """Whether a preposition goes on with a description: `a professor at | Ewha`, `leader in the Senate`."""
    before, after = p.bits[at - 1], p.bits[at + 1] if at + 1 < high else 0
    return p.low[at] in ("in", "on", "at", "to", "with") and not before & (CAPITAL | TIME) and bool(after & CAPITAL) and not after & TIME


def _opens_apposition(p: Paragraph, at: int, high: int) -> bool:
    """Whether an apposition begins at a token after a comma."""
    if at >= high or not p.free(at) or p.bits[at] & (PRONOUN | MARK | FINITE):
        return False
    return p.low[at] not in grammar("clause_phrase_end") and p.low[at] not in ("and", "or") and not p.low[at].endswith("ing")
