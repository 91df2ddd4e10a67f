"""The stories that the page shows in full: which, and all that it says of each."""

import collections
import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

import duckdb

from pipelines.lake.answer import rows_of
from pipelines.report.marks import Mark, Piece, paragraphs
from pipelines.report.standing import READABLE
from schemas import Row

MOST_OF_A_CLUSTER = 25
"""Versions and copies of one story that can be read; a ticker has hundreds."""

_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages that are written from right to left."""

_CHOOSE = f"""
create or replace temp table chosen as
with clusters as (
    select cluster_id, row_number() over (order by story_id in (select unnest($first)) desc, published_at desc, story_id) as place
    from shown qualify place <= $limit
)
select s.story_id, s.cluster_id, s.date, s.country, s.fate, c.place
from standing s join clusters c using (cluster_id)
where s.fate in {READABLE}
qualify row_number() over (partition by s.cluster_id order by s.fate = 'shown' desc, s.published_at desc, s.story_id) <= {MOST_OF_A_CLUSTER}
"""  # noqa: S608 - our own words and numbers
_DATES = "select distinct date from chosen"
_STORIES = """
select s.story_id, c.fate, s.cluster_id, s.provider, s.version, s.versioncreated, s.signal, s.urgency, s.headline, s.deck, s.slugline,
    s.byline, s.creditline, s.dateline_text, s.dateline_city, s.dateline_country, s.located, s.published_at, s.published_precision,
    s.language, s.subjects, s.genre, s.keywords, s.usageterms, s.copyright, s.body, s.paragraphs, s.word_count, s.countries, s.relation,
    s.related_to, s.similarity, s.superseded_by, s.country
from stories s join chosen c on s.story_id = c.story_id and s.date = c.date and s.country = c.country
where s.date in ({dates})
order by s.published_at desc, s.story_id
"""
_NAMES = """
select e.story_id, e.span_start, e.span_end, e.type, e.canonical, e.entity_key, e.place_country, e.role
from entities e semi join chosen c on e.story_id = c.story_id and e.date = c.date and e.country = c.country
where e.date in ({dates})
order by e.story_id, e.span_start, e.span_end
"""
_QUOTES = """
select q.story_id, q.type, q.frags, words_said(q.text, q.frags) as words, q.speaker, q.speaker_canonical, q.speaker_type, q.affiliation,
    q.confidence
