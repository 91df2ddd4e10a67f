"""A paragraph as tokens, with its quoted regions and its sentences."""

import bisect
import re
from collections.abc import Sequence

from transforms.text.clauses.words import CAPITAL, MARK, SHORT, STOP, Cue, looks
from transforms.text.quote_regions import Region

_SHORT = (
    "Mr|Mrs|Ms|Messrs|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Capt|Cpl|Cmdr|Sgt|Maj|Adm|Prof|Rev|Hon|Pres|Supt|St|Ft|Mt|Jr|Sr|No|vs|Inc|Corp|Cos?|Ltd"
    "|Bros|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla"
    "|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo"
)
_TOKEN = re.compile(
    r"[A-Za-z]++(?![\w.&’'-])|[,\"“”]"
    r"|[’']s\b|\w\.(?:\w\.)+"
    rf"|(?=[A-Zv])(?:{_SHORT}|[A-Z])\.(?=[ \u00a0][^\W_])|[A-Z]-[A-Z][a-z]*\.|\d+(?:[.,]\d+)+"
    r"|\w+(?:[-.&]\w+)*(?:[’'](?!s\b)\w+)?|''|``|--+|\.\.+|[^\w\s]"
)
"""A possessive, short forms and initials with their full stops (`U.S.`, `Mr.`, `R-Ky.`), numbers, words, marks. The first line is there for
speed alone: the words and marks that are most of a text and can be nothing else."""
_FOREIGN_TOKEN = re.compile(_TOKEN.pattern.replace(r"(?:[-.&]\w+)*", r"(?:[-.&](?!(?:t-)?(?:il|elle|ils|elles|on)\b)\w+)*"))
"""A pronoun that French joins to its verb is a token of its own: `dit | - | il`, `a | - | t | - | elle`."""
_LONGEST = 160
"""Tokens of a sentence; a longer one is cut, so that no cost grows with the square of its length. Of 6,000 news stories
one has a longer one."""
_OPENERS = "[(—-–•*#@"
"""Marks that may stand at the start of a sentence."""
_STARTERS = frozenset("The A An In On At He She It They We But And That This When After While If For As".split())
"""Words that begin a sentence after a short form (`... of the U.S. The ...`)."""


class Paragraph:
    """Tokens of `body[start:end]`.

    `words`, `low` (lower case, straight apostrophes), `starts`, `ends` (characters of the body), `bits` and `region` have one entry a
    token; `region` is the index in `regions` of the quoted region that a token belongs to, its marks included, else -1. `regions` and
    `sentences` are pairs of tokens, `quoted` the regions as the scanner gave them; `cues` is what `cue_at` has said of tokens."""

    __slots__ = ("bits", "body", "cues", "ends", "english", "low", "quoted", "region", "regions", "sentences", "starts", "words")

    def __init__(self, body: str, start: int, end: int, quoted: Sequence[Region], english: bool = True) -> None:
        pattern = _TOKEN if english else _FOREIGN_TOKEN
        tokens = list(pattern.finditer(body, start, end))
        self.english = english
        self.body = body
        self.starts = [token.start() for token in tokens]
        self.ends = [token.end() for token in tokens]
        self.words = words = [token[0] for token in tokens]
        seen = list(map(looks(english).__getitem__, words))
        self.low = [low for low, _ in seen]
        self.bits = [kind for _, kind in seen]
        self.cues: dict[int, Cue | None] = {}
        self.quoted = quoted
        self.region = [-1] * len(words)
        self.regions: list[tuple[int, int]] = []
        for index, region in enumerate(quoted):
            low, high = bisect.bisect_left(self.starts, region.start), bisect.bisect_left(self.starts, region.end)
            self.regions.append((low, high))
            self.region[low:high] = [index] * (high - low)
        self._split()

    def __len__(self) -> int:
        return len(self.words)

    def _split(self) -> None:
        """Sentences end at a full stop outside quotation marks, or at the closing mark after one, before what can begin a sentence."""
        begin, size = 0, len(self.words)
        self.sentences: list[tuple[int, int]] = []
        ends = [at + 1 for at, kind in enumerate(self.bits) if kind & (STOP | MARK | SHORT) and self._ends_sentence(at)]
        if size:
            ends.append(size)
        for end in ends:
            while end - begin > _LONGEST + 1:
                self.sentences.append((begin, begin + _LONGEST + 1))
                begin += _LONGEST + 1
            if end > begin:
                self.sentences.append((begin, end))
                begin = end

    def _ends_sentence(self, at: int) -> bool:
        """Whether a sentence ends with a token that may end one; one after a short form only where the next word begins one."""
        if at + 1 == len(self.words):
            return False
        after = self.words[at + 1]
        if not (self.bits[at + 1] & (CAPITAL | MARK) or after[0].isdigit() or after[0] in _OPENERS):
            return False
        region = self.region[at]
        if region >= 0:
            return bool(self.bits[at] & MARK and at == self.regions[region][1] - 1 and self.bits[at - 1] & STOP)
        return bool(self.bits[at] & STOP) or (bool(self.bits[at] & SHORT) and after in _STARTERS)

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence that a token is in."""
        return self.sentences[bisect.bisect_left(self.sentences, (at + 1,)) - 1]

    def word(self, at: int) -> str:
        """A token in lower case; empty before the first and after the last."""
        return self.low[at] if 0 <= at < len(self.low) else ""

    def free(self, at: int) -> bool:
        """Whether a token stands outside quotation marks."""
        return self.region[at] < 0

    def has(self, at: int, kind: int) -> bool:
        """Whether there is a token at a place and it has one of these bits."""
        return 0 <= at < len(self.bits) and bool(self.bits[at] & kind)

    def initial(self, at: int) -> bool:
        """Whether a token is the full stop after a single letter, which ends no sentence."""
        return self.low[at] == "." and at > 0 and len(self.words[at - 1]) == 1

    def comma(self, at: int) -> bool:
        """Whether a token is a comma outside quotation marks."""
        return 0 <= at < len(self.low) and self.low[at] == "," and self.region[at] < 0
