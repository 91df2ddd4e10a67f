"""The lake that the bench of `watch` begins with: stories of a month, and a day that came round by round.

Some thousand generated stories go through `wirelake ingest`; their rows are then taken many times over, each time with guids, dates,
countries and a last sentence of their own, and ids, hashes and deliveries follow by the product's own rules. A sketch is its template's
with other hashes, one in four apart: as if each story had words of its own and phrases that others have. Older days are committed as one
run each. The last day is committed as `watch` would: thousands of rounds of a few stories, merged as they go."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from typing import Any

import generated_stories
from syllables import ENDINGS, SYLLABLES

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import numpy.typing as npt  # noqa: E402
import pyarrow as pa  # noqa: E402

from pipelines.lake import durable, merge  # noqa: E402
from pipelines.lake.commit import Plan, commit, staging_folder  # noqa: E402
from pipelines.lake.parts import stage_part  # noqa: E402
from pipelines.lake.tables import RUNS, Tables  # noqa: E402
from pipelines.metrics import NO_PIECES  # noqa: E402
from pipelines.options import settings_from  # noqa: E402
from pipelines.runs import ingest  # noqa: E402
from schemas import TABLES, Row  # noqa: E402
from transforms.text import identity, notices  # noqa: E402
from transforms.text.sketch import KEYS, SKETCH_VERSION, Sketch  # noqa: E402
from transforms.text.sketch_kernel import sketches  # noqa: E402

TEMPLATES = 4_000
SHARED = 4
"""One in so many shingles of a template stands in all of its copies."""
COUNTRIES = (
    "AE AR AT AU BD BE BR CA CH CL CN CO CZ DE DK EC EE EG ES FI FJ FR GB GH GR HU ID IE IL IN IQ IR IT JP KE KR LK LV MA MX "
    "MY NA NG NL NO NZ PE PH PK PL PT RO RU SA SE TH TR UA US VN ZA ZM"
).split()
URI = "pubsub://bench/day"


@dataclasses.dataclass(frozen=True)
class Templates:
    """Ingested stories, and what was found in them: `entities[i]` and `quotes[i]` belong to `stories[i]`."""

    stories: list[Row]
    entities: pa.Table
    quotes: pa.Table
    rows_of: dict[str, dict[str, list[int]]]
    """By table: the rows of each story id."""
    sketches: dict[str, Sketch]
    """By story id."""


def made(work: pathlib.Path, stories: int, days: int, rounds: int) -> pathlib.Path:
    """The lake of so many stories over so many days, the last of which came in so many rounds; from `work`, if it was made there today."""
    today = dt.datetime.now(dt.UTC).date()
    lake = work / f"lake-{stories}-{days}-{rounds}-{today}"
    if not lake.is_dir():
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="making-", dir=work) as folder:
            half = pathlib.Path(folder) / "lake"
            _make(half, half.parent, stories, days, rounds, today)
            half.rename(lake)
        print(f"a lake of {stories:,} stories was made in {time.monotonic() - begun:.0f} s", flush=True)
    return lake


def copied(lake: pathlib.Path, to: pathlib.Path) -> pathlib.Path:
    """A copy of a lake that shares its parts, which never change."""

    def link(source: str, target: str) -> None:
        if source.endswith(".parquet") and "_delta_log" not in source:
            os.link(source, target)
        else:
            shutil.copy2(source, target)

    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(lake, to, copy_function=link)
    return to


def _make(lake: pathlib.Path, work: pathlib.Path, stories: int, days: int, rounds: int, today: dt.date) -> None:
    templates = templates_of(work, min(TEMPLATES, stories))
    tables = Tables(lake)
    with without_sync():
        tables.create()
        a_day = stories // days
        for day in range(days - 1):
            date = today - dt.timedelta(days=days - 1 - day)
            copies = _copies(templates, range(day * a_day, (day + 1) * a_day), date)
            _commit(tables, "ingest", _midnight(date), _tables_of(templates, copies, kept=False), {"stories": a_day, "pieces": a_day})
        for _ in rounds_of(tables, templates, range((days - 1) * a_day, stories), today, rounds):
            pass
    os.sync()


def rounds_of(tables: Tables, templates: Templates, numbers: range, date: dt.date, rounds: int) -> Iterator[int]:
    """Commits copies of a date in so many rounds, merged as `watch` does; how many are done, after each."""
    merger = merge.Merger(tables.lake)
    for number in range(rounds):
        some = _copies(templates, numbers[len(numbers) * number // rounds : len(numbers) * (number + 1) // rounds], date)
        if some:
            counts = {"stories": len(some), "pieces": len(some)}
            merges = merger if number % merge.EVERY == 0 else None
            _commit(tables, "watch", _midnight(date), _tables_of(templates, some, kept=True), counts, merges)
            yield number + 1


@contextlib.contextmanager
def without_sync() -> Iterator[None]:
    """A lake that is made for a bench need not outlive the power: half of the time goes into waiting for the disk."""
    kept = durable.sync, durable.sync_names
    durable.sync = durable.sync_names = lambda _paths: None
    try:
        yield
    finally:
        durable.sync, durable.sync_names = kept


def templates_of(work: pathlib.Path, count: int) -> Templates:
    """So many generated stories as `wirelake ingest` has them; files lie in `work` meanwhile."""
    source, lake = work / f"templates-{count}.jsonl", work / f"templates-{count}"
    shutil.rmtree(lake, ignore_errors=True)
    with source.open("w", encoding="utf-8") as out:
        for row in long_stories(count, seed=1):
            out.write(json.dumps(row) + "\n")
    ingest(settings_from([str(source)], lake=str(lake)))
    tables = Tables(lake)
    found = {name: tables.dataset(name).to_table() for name in ("stories", "entities", "quotes")}
    shutil.rmtree(lake)
    stories = sorted(found["stories"].to_pylist(), key=lambda row: str(row["story_id"]))
    rows_of: dict[str, dict[str, list[int]]] = {"entities": {}, "quotes": {}}
    for name, rows in rows_of.items():
        for row, story_id in enumerate(found[name]["story_id"].to_pylist()):
            rows.setdefault(story_id, []).append(row)
    made = sketches([(story["headline"] or "", story["body"]) for story in stories])
    by_story = {story["story_id"]: sketch for story, sketch in zip(stories, made, strict=True)}
    return Templates(stories, found["entities"], found["quotes"], rows_of, by_story)


def long_stories(count: int, seed: int) -> Iterator[Row]:
    """Generated stories of about 300 words: each has the paragraphs of two, in words of their own. Made of a few sentences, each would
    share keys with every tenth other; of 9,500 stories of Reuters a story does so with 18."""
    second = generated_stories.generate(count, seed + 1)
    for row, more in zip(generated_stories.generate(count, seed), second, strict=True):
        paragraphs = [*row["body"].split("\n\n"), *more["body"].split("\n\n")[1:]]
        yield {**row, "body": "\n\n".join(map(_in_own_words, paragraphs))}


_WORD = re.compile(r"\b[a-z]{4,}\b")
_CUES = frozenset("added after asked before called could declined percent said spokesman that their told which will with would".split())
"""Words that stay: those by which quotations and figures are known."""


def _in_own_words(paragraph: str) -> str:
    """Most words of a paragraph replaced by made-up ones: the same in the same paragraph, whichever story has it."""
    chance = random.Random(paragraph)
    own: dict[str, str] = {}

    def replaced(match: re.Match[str]) -> str:
        word = match[0]
        if word in _CUES:
            return word
        if word not in own:
            made_up = "".join(chance.choices(SYLLABLES, k=2)) + chance.choice(ENDINGS)
            own[word] = made_up if chance.random() < _OWN else word
        return own[word]

    return _WORD.sub(replaced, paragraph)


_OWN = 0.92


@dataclasses.dataclass(frozen=True)
class _Copy:
    template: str
    number: int
    story: Row
    delivery: Row


def _copies(templates: Templates, numbers: Iterable[int], date: dt.date) -> list[_Copy]:
    return [_copy(templates.stories[number % len(templates.stories)], number, date) for number in numbers]


def _copy(template: Row, number: int, date: dt.date) -> _Copy:
    chance = random.Random(number)
    midnight = dt.datetime.combine(date, dt.time(), dt.UTC)
    # Nothing comes from the future: the reader beside a feed asks for what was received since it began.
    passed = min(86_000.0, (dt.datetime.now(dt.UTC) - midnight).total_seconds())
    at = midnight + dt.timedelta(seconds=chance.random() * passed)
    told = f"This was story {number}."
    body = f"{template['body']}\n\n{told}"
    last = {"role": "body", "span_start": len(body) - len(told), "span_end": len(body), "text": None}
    country = COUNTRIES[min(int(chance.expovariate(4 / len(COUNTRIES))), len(COUNTRIES) - 1)]
    story = {
        **template,
        "guid": f"urn:made:{number}",
        "version": 1,
        "body": body,
        "paragraphs": [*template["paragraphs"], last],
        "word_count": template["word_count"] + len(told.split()),
        "published_at": at,
        "versioncreated": at,
        "received_at": at,
        "date": date,
        "country": country,
        "countries": [{"code": country, "score": 1.0}],
        "is_head": True,
        "is_latest": True,
        "relation": None,
        "related_to": None,
        "similarity": None,
        "superseded_by": None,
    }
    story["content_hash"] = identity.content_hash(story)
    story["story_id"] = story["cluster_id"] = identity.story_id(story)
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    delivery = {
        "delivery_id": identity.hash128([URI, "", f"made-{number}", 0, sha256]),
        "outcome": "story",
        "story_id": story["story_id"],
        "source_uri": URI,
        "place": "",
        "piece": 0,
        "message_id": f"made-{number}",
        "input_start": 0,
        "input_size": len(body),
        "input_sha256": sha256,
        "raw_sha256": sha256,
        "versioncreated": at,
        "received_at": at,
        "received_on": date,
    }
    return _Copy(template["story_id"], number, story, delivery)


def _tables_of(templates: Templates, copies: list[_Copy], *, kept: bool) -> dict[str, pa.Table]:
    """Rows of every table but `runs`, the column `run` still empty; `kept` has the rows of `raw` too."""
    stories = [each.story for each in copies]
    lineage = [_lineage(each, templates.sketches[each.template]) for each in copies]
    found = {name: _rows(name, rows) for name, rows in (("stories", stories), ("sketches", lineage), ("ids", lineage))}
    found["deliveries"] = _rows("deliveries", [each.delivery for each in copies])
    if kept:
        raws = [{**each.delivery, "sha256": each.delivery["raw_sha256"], "data": _data(each.story)} for each in copies]
        found["raw"] = _rows("raw", raws)
    for name, table in (("entities", templates.entities), ("quotes", templates.quotes)):
        found[name] = _annotations(name, table, templates.rows_of[name], copies)
    return found


def _lineage(copy: _Copy, sketch: Sketch) -> Row:
    """What `ids` and `sketches` have of a copy."""
    own = np.uint32(random.Random(copy.number).getrandbits(32))
    arrays = {field.name: _changed(getattr(sketch, field.name), own) for field in dataclasses.fields(sketch)}
    chain, keys = identity.chain(copy.story), arrays["shingles"][: 4 * KEYS]
    known = {"chain": chain, "bucket": chain[0], "keys": keys, "title_keys": notices.title_keys(copy.story)}
    return {**copy.story, **arrays, **known, "sketch_version": SKETCH_VERSION}


def _changed(values: npt.NDArray[np.uint32], own: np.uint32) -> bytes:
    return np.sort(np.where(values % SHARED == 0, values, values ^ own)).astype("<u4").tobytes()


def _data(story: Row) -> bytes:
    return json.dumps({"guid": story["guid"], "version": 1, "title": story["headline"], "body": story["body"]}).encode()


def _rows(name: str, rows: list[Row]) -> pa.Table:
    schema = TABLES[name].arrow_schema()
    return pa.Table.from_pylist([{key: row.get(key) for key in schema.names} for row in rows], schema=schema)


def _annotations(name: str, table: pa.Table, rows_of: dict[str, list[int]], copies: list[_Copy]) -> pa.Table:
    rows = [(row, each.story) for each in copies for row in rows_of.get(each.template, ())]
    taken = table.take(pa.array([row for row, _ in rows], type=pa.int64()))
    new: dict[str, list[Any]] = {key: [story[key] for _, story in rows] for key in ("story_id", "date", "country")}
    if name == "quotes":
        spans = zip(new["story_id"], taken["span_start"].to_pylist(), taken["span_end"].to_pylist(), strict=True)
        new["quote_id"] = [identity.hash128(span) for span in spans]
    schema = TABLES[name].arrow_schema()
    return pa.table([pa.array(new[each.name], type=each.type) if each.name in new else taken[each.name] for each in schema], schema=schema)


def _commit(
    tables: Tables, kind: str, at: dt.datetime, rows_of: dict[str, pa.Table], counts: dict[str, int], merger: merge.Merger | None = None
) -> None:
    run = hashlib.blake2b(f"{tables.done(RUNS)}".encode(), digest_size=16).hexdigest()
    staging = staging_folder(tables.lake, run)
    parts = [part for name, rows in rows_of.items() for part in _parts(staging, run, name, rows)]
    merged = merger.taken(tables, run, staging) if merger else merge.Merged()
    inputs = ((URI, 0, None),)
    commit(tables, Plan(run, kind, at, (*parts, *merged.parts), inputs, NO_PIECES | counts, merged.retired))


def _parts(staging: pathlib.Path, run: str, name: str, rows: pa.Table) -> Iterator[dict[str, Any]]:
    rows = rows.set_column(rows.schema.get_field_index("run"), "run", pa.array([run] * rows.num_rows))
    keys = list(TABLES[name].partition_by)
    places: dict[tuple[str, ...], list[int]] = {}
    for row, values in enumerate(zip(*(rows[key].to_pylist() for key in keys), strict=True)):
        places.setdefault(tuple(map(str, values)), []).append(row)
    for values, indices in places.items():
        folder = "/".join([name, *(f"{key}={value}" for key, value in zip(keys, values, strict=True))])
        yield stage_part(rows.take(pa.array(indices)), folder, 0, run, staging)


def _midnight(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(), dt.UTC)