from quotes q semi join chosen c on q.story_id = c.story_id and q.date = c.date and q.country = c.country
where q.date in ({dates}) and q.type <> 'fragment'
order by q.story_id, q.span_start, q.quote_id
"""
_SIZES = """
select cluster_id, count(*) as versions from standing where cluster_id in (select cluster_id from chosen) group by cluster_id
"""


@dataclasses.dataclass(frozen=True)
class Told:
    """`stories` are what the page shows in full, the newest first: of each the newest version, and older ones and copies (see `_told`).
    `clusters` are, by cluster id, the ids of its stories in their order and how many `more` the lake has of it."""

    stories: list[Row]
    clusters: dict[str, Row]

    @property
    def shown(self) -> int:
        """How many different stories those are."""
        return len(self.clusters)


def choose(connection: duckdb.DuckDBPyConnection, first: Sequence[str], limit: int) -> Told:
    """At most `limit` stories with their versions and copies: those of the ids in `first`, then the newest. Needs `take_stock`."""
    connection.execute(_CHOOSE, {"first": list(first), "limit": limit})
    # As literals they prune the lake's partitions, which a join does not.
    dates = ", ".join(f"date '{row['date']}'" for row in rows_of(connection, _DATES)) or "null"
    names = _by_story(rows_of(connection, _NAMES.format(dates=dates)))
    quotes = _by_story(rows_of(connection, _QUOTES.format(dates=dates)))
    rows = rows_of(connection, _STORIES.format(dates=dates))
    sizes = {row["cluster_id"]: row["versions"] for row in rows_of(connection, _SIZES)}
    stories = [_told(row, names[row["story_id"]], quotes[row["story_id"]]) for row in rows]
    return Told(stories, _clusters(rows, sizes))


def _by_story(rows: Iterable[Row]) -> collections.defaultdict[str, list[Row]]:
    found: collections.defaultdict[str, list[Row]] = collections.defaultdict(list)
    for row in rows:
        found[row["story_id"]].append(row)
    return found


def _clusters(rows: Iterable[Row], sizes: dict[str, int]) -> dict[str, Row]:
    members: dict[str, list[Row]] = {}
    for row in sorted(rows, key=_version_order):
        members.setdefault(row["cluster_id"], []).append(row)
    return {cluster: {"ids": [row["story_id"] for row in found], "more": sizes[cluster] - len(found)} for cluster, found in members.items()}


def _version_order(row: Row) -> tuple[dt.datetime, int, dt.datetime, bool, str]:
    """As they were published; of several of one moment, what is shown last."""
    version = -1 if row["version"] is None else row["version"]
    return row["published_at"], version, row["versioncreated"] or row["published_at"], row["fate"] == "shown", row["story_id"]


def _told(row: Row, names: list[Row], quotes: list[Row]) -> Row:
    """All that the page says of a story: its `text`, which is empty for a flash, and what else the story says."""
    language = row["language"] or ""
    found, numbers = _names(names)
    marks = [Mark(name["span_start"], name["span_end"], number) for name, number in zip(names, numbers, strict=True)]
    told = {
        "id": row["story_id"],
        "fate": row["fate"],
        "cluster": row["cluster_id"],
        "agency": row["provider"],
        "headline": row["headline"],
        "deck": row["deck"],
        "slug": row["slugline"],
        "byline": row["byline"],
        "credit": row["creditline"],
        "dateline": row["dateline_text"],
        "from": row["dateline_country"],
        "located": row["located"],
        "published": row["published_at"],
        "precision": row["published_precision"],
        "language": language if language.replace("-", "").isalnum() and language.isascii() else None,
        "rtl": language.partition("-")[0] in _RTL or None,
        "subjects": [subject["name"] or subject["code"] for subject in row["subjects"]],
        "genre": row["genre"],
        "keywords": row["keywords"],
        "rights": [text for text in (row["usageterms"], row["copyright"]) if text],
        "words": row["word_count"],
        "country": row["country"],
        "countries": [[country["code"], round(country["score"], 2)] for country in row["countries"]],
        "version": row["version"],
        "signal": row["signal"],
        "urgency": row["urgency"],
        "relation": row["relation"],
        "related": row["related_to"],
        "similarity": None if row["similarity"] is None else round(row["similarity"], 2),
        "newest": row["superseded_by"],
        "text": _text(row, marks, quotes),
        "names": found,
        **_speech(quotes),
    }
    return {key: value for key, value in told.items() if key == "text" or (value is not None and value != [])}


def _names(mentions: list[Row]) -> tuple[list[Row], list[int]]:
    """Different names in the order of their first mentions, and which of them each mention is of."""
    places: dict[tuple[str, str], int] = {}
    found: list[Row] = []
    numbers = []
    for mention in mentions:
        key = (mention["type"], mention["entity_key"] or mention["canonical"])
        if key not in places:
            places[key] = len(found)
            found.append({"type": mention["type"], "name": mention["canonical"], "key": mention["entity_key"], "times": 0})
        name = found[places[key]]
        name["times"] += 1
        name.setdefault("country", mention["place_country"])
        name["role"] = name.get("role") or mention["role"]
        numbers.append(places[key])
    return [{key: value for key, value in name.items() if value is not None} for name in found], numbers


def _text(row: Row, names: list[Mark], quotes: list[Row]) -> list[tuple[str, list[Piece]]]:
    """The paragraphs with their roles, crossheads in their places."""
    marks = [Mark(each["span_start"], each["span_end"], number) for number, quote in enumerate(quotes) for each in quote["frags"]]
    heads = [(head["span_start"], head["text"]) for head in row["paragraphs"] if head["role"] == "crosshead" and head["text"]]
    body = [(start, "p", pieces) for start, pieces in paragraphs(row["body"], names, marks)]
    whole = sorted([*body, *((start, "h", [text]) for start, text in heads)], key=lambda each: each[:2])
    return [(role, pieces) for _, role, pieces in whole]


def _speech(quotes: list[Row]) -> Row:
    """`quotes` in the order of the text, each with the number of its speaker, and `speakers` in the order in which they first speak."""
    speakers: dict[str, Row] = {}
    said = []
    for quote in quotes:
        named = quote["speaker_canonical"] or (quote["speaker"] if quote["speaker_type"] not in (None, "pronoun") else None)
        speaker = speakers.setdefault((named or "").casefold(), {"number": len(speakers), "name": named})
        speaker["about"] = speaker.get("about") or quote["affiliation"]
        each = {"text": quote["words"], "type": quote["type"], "sure": round(quote["confidence"], 2), "speaker": speaker["number"]}
        said.append(each if named or not quote["speaker"] else {**each, "as": quote["speaker"]})
    return {"quotes": said, "speakers": [{key: each[key] for key in ("name", "about") if each[key]} for each in speakers.values()]}
