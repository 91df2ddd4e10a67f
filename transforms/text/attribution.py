"""Attributions: the verb of speech before or after a quotation, and the words that name the speaker."""

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from transforms.text.lexicons import cue_forms, foreign_cues, grammar, pronouns
from transforms.text.quote_regions import Region
from transforms.text.roles import is_role_noun
from transforms.text.sentences import REACH, Sentences, ends_in_abbreviation

_WORD = re.compile(r"[^\W_](?:[\w]|[-’'.&](?=\w))*")
MAX_SPEAKER_WORDS = 30
"""Words between a quotation and its verb of speech: a name with a long apposition has about twenty."""
MAX_NAME_WORDS = 4
"""Words of a name that stands before a colon for its speaker (`Roe: "`)."""
MAX_WORDS_TO_MARK = 14
"""Words from a verb of speech to the comma or colon before the quotation (`said in a statement on Friday:`)."""
_STOP_AFTER_NAME = re.compile(
    r"[,;:.!?—–(\n\"“”]| - | -- |\s(?:who|when|after|before|as|while|on|during|in|at|to|with|about|from|that|of the)\s"
    r"|\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\s(?:last|this|earlier|later|yesterday|today)\b"
)
"""Where the name of a speaker ends who stands after the verb."""
_SAID = re.compile(r" (?:said|says) |(?: \w[\w.'’-]*){1,3} (?:said|says)\b")
_LINK = re.compile(r"[\s,.;:—–-]*")
MAX_ADJECTIVES = 5
"""Words before which the role of a speaker without an article must have come (`former police chief Roe said`)."""
MIN_BARE_WORDS = 5
"""Fewer quoted words right after a verb without comma or colon are a phrase, not a quotation."""
MIN_WORDS = 3
"""Fewer quoted words after a comma that does not follow the verb itself are a title or a nickname."""
MAX_REST = 250
"""Characters after the attribution, in its sentence (`, the former head of ..., on Monday`), before the same speech goes on."""


_RELATIVES = frozenset(("who", "whose", "whom", "which"))
"""Words that open a relative clause after a speaker."""
_OPENERS = frozenset(("", "but", "and", "yet", "so", "still", "then", "—", "-", "*", "•", "--", "("))
"""What may stand between the start of a sentence and the quotation that fills it."""


@functools.cache
def _foreign_stop() -> re.Pattern[str]:
    """The same where the text is not English."""
    return re.compile(rf"{_STOP_AFTER_NAME.pattern}|\s(?:{'|'.join(sorted(grammar('foreign_after_name')))})\s")


class Attribution(NamedTuple):
    """Where the cue stands, where the words stand that name the speaker (None where nothing does), by which rule, and where all ends."""

    cue: tuple[int, int]
    speaker: tuple[int, int] | None
    rule: str
    end: int


