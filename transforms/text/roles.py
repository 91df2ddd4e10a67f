"""What a story says a person is: the title or role words before a name, or the apposition after it."""

import functools
import re

from transforms.text.lexicons import cue_forms, grammar, word_list

_WINDOW_BEFORE = 120
_WINDOW_AFTER = 160
_MAX_ROLE_WORDS = 14
_LAST_WORDS = re.compile(r"[^\W\d_][\w'’.-]*")
_APPOSITION = re.compile(r",\s+((?:[^,.;:!?()\"“”„«»\n]|\.(?=\w)|\.(?=,)){3,130})(?=[,.;:—–\n]|\s-\s|$)")
_AGE = re.compile(r",\s+(?:aged\s+)?\d{1,3}(?=[,.])")
_BREAK = re.compile(r"[,;:!?()\"“”„«»\n—]|\. ")
_SHORT = re.compile(r"\b(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Gen|Col|St)\.$")
_PAUSE = re.compile(r"\s*$|[,.;:\n)]| (?:in|on|at|of|from|last|this|late|early|after|during|told|said|says|[A-Z][a-z]{2,8}day)\b")
_INNER = frozenset(("of", "for", "the", "and", "de"))
_LEAD = re.compile(r"(?:(?:of|for|the|and|de|The|\w+-[a-z]+) )+")
"""Words at the front of an owner that are not part of its name: small words and adjectives such as 'Seoul-based'."""
_WORD_END = re.compile(r"[\w'’-]+")


@functools.cache
def _nouns() -> frozenset[str]:
    return word_list("role_nouns.txt")


def _owner(window: str, at: int) -> int | None:
    """Start of the capitalised name whose possessive ends at `at`; None where there is none."""
    if not window[:at].endswith(("'s ", "’s ", "' ", "’ ")):
        return None
    words = window[:at].split(" ")
    first = len(words) - 1
    while first > 0 and len(words) - first <= _MAX_ROLE_WORDS and (words[first - 1][:1].isupper() or words[first - 1] in _INNER):
        first -= 1
    return sum(len(w) + 1 for w in words[:first]) if first < len(words) - 1 else None


def is_role_noun(word: str) -> bool:
    """Whether a word in lower case names a person's work or standing."""
    nouns = _nouns()
    return word in nouns or ("-" in word and word.rpartition("-")[2] in nouns)


def role_before(text: str, start: int) -> tuple[int, str] | None:
    """Role in lower case directly before a name: its start and text ('senior research fellow'), or None.

    An organisation or place in the possessive directly before the words belongs to the role
    (`Institute for Example Studies's senior fellow`)."""
    if text[start - 1 : start] not in (" ", "\u00a0") or not is_role_noun(
        text[text.rfind(" ", max(0, start - 40), start - 1) + 1 : start - 1]
    ):
        return None
    low = max(0, start - _WINDOW_BEFORE)
    window = text[low:start]
    words = list(_LAST_WORDS.finditer(window))
    if not words or words[-1].end() != len(window) - 1 or not is_role_noun(words[-1][0].lower()) or not words[-1][0][0].islower():
        return None
    first = len(words) - 1
    while first > 0 and len(words) - first < _MAX_ROLE_WORDS:
        before, here = words[first - 1], words[first]
        if window[before.end() : here.start()] not in (" ", "\u00a0") or not before[0][0].islower():
            break
        if before[0] in grammar("role_break") or before[0] in cue_forms() or before[0].endswith("ly"):
            break
        first -= 1
    at = words[first].start()
    owner = _owner(window, at)
    if owner is not None:
        lead = _LEAD.match(window, owner)
        at = lead.end() if lead else owner
    return low + at, window[at:].rstrip()


def role_after(text: str, end: int) -> tuple[int, int] | None:
    """Apposition after a name, as a span: 'professor at Example University', 'the party's leader'; None where what follows is none."""
    match = _APPOSITION.match(text, end, min(len(text), end + _WINDOW_AFTER))
    if match is None:
        return None
    words = _WORD_END.findall(match[1])
    if not words or words[0].lower() in grammar("not_apposition") or len(words) > 25:
        return None
    for position, word in enumerate(words):
        lower = word.lower()
        if is_role_noun(lower):
            return match.span(1)
        if lower in ("who", "which", "that") or (lower in cue_forms() and position):
            return None
    return None


def role_ahead(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Description that a name stands in apposition to, as a span: of `said the school's founder, Ana Roa` and of
    `"...," its inventor, Ana Roa, said` the words before the comma; None where none goes before the name `text[start:end]`.

    It opens a sentence or follows a quotation or a verb of speech, its noun is a role, and after the name the sentence pauses."""
    if text[start - 2 : start] != ", " or not _PAUSE.match(text, end):
        return None
    low = max(0, start - _WINDOW_BEFORE)
    begin = low
    for match in _BREAK.finditer(text, low, start - 2):
        if match[0] != ". " or not _SHORT.search(text, low, match.start() + 1):
            begin = match.end()
    if begin == low and low > 0:
        return None
    words = list(_LAST_WORDS.finditer(text, begin, start - 2))
    after_verb = False
    while words and (words[0][0] in cue_forms() or words[0][0] in grammar("between_speaker_and_verb")):
        after_verb = after_verb or words[0][0] in cue_forms()
        del words[0]
    if not words or len(words) > _MAX_ROLE_WORDS or (not after_verb and text[begin - 1 : begin] == ","):
        return None
    head = next((i for i, word in enumerate(words) if i and word[0] in grammar("after_head")), len(words)) - 1
    return (words[0].start(), start - 2) if is_role_noun(words[head][0].lower()) else None


def has_age(text: str, end: int) -> bool:
    """Whether an age follows the name: `, 45,`."""
    return _AGE.match(text, end) is not None
