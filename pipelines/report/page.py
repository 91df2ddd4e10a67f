"""The page: figures and stories put into its template, with everything that it needs inside."""

import base64
import datetime as dt
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import jinja2
from markupsafe import Markup

from pipelines.forms import json_line
from pipelines.report import words
from pipelines.report.assets import own, vendored
from pipelines.report.figures import Figures
from pipelines.report.standing import FATES
from pipelines.report.stories import Told
from pipelines.report.world import country
from schemas import Row

_NEWEST = 8
_LATEST_TAKES = 12

_SCRIPTS = ("dom.js", "charts.js", "list.js", "story.js", "main.js")
_LIBRARIES = ("d3.min.js", "plot.umd.min.js", "topojson-client.min.js")

OUTCOMES = {
    "story": ("new stories", "texts that were not in the lake"),
    "again": ("again", "texts that were in the lake"),
    "not_text": ("no text", "pictures, packages, plans"),
    "rejected": ("rejected", "for one of the reasons that follow"),
}
"""What becomes of a piece, in the order of the page, in few words and what they mean."""


def render(figures: Figures, told: Told, *, lake: str, version: str, now: dt.datetime) -> str:
    """The whole page as HTML. All that comes from the lake is text in it, whatever it says; nothing in it is ever a link, a style or a
    script."""
    stories = {story["id"]: story for story in told.stories}
    countries = sorted(
        ({**row, **country(row["code"])._asdict()} for row in figures.countries), key=lambda row: (-row["stories"], row["name"])
    )
    fates = [{"label": few, "long": long, "value": figures.fates[fate]} for fate, (few, long) in FATES.items() if fate in figures.fates]
    outcomes = [
        {"label": few, "long": long, "value": figures.outcomes[name]} for name, (few, long) in OUTCOMES.items() if name in figures.outcomes
    ]
    days = [{**row, "until": words.period_end(row["day"], figures.unit)} for row in figures.days]
    runs = [{**run, "speed": run["pieces"] / run["seconds"] if run["seconds"] else 0} for run in figures.runs]
    timed = [run for run in reversed(runs) if run["pieces"]]
    charts = {
        "unit": figures.unit,
        "days": [[row["day"], row["until"], row["stories"]] for row in days],
        "countries": countries,
        "agencies": _agency_bars(figures.agencies),
        "fates": fates,
        "outcomes": outcomes,
        "rejected": [{"label": row["reason"], "value": row["pieces"]} for row in figures.rejected],
        "runs": [{key: run[key] for key in ("number", "kind", "started_at", "seconds", "pieces", "stories", "speed")} for run in timed],
    }
    names = _country_names(told.stories, figures.countries)
    scripts = [_script(vendored(name)) for name in _LIBRARIES] + [_script("".join(own(name) for name in _SCRIPTS))]
    style = own("page.css")
    return _template().render(
        policy=_policy(scripts, style),
        style=Markup(style),  # noqa: S704 - our own file
        scripts=scripts,
        data=_json({"charts": charts, "countries": names, "shown": figures.shown, "lake": lake}),
        world=_json_text(vendored("countries-110m.json")),
        packed=_packed({"stories": told.stories, "clusters": told.clusters}),
        licences=vendored("LICENCES.txt"),
        lake=lake,
        version=version,
        written=now,
        figures=_with(figures, days=days, runs=runs),
        title=words.title(figures, lake),
        lead=words.lead(figures),
        held=words.held(figures, told),
        runs_said=words.runs(figures),
        labels=words.labels(figures, countries, fates, outcomes),
        newest=[story for story in told.stories if story["fate"] == "shown"][:_NEWEST],
        countries=countries,
        fates=fates,
        outcomes=outcomes,
        named=_by_type(figures.named),
        quoted=_by_type(figures.quoted),
        chains=[_chain(row, stories, told) for row in figures.chains if row["newest"] in stories],
        copied=[{**row, "story": stories[row["newest"]]} for row in figures.copied if row["newest"] in stories],
        timed=timed,
        stories=stories,
    )


def _with(figures: Figures, **changes: Any) -> Row:
    return {**{name: getattr(figures, name) for name in figures.__dataclass_fields__}, **changes}


def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"n": words.number, "date": words.date, "moment": words.moment, "took": words.took}
    return environment.from_string(own("page.html"))


def _script(text: str) -> Markup:
    """A script of ours or a library's as it may stand in a page. Raises ValueError for one that would end there too soon."""
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError("a script holds what ends or changes a script in HTML")
    return Markup(text)  # noqa: S704 - files of the package, whose checksums a test knows


def _policy(scripts: Iterable[str], style: str) -> str:
    """Content-Security-Policy: nothing is loaded, and nothing runs but the scripts of this page as they are."""
    allowed = " ".join(_source(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_source(style)}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(row: Mapping[str, Any]) -> Markup:
    return _json_text(json_line(row))


def _json_text(text: str) -> Markup:
    """JSON as it may stand in a script element: no `</script>` or `<!--` can be in it, for `<` stands in strings only, where JSON has an
    escape for it."""
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - that is the escaping


def _packed(row: Mapping[str, Any]) -> str:
    """The texts, which are most of a page, by gzip: a fifth of the size."""
    return base64.b64encode(gzip.compress(json_line(row).encode(), compresslevel=6, mtime=0)).decode()


def _agency_bars(agencies: list[Row]) -> list[Row]:
    return [
        {"label": words.agency(row), "value": row["stories"], "agency": None if "others" in row else row["agency"] or ""}
        for row in agencies
    ]


def _country_names(stories: Iterable[Row], counted: Iterable[Row]) -> dict[str, str]:
    """Code -> name of every country that the page speaks of."""
    codes = {row["code"] for row in counted}
    for story in stories:
        codes |= {story["country"], *(code for code, _ in story.get("countries", ()))}
        codes |= {code for code in (story.get("from"), *(name.get("country") for name in story.get("names", ()))) if code}
    return {code: country(code).name for code in sorted(codes)}


def _by_type(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {"PER": [], "ORG": []}
    for row in rows:
        found[row["type"]].append(row)
    return found


def _chain(row: Row, stories: Mapping[str, Row], told: Told) -> Row:
    """A chain of versions with those that can be read, the newest last."""
    newest = stories[row["newest"]]
    takes = [stories[each] for each in told.clusters[newest["cluster"]]["ids"]]
    takes = [take for take in takes if take["id"] == newest["id"] or take.get("newest") == newest["id"]]
    return {**row, "story": newest, "takes": takes[-_LATEST_TAKES:]}