class Clauses:
    """The sentences around the quotations of one body."""

    def __init__(self, body: str, regions: Sequence[Region], english: bool = True) -> None:
        self.body = body
        self.pronouns = pronouns(english)
        self.stop_after_name = _STOP_AFTER_NAME if english else _foreign_stop()
        self.sentences = Sentences(body, regions)
        self.cues = cue_forms() if english else cue_forms() | foreign_cues()
        self.skip, self.not_speaker = grammar("between_speaker_and_verb"), grammar("not_in_speaker")
        self.auxiliaries: frozenset[str] = frozenset() if english else grammar("foreign_auxiliary")
        self.skip |= self.auxiliaries
        self.articles: frozenset[str] = frozenset() if english else grammar("foreign_article")
        self.before_noun = grammar("before_noun")

    def complete(self, region: Region) -> bool:
        """Whether what is quoted ends as a sentence or before an attribution does."""
        inner = self.body[region.inner_start : region.inner_end].rstrip()
        return not region.closed or inner[-1:] in ".,!?…;—-–'’”" or self.body[region.end : region.end + 1] in (",", ".")

    def opens_sentence(self, region: Region, previous: int, start: int) -> bool:
        """Whether a sentence begins with this quotation (a conjunction apart)."""
        left = self.body[max(previous, region.start - 40) : region.start].rstrip()
        if region.start - 40 <= previous and left.strip().lower() in _OPENERS:
            return previous == start or self.body[max(previous - 2, 0)] in ".!?…"
        return bool(left) and left[-1] in ".!?:…)" and not ends_in_abbreviation(left, 0, len(left))

    def after(self, region: Region, limit: int) -> Attribution | None:
        """The attribution that follows a quotation: `," he said`, `," said the minister`, `," X, a professor, told AFP`."""
        if not self.complete(region) and not self._said_next(region):
            return None
        body, start = self.body, region.end
        limit = min(limit, start + REACH, len(body))
        stop = self.sentences.end(start, limit)
        link = _LINK.match(body, start, stop)
        begin = link.end() if link else start
        if begin > start and "." in body[start:begin]:
            return None
        words = list(_WORD.finditer(body, begin, stop))[: MAX_SPEAKER_WORDS + 2]
        if not words or words[0].start() != begin:
            return None
        inside: int | None = None
        for index, word in enumerate(words):
            if self._is_cue(words, index):
                if all(word[0] in self.auxiliaries or self._joined_pronoun(word) for word in words[:index]):
                    return self._inverted(words, index, stop)
                if not self._in_aside(words, index):
                    return self._plain(words, index, begin)
                inside = index if inside is None else inside
            elif word[0].lower() in self.not_speaker and not self._aside(words, index):
                break
        return self._plain(words, inside, begin) if inside is not None else None

    def _in_aside(self, words: list[re.Match[str]], index: int) -> bool:
        """Whether a verb stands inside a clause that a comma has opened after the speaker (`X, who began the project in May, told AFP`):
        between the last comma and the verb that goes with the speaker stand only adverbs and auxiliaries of it."""
        first = self._before_adverbs(words, index) + 1
        return self._commas(words, 0, index) > 0 and not self._commas(words, first - 1, first)

    def _commas(self, words: list[re.Match[str]], low: int, high: int) -> int:
        """Commas between two words."""
        return self.body.count(",", words[low].end(), words[high].start())

    def _said_next(self, region: Region) -> bool:
        """A quotation without punctuation at its end before a plain `said`: the comma was forgotten."""
        return _SAID.match(self.body, region.end) is not None and self._size(region) >= MIN_BARE_WORDS

    def _size(self, region: Region) -> int:
        return len(_WORD.findall(self.body, region.inner_start, region.inner_end))

    def _aside(self, words: list[re.Match[str]], index: int) -> bool:
        """Whether the word stands in a clause between commas or belongs to the verb (`has said`)."""
        if words[index][0].lower() in self.skip:
            return index + 1 < len(words)
        between = self.body[words[0].start() : words[index].start()]
        return "," in between or words[index][0] in ("to", "and")

    def _is_cue(self, words: list[re.Match[str]], index: int) -> bool:
        form = words[index][0]
        if form not in self.cues and not (self._joined_pronoun(words[index]) and form.partition("-")[0] in self.cues):
            return False
        if index and words[index - 1][0] in self.auxiliaries:
            return True
        if index and words[index - 1][0].lower() in self.before_noun and words[index - 1][0].lower() not in self.pronouns:
            return False
        return not (index and form.endswith("ing") and words[index - 1][0].lower() in ("of", "for", "by"))

    def _joined_pronoun(self, word: re.Match[str]) -> tuple[int, int] | None:
        """The pronoun that a verb has at its end: `dit-il`, `a-t-elle`."""
        pronoun = word[0].rpartition("-")[2]
        known = bool(self.auxiliaries) and "-" in word[0] and pronoun in self.pronouns
        return (word.end() - len(pronoun), word.end()) if known else None

    def _inverted(self, words: list[re.Match[str]], verb: int, stop: int) -> Attribution | None:
        """Verb first (`words[verb]`, auxiliaries before it), then the speaker."""
        cue = (words[0].start(), words[verb].end())
        joined = next(filter(None, map(self._joined_pronoun, words[: verb + 1])), None)
        if joined is not None:
            return Attribution(cue, joined, "after", cue[1])
        at = verb + 1
        while at < len(words) and (words[at][0].lower() in self.skip or words[at][0].endswith("ly")) and words[at][0].islower():
            at += 1
        if at >= len(words):
            return Attribution(cue, None, "after", cue[1])
        if words[0][0] in ("adding", "saying") or self.body[cue[1] : words[at].start()].strip():
            return Attribution(cue, None, "after", cue[1])
        begin = words[at].start()
        if words[at][0].lower() in self.pronouns and words[at][0] not in self.articles:
            return Attribution(cue, words[at].span(), "after", words[at].end())
        if words[at][0].lower() in grammar("after_inverted"):
            return Attribution(cue, None, "after", cue[1])
        match = self.stop_after_name.search(self.body, begin + 1, stop)
        while match is not None and match[0] == "." and ends_in_abbreviation(self.body, begin, match.end()):
            match = self.stop_after_name.search(self.body, match.end(), stop)
        end = match.start() if match else stop
        return Attribution(cue, (begin, end), "after", end)

    def _before_adverbs(self, words: list[re.Match[str]], index: int) -> int:
        """The last word before a verb that is no adverb or auxiliary of it."""
        last = index - 1
        while last > 0 and (words[last][0].lower() in self.skip or (words[last][0].endswith("ly") and words[last][0].islower())):
            last -= 1
        return last

    def _plain(self, words: list[re.Match[str]], index: int, begin: int) -> Attribution | None:
        """The speaker first, then the verb."""
        cue = words[index].span()
        last = self._before_adverbs(words, index)
        first = words[0][0]
        named = first[0].isupper() or first[0].isdigit() or first.lower() in self.pronouns or first in grammar("starts_speaker")
        if not named and not any(is_role_noun(word[0]) for word in words[:MAX_ADJECTIVES]):
            return None
        return Attribution(cue, (begin, words[last].end()), "after", cue[1])

    def before(self, region: Region, previous: int, start: int) -> Attribution | None:
        """The attribution that leads to a quotation: `he said: "`, `X told reporters, "`, `saying "`."""
        low = self.sentences.start(region.start, start)
        left = self.body[low : region.start].rstrip()
        end = low + len(left)
        mark = left[-1:] if left[-1:] in (",", ":") else ""
        words = list(_WORD.finditer(self.body, max(low, previous), region.start))[-MAX_SPEAKER_WORDS:]
        if not words or (not mark and words[-1].end() != end):
            return None
        reach = MAX_WORDS_TO_MARK if mark else 1
        nearest = next((i for i in range(len(words) - 1, max(-1, len(words) - 1 - reach), -1) if self._is_cue(words, i)), None)
        if nearest is None and mark:
            return self._named_before(region, words, low, end, mark)
        if nearest is None or not self._fits(region, mark, self.body[words[nearest].end() : end - 1] if nearest < len(words) - 1 else None):
            return None
        rule = "colon" if mark == ":" else "before" if mark else "bare"
        return Attribution(words[nearest].span(), self._subject(low, words, nearest), rule, region.start)

    def _named_before(self, region: Region, words: list[re.Match[str]], low: int, end: int, mark: str) -> Attribution | None:
        """Without a verb: `According to X, "` and `X: "`."""
        if not self.complete(region) or self._size(region) < MIN_WORDS:
            return None
        if len(words) > 2 and words[0].start() == low and words[0][0].lower() == "according" and words[1][0] == "to":
            return Attribution((words[0].start(), words[1].end()), (words[2].start(), end - 1), "before", region.start)
        if mark == ":" and len(words) <= MAX_NAME_WORDS and words[0].start() == low and all(w[0][0].isupper() for w in words):
            return Attribution((end - 1, end), (words[0].start(), words[-1].end()), "colon", region.start)
        return None

    def _fits(self, region: Region, mark: str, between: str | None) -> bool:
        """Whether what is quoted is speech rather than a phrase or a title; `between`: words between the verb and the mark, if any."""
        size = self._size(region)
        if not mark:
            return size >= MIN_BARE_WORDS
        if mark == "," and not self.complete(region):
            return False
        return between is None or (size >= MIN_WORDS and not (mark == "," and "," in between))

    def _subject(self, low: int, words: list[re.Match[str]], index: int) -> tuple[int, int] | None:
        """The words before a verb that name its subject; of a participle, the subject of the sentence."""
        if words[index][0].endswith("ing") or index == 0:
            return self._sentence_subject(low, words[index].start())
        last = self._before_aside(words, self._before_adverbs(words, index))
        first = last
        if words[last][0].lower() in self.pronouns:
            return words[last].span()
        while first > 0 and words[first - 1][0].lower() not in self.not_speaker and words[first - 1][0] not in self.cues:
            gap = self.body[words[first - 1].end() : words[first].start()]
            if any(c in gap for c in ';:—–"“”') or (", " in gap and words[first][0].lower() in ("the", "a", "he", "she")):
                break
            first -= 1
        while first < last and words[first][0].lower() in grammar("leading_preposition"):
            first += 1
        return words[first].start(), words[last].end()

    def _before_aside(self, words: list[re.Match[str]], last: int) -> int:
        """The last word before a clause or an apposition between commas that stands between a speaker and the verb: of `Roe, who began
        the project, told AFP` the index of `Roe`. `last` itself where no such clause ends after it."""
        if last + 1 >= len(words) or not self._commas(words, last, last + 1):
            return last
        for at in range(last, 0, -1):
            if self._commas(words, at - 1, at):
                return at - 1 if self._opens_aside(words[at : last + 1]) else last
        return last

    def _opens_aside(self, words: list[re.Match[str]]) -> bool:
        """Whether words after a comma are a relative clause or an apposition: `who began it`, `the head of the bank`, `former mayor`."""
        first = words[0][0]
        return first in _RELATIVES or (first.islower() and (first in self.before_noun or any(is_role_noun(word[0]) for word in words)))

    def _sentence_subject(self, low: int, high: int) -> tuple[int, int] | None:
        """The first capitalised words or pronoun of a sentence, up to its first verb of speech."""
        for word in _WORD.finditer(self.body, low, high):
            if word[0].lower() in self.pronouns:
                return word.span()
            if word[0] in self.cues or word[0].lower() in self.not_speaker:
                return low, word.start()
        return (low, high) if high > low else None

    def beside(self, region: Region, start: int) -> Attribution | None:
        """The attribution of the sentence before, in the same paragraph, for a quotation that is a sentence of its own."""
        at = region.start
        while at > start and self.body[at - 1].isspace():
            at -= 1
        low = self.sentences.start(at - 1, start)
        words = [w for w in _WORD.finditer(self.body, low, at) if not self.sentences.quoted(w.start())]
        for index in range(len(words) - 1, 0, -1):
            if self._is_cue(words, index) and self.body[words[index - 1].end() : words[index].start()] in (" ", ", "):
                left = words[: index + 1][-MAX_SPEAKER_WORDS:]
                return Attribution(words[index].span(), self._subject(low, left, len(left) - 1), "beside", at)
        return None

    def ends_sentence(self, region: Region) -> bool:
        """Whether the quotation ends with a full stop, question or exclamation mark of its own and the text goes on with a new sentence."""
        inner = self.body[region.inner_start : region.inner_end].rstrip(" '’”\"")
        rest = self.body[region.end : region.end + 3].lstrip(" )")
        return (not region.closed or inner[-1:] in ".!?…") and (not rest or rest[0] == "\n" or not rest[0].islower())

    def above(self, paragraph: tuple[int, int]) -> Attribution | None:
        """The attribution of a paragraph that ends with a colon, for the quotation below it."""
        start, end = paragraph
        text = self.body[max(start, end - REACH) : end].rstrip()
        if not text.endswith(":"):
            return None
        close = max(start, end - REACH) + len(text)
        low = self.sentences.start(close - 1, start)
        words = list(_WORD.finditer(self.body, low, close))
        for index in range(len(words) - 1, -1, -1):
            if self._is_cue(words, index):
                return Attribution(words[index].span(), self._subject(low, words, index), "above", close)
        return None

    def only_attribution(self, attribution: Attribution, previous: int, start: int) -> bool:
        """Whether between two quoted stretches stands little more than the attribution of the first."""
        if attribution.cue[0] < previous:
            return False
        low = max(attribution.end, previous)
        between = self.body[low:start].rstrip()
        if between and between[-1] not in ",.:;—–-":
            return False
        return len(between) <= MAX_REST and self.sentences.end(low, low + len(between)) >= low + len(between) - 1
