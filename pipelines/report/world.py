"""Countries as the page's map needs them: their English names, their shapes in the embedded atlas, and where those lie that have none."""

import functools
import json
from typing import NamedTuple

from pipelines.report.assets import vendored
from transforms.text import gazetteer

UNKNOWN = "ZZ"
"""What `stories` has for a story of no known country."""

_WITHOUT_ID = {"Kosovo": "XK"}
"""Shapes of the atlas that have a name only, for ISO 3166-1 has no number for them."""


class Country(NamedTuple):
    """`shape` is what the atlas calls it (a number of ISO 3166-1, else a name), null for what is too small to be drawn there; that has
    the `point` (longitude, latitude) of its capital, where the tables know one."""

    code: str
    name: str
    shape: str | None
    point: tuple[float, float] | None


def country(code: str) -> Country:
    """The country of an ISO 3166-1 alpha-2 code; of another code a name that is the code, and no place."""
    if code == UNKNOWN:
        return Country(code, "no country known", None, None)
    shape = _shapes().get(code)
    return Country(code, _names().get(code, code), shape, None if shape else _capitals().get(code))


@functools.cache
def _names() -> dict[str, str]:
    rows = gazetteer.rows("transforms.models", "places_countries.tsv")
    return {code: name for code, name, language, _ in rows if language == "usual"}


@functools.cache
def _shapes() -> dict[str, str]:
    """Code -> number or name of its shape."""
    codes = dict(gazetteer.rows("pipelines.report", "iso_numeric.tsv"))
    atlas = json.loads(vendored("countries-110m.json"))
    drawn = [(shape.get("id"), shape["properties"]["name"]) for shape in atlas["objects"]["countries"]["geometries"]]
    named = {_WITHOUT_ID[name]: name for number, name in drawn if number is None and name in _WITHOUT_ID}
    return {codes[number]: number for number, _ in drawn if number in codes} | named


@functools.cache
def _capitals() -> dict[str, tuple[float, float]]:
    """Code -> where its capital lies; of several the largest."""
    cities = [sense for sense, flags, _ in reversed(gazetteer.city_table()) if "c" in flags]
    return {city.country: (city.lon, city.lat) for city in cities if city.lon is not None and city.lat is not None}
