"""What the page says of its figures, in words: numbers, dates, sentences, and what a chart shows for those who do not see it."""

import datetime as dt
from collections.abc import Sequence

from pipelines.report.figures import Figures
from pipelines.report.stories import Told
from pipelines.report.world import UNKNOWN
from schemas import Row

_NAMED = 3
_MINUTE = 60


def number(value: float) -> str:
    """With commas between thousands; a fraction only where it says something."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"


def date(value: dt.date) -> str:
    """`19 June 2024`."""
    return f"{value.day} {value:%B %Y}"


def moment(value: dt.datetime, precision: str) -> str:
    """A moment of UTC to the minute, or its day where no more is known."""
    return date(value) if precision == "day" else f"{date(value)}, {value:%H:%M} UTC"


def took(seconds: float) -> str:
    """How long something took: `0.4 s`, `12 s`, `3 min 5 s`."""
    if seconds < _MINUTE:
        return f"{number(seconds)} s"
    return f"{int(seconds // _MINUTE):,} min {int(seconds % _MINUTE)} s"


def period_end(day: dt.date, unit: str) -> dt.date:
    """The last day of the day, week or month that begins on `day`."""
    if unit == "month":
        return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return day + dt.timedelta(days=6 if unit == "week" else 0)


def agency(row: Row) -> str:
    """What a row of agencies is called."""
    return f"{number(row['others'])} others" if "others" in row else row["agency"] or "agency unknown"


def title(figures: Figures, lake: str) -> str:
    """The title of the page: what is in the lake."""
    return f"{_counted(figures.shown, 'story', 'stories')} in {lake}" if figures.shown else f"No stories in {lake}"


def lead(figures: Figures) -> str:
    """The line below the title."""
    if figures.first is None or figures.last is None:
        return ""
    days = [date(day) for day in dict.fromkeys((figures.first, figures.last))]
    agencies = sum(row.get("others", 1) for row in figures.agencies if row["agency"] or "others" in row)
    countries = sum(row["code"] != UNKNOWN for row in figures.countries)
    from_them = f", from {_counted(agencies, 'agency', 'agencies')}" if agencies else ""
    about = f", about {_counted(countries, 'country', 'countries')}" if countries else ""
    return f"Published {' to '.join(days)}{from_them}{about}."


def held(figures: Figures, told: Told) -> str:
    """How much of the lake can be read and searched in the page."""
    extra = len(told.stories) - told.shown
    also = f", with {_counted(extra, 'older version or copy', 'older versions and copies')} of them" if extra else ""
    if told.shown >= figures.shown:
        return f"All {_counted(figures.shown, 'story', 'stories')} of the lake{also}."
    return (
        f"{number(told.shown)} of the {_counted(figures.shown, 'story', 'stories')} of the lake: the newest, and those with the most "
        f"versions and copies{also}. The rest is counted in the overview; wirelake query reads it."
    )


def runs(figures: Figures) -> str:
    """All runs in one sentence."""
    every = figures.all_runs
    if not every["runs"]:
        return "No run yet."
    speed = f", {number(every['pieces'] / every['seconds'])} pieces a second" if every["seconds"] and every["pieces"] else ""
    since = f" since {date(every['first'])}" if every["runs"] > 1 else f" on {date(every['first'])}"
    return f"{_counted(every['runs'], 'run', 'runs')}{since}: {_counted(every['pieces'], 'piece', 'pieces')}{speed}."


def labels(figures: Figures, countries: Sequence[Row], fates: Sequence[Row], outcomes: Sequence[Row]) -> dict[str, str]:
    """By chart, what is to be seen in it."""
    most = max(figures.days, key=lambda row: row["stories"], default=None)
    peak = f" Most: {date(most['day'])}, {number(most['stories'])}." if most else ""
    return {
        "days": f"Bars: stories by {figures.unit}, {len(figures.days)} of them.{peak}",
        "countries": f"Stories by country. {_first([(row['name'], row['stories']) for row in countries])}",
        "agencies": f"Bars: stories by agency. {_first([(agency(row), row['stories']) for row in figures.agencies])}",
        "fates": f"Bars: texts by what they are. {_first([(row['label'], row['value']) for row in fates])}",
        "outcomes": f"Bars: pieces by outcome. {_first([(row['label'], row['value']) for row in outcomes])}",
        "rejected": f"Bars: pieces by reason. {_first([(row['reason'], row['pieces']) for row in figures.rejected])}",
        "run_stories": "Bars: new stories of each run, in the order of runs; the table has the numbers.",
        "run_speed": "Dots: pieces a second of each run, in the order of runs; the table has the numbers.",
    }


def _first(rows: Sequence[tuple[str, int]]) -> str:
    told = ", ".join(f"{name} {number(value)}" for name, value in rows[:_NAMED])
    return f"{told}{', and others' if len(rows) > _NAMED else ''}."


def _counted(count: int, one: str, several: str) -> str:
    return f"{number(count)} {one if count == 1 else several}"
