"""The page in a real browser: its layout, its links, its search box, and words that would like to be more than words."""

import datetime as dt
import json
import pathlib
from typing import Any

import pytest

from pipelines.lake import open_lake
from pipelines.report.figures import Figures
from pipelines.report.page import render
from pipelines.report.stories import Told
from pipelines.report.write import ask
from tests.pipelines.report.looking import WIDTHS, Look
from tests.pipelines.report.pages import HOSTILE, Page

KIM = "Kim tells Putin North Korea 'fully supports' Russia on Ukraine"
PLAIN = {"id", "fate", "cluster", "related", "newest", "relation", "type", "code", "country", "countries", "from", "language"}
"""Fields that hold ids, codes and words of our own."""


@pytest.fixture(scope="session")
def seeds(browser: Any, seeds_path: pathlib.Path) -> Look:
    return Look(browser, seeds_path)


@pytest.fixture(scope="session")
def odd_look(browser: Any, odd_path: pathlib.Path) -> Look:
    return Look(browser, odd_path)


def poisoned(value: Any, name: str = "") -> Any:
    """The same rows with hostile words before every text that comes from a lake."""
    if isinstance(value, dict):
        return {key: each if key in PLAIN else poisoned(each, key) for key, each in value.items()}
    if isinstance(value, tuple):  # a paragraph: its role and its pieces
        return value[0], poisoned(value[1])
    if isinstance(value, list):
        return [poisoned(each, name) for each in value]
    return HOSTILE + value if isinstance(value, str) and name not in ("precision", "stages", "words_of", "kind") else value


@pytest.fixture(scope="session")
def poisoned_look(browser: Any, seeds_lake: Any, tmp_path_factory: pytest.TempPathFactory) -> Look:
    """The page of the seeds, had all their words been written by an enemy."""
    opened = open_lake(seeds_lake.path)
    try:
        figures, told = opened.ask(lambda connection: ask(connection, 100))
    finally:
        opened.close()
    changed = {name: poisoned(getattr(figures, name), name) for name in ("agencies", "named", "quoted", "rejected", "copied")}
    figures = Figures(**{**{name: getattr(figures, name) for name in figures.__dataclass_fields__}, **changed})
    path = tmp_path_factory.mktemp("poisoned") / "p.html"
    html = render(figures, Told(poisoned(told.stories), told.clusters), lake=HOSTILE, version=HOSTILE, now=dt.datetime.now(dt.UTC))
    path.write_text(html, encoding="utf-8")
    return Look(browser, path)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_fits_its_window_and_can_be_read_in_both_themes(seeds: Look, seeds_page: Page, width: int, theme: str) -> None:
    story = seeds_page.headed(KIM)["id"]
    seeds.at(width=width, theme=theme)
    seeds.run("for (const each of document.querySelectorAll('details')) each.open = true")
    for place in ("overview", "stories", f"story/{story}", "story/00000000000000000000000000000000"):
        seeds.go(place)
        assert seeds.too_wide() == [], place
        assert seeds.faint() == [], place
        assert len(seeds.texts("h1")) == 1
    assert seeds.complaints() == []


def test_charts_are_drawn_and_say_what_they_show(seeds: Look, odd_look: Look) -> None:
    for look, count in ((odd_look, 9), (seeds, 7)):  # one run alone has no chart
        look.at()
        charts = look.run("return [...document.querySelectorAll('figure svg')].map((e) => [e.role, e.ariaLabel, e.childElementCount])")
        assert len(charts) == count
        assert all(role == "img" and label and marks for role, label, marks in charts)
    coloured = "return document.querySelectorAll('[data-chart=map] path[fill^=\"var(--map-\"]').length"
    countries = seeds.run("return document.querySelectorAll('#countries tbody tr').length")
    rings = seeds.run("return document.querySelectorAll('[data-chart=map] circle').length")
    assert rings == 4  # Cabo Verde, the Maldives, Seychelles, Tonga
    assert seeds.run(coloured) == countries - rings - 1  # and one story of no known country
    days = seeds.run("return document.querySelectorAll('#days tbody tr').length")
    assert seeds.run("return document.querySelectorAll('[data-chart=days] rect').length") == days


@pytest.mark.parametrize(("days", "ticks"), [(["2024-06-19"], ["19Jun"]), (["2024-06-19", "2024-06-21"], ["19Jun", "20", "21"])])
def test_a_lake_of_few_days_has_days_on_its_axis(seeds: Look, days: list[str], ticks: list[str]) -> None:
    seeds.at()
    rows = json.dumps([[day, day, 3] for day in days])
    said = seeds.run(
        f"held.charts.days = {rows}; return [...days(800).querySelectorAll('[aria-label^=\"x-axis tick\"] text')].map((e) => e.textContent)"
    )
    assert said == ticks


def shown(look: Look) -> int:
    """How many stories the page has."""
    return int(look.run("return document.querySelector('h1').textContent").split()[0])


def test_the_search_box_finds_words_names_and_phrases_whatever_their_case_and_accents(seeds: Look) -> None:
    seeds.at()
    for typed, wanted in {
        "bogota tranvia": ["Bogotá estrena un tranvía que sube la montaña"],
        '"balance his reliance"': [KIM],
        "hamburg störche": ["Hamburger Hafen: Störche brüten auf Kränen"],
    }.items():
        seeds.type(typed)
        seeds.until(lambda wanted=wanted: seeds.texts("#list .headline") == wanted)  # type: ignore[misc]
        assert seeds.texts("#count") == [f"1 of {shown(seeds)} stories"]
    seeds.type("nothing of the kind")
    seeds.until(lambda: seeds.texts("#count") == [f"0 of {shown(seeds)} stories"])
    assert seeds.run("return document.getElementById('count').getAttribute('aria-live')") == "polite"
    assert seeds.run("return document.activeElement.id") == "search"
    seeds.driver.back()
    seeds.until(lambda: seeds.texts("#days h2") == ["Stories by day"])


def test_a_short_word_is_found_where_a_word_begins_and_a_country_by_its_code(seeds: Look, seeds_page: Page) -> None:
    seeds.at()
    seeds.type("tz")
    tanzanian = sum(story["country"] == "TZ" and story["fate"] == "shown" for story in seeds_page.stories.values())
    seeds.until(lambda: seeds.texts("#count") == [f"{tanzanian} of {shown(seeds)} stories"])
    wanted = {"die blitze": False, "die tz": True, "tzar": True}
    assert seeds.run("return arguments[0].map((text) => has(text, 'tz'))", list(wanted)) == list(wanted.values())
    assert seeds.run("return has('unterseekabel', 'kabel')")


def test_links_of_the_tables_filter_the_list(seeds: Look) -> None:
    seeds.at()
    seeds.run("[...document.querySelectorAll('#names a')].find((each) => each.textContent === 'Vladimir Putin').click()")
    seeds.until(lambda: seeds.texts("#list .headline") == [KIM])
    assert seeds.texts("#who") == ["Names Vladimir Putin"]
    seeds.go("stories?country=IS&from=2024-01-01&to=2024-01-31")
    assert len(seeds.texts("#list .headline")) == 1
    assert seeds.run("return [...document.querySelectorAll('#filters input')].map((e) => e.value)") == ["2024-01-01", "2024-01-31"]
    seeds.go("stories?agency=")
    assert set(seeds.texts("#list .kicker")) == {text for text in seeds.texts("#list .kicker") if text.startswith("agency unknown")}
    seeds.run("document.getElementById('clear').click()")
    seeds.until(lambda: seeds.texts("#count") == [f"{shown(seeds)} stories"])


def test_a_bar_that_is_clicked_leads_to_its_stories(seeds: Look) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    seeds.at()
    bar = seeds.driver.find_element("css selector", "[data-chart=agencies] rect:nth-of-type(2)")
    seeds.run("arguments[0].scrollIntoView({ block: 'center' })", bar)
    ActionChains(seeds.driver).move_to_element(bar).click().perform()
    seeds.until(lambda: seeds.run("return document.querySelector('#filters select').value") == "=AFP")
    cells = (
        "return [...document.querySelectorAll('#agencies tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
    )
    counts = {name: number for name, number, *_ in seeds.run(cells)}
    assert seeds.texts("#count") == [f"{counts['AFP']} of {shown(seeds)} stories"]


def test_the_map_says_what_the_pointer_is_on_and_leads_to_it(seeds: Look) -> None:
    seeds.at()
    over = "arguments[0].dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))"
    for country in ("[data-chart=map] circle", "[data-chart=map] path[fill='var(--map-2)']"):
        element = seeds.driver.find_element("css selector", country)
        seeds.run(over, element)
        (said,) = seeds.texts("#map-said")
        assert said.endswith((": 1 story", ": 2 stories"))
    seeds.run("arguments[0].dispatchEvent(new MouseEvent('click', { bubbles: true }))", element)
    seeds.until(lambda: seeds.texts("#count") == [f"2 of {shown(seeds)} stories"])


def test_a_story_shows_its_text_with_marks_and_who_says_what(seeds: Look, seeds_page: Page) -> None:
    story = seeds_page.headed(KIM)
    seeds.at(f"story/{story['id']}")
    assert seeds.texts("h1") == [KIM]
    assert seeds.driver.title == f"\u2068{KIM}\u2069 · wirelake"
    assert seeds.texts(".text .e.PER")[:2] == ["Kim Jong Un", "Vladimir Putin"]
    assert "NEEDS WEAPONS" in seeds.texts(".text h2")
    speakers = seeds.texts(".speakers h3 bdi")
    assert speakers == [speaker["name"] for speaker in story["speakers"]]
    assert "Koh Yu-hwan" in speakers
    assert seeds.texts(".speakers .words") == [
        quote["text"] for number in range(len(speakers)) for quote in story["quotes"] if quote["speaker"] == number
    ]
    marked = seeds.run("return [...document.querySelectorAll('.text .q.direct')].map((e) => e.textContent).join('')")
    assert "Russia requires North Korea's weapon support" in marked
    assert len(seeds.texts(".text .ref")) == len(story["quotes"])
    seeds.driver.find_element("id", "t3").click()
    seeds.until(lambda: seeds.run("return document.activeElement.id") == "q3")
    seeds.driver.find_element("id", "marks-names").click()
    assert seeds.run("return getComputedStyle(document.querySelector('.text .e')).textDecorationLine") == "none"


def test_versions_and_copies_are_linked(odd_look: Look, odd: Page) -> None:
    odd_look.at(f"story/{odd.headed('Harbour is open')['id']}")
    table = odd_look.texts("article table tbody tr td:nth-child(4)")
    assert table == ["older version", "older version", "shown · correction", "copy, word for word"]
    odd_look.run("document.querySelector('article table tbody a').click()")
    odd_look.until(lambda: odd_look.texts("h1") == ["Northport harbour opens"])
    assert odd_look.texts(".story-head .notice a") == ["Harbour is open"]


def test_stories_that_say_little_are_found_and_shown(odd_look: Look, odd: Page) -> None:
    odd_look.at("stories?q=flash without")
    odd_look.until(lambda: odd_look.texts("#list .headline") == ["Flash without a text"])
    odd_look.at(f"story/{odd.headed('Flash')['id']}")
    odd_look.until(lambda: odd_look.texts(".text") == ["It came without a text."])
    (bare,) = (story["id"] for story in odd.stories.values() if "headline" not in story)
    odd_look.at(f"story/{bare}")
    odd_look.until(lambda: odd_look.texts("h1") == ["(no headline)"])
    assert odd_look.texts(".text")[0].endswith("the clocks stand still.")


def test_a_mark_of_direction_ends_with_the_words_that_hold_it(seeds: Look, seeds_page: Page) -> None:
    seeds.at(f"story/{seeds_page.headed(KIM)['id']}")
    isolated = seeds.run("return [...document.querySelectorAll('.text .e, .text .q, .words')].map((e) => getComputedStyle(e).unicodeBidi)")
    assert len(isolated) > 20
    assert set(isolated) == {"isolate"}


def test_text_from_right_to_left_is_shown_so(odd_look: Look, odd: Page) -> None:
    odd_look.at(f"story/{odd.headed('الميناء')['id']}")
    said = odd_look.run("const text = document.querySelector('.text'); return [text.lang, getComputedStyle(text).direction]")
    assert said == ["ar", "rtl"]
    assert odd_look.too_wide() == []


def test_the_page_can_be_used_by_the_keyboard_alone(seeds: Look) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    def press(*keys: str) -> str:
        ActionChains(seeds.driver).send_keys(*keys).perform()
        outline: str = seeds.run("return getComputedStyle(document.activeElement).outlineStyle")
        return outline

    seeds.at()
    assert press(Keys.TAB) == "solid"
    assert seeds.run("return document.activeElement.className") == "skip"
    order = []
    for _ in range(8):
        assert press(Keys.TAB) == "solid"
        order.append(seeds.run("return document.activeElement.id || document.activeElement.textContent"))
    assert order == ["wirelake", "Overview", "Stories", "Names", "Versions", "Intake", "search", "theme"]
    press(Keys.ENTER)
    assert seeds.run("return [document.documentElement.dataset.theme, document.activeElement.ariaPressed]") == ["dark", "true"]
    press(Keys.ENTER)
    assert seeds.run("return document.documentElement.dataset.theme") == "light"
    ActionChains(seeds.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
    press("weavers", Keys.ENTER)
    seeds.until(lambda: seeds.run("return document.activeElement.textContent") == "Stories")
    assert seeds.texts("#list .headline") == ["Peru weavers open a school for unravelling"]
    while seeds.run("return document.activeElement.textContent") != "Peru weavers open a school for unravelling":
        press(Keys.TAB)
    press(Keys.ENTER)
    seeds.until(lambda: seeds.texts("h1") == ["Peru weavers open a school for unravelling"])
    assert seeds.run("return document.activeElement.tagName") == "H1"
    seeds.run("document.querySelector('.skip').focus()")
    press(Keys.ENTER)
    assert seeds.run("return document.activeElement.id") == "main"
    assert seeds.texts("h1") == ["Peru weavers open a school for unravelling"]


@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_words_stay_words_everywhere(poisoned_look: Look, seeds_page: Page, width: int) -> None:
    look = poisoned_look
    look.at(width=width)
    for place in ("overview", "stories", f"stories?q={HOSTILE}", *(f"story/{each}" for each in list(seeds_page.stories)[:12])):
        look.run("location.hash = '#' + encodeURI(arguments[0]).replaceAll('#', '%23')", place)
        look.driver.execute_async_script("setTimeout(arguments[0], 30)")
        assert look.run("return typeof hacked") == "undefined"
        assert look.too_wide() == [], place
        assert look.run("return document.querySelectorAll('img, iframe, object, embed, base, [onerror]').length") == 0
        assert look.run("return document.querySelectorAll('style').length") == 1
        links = look.run("return [...document.links].map((link) => link.getAttribute('href'))")
        assert all(link.startswith("#") for link in links)
    assert all(HOSTILE.strip()[:9] in text for text in look.texts("h1"))
    assert look.complaints() == []


def test_the_policy_stops_what_would_slip_through(odd_look: Look) -> None:
    odd_look.at()
    assert odd_look.complaints() == []
    for script in (
        "document.body.innerHTML = '<img src=x>'",
        "const s = document.createElement('script'); s.textContent = 'hacked = 1'; document.body.append(s)",
        "const i = document.createElement('img'); i.src = 'https://example.org/x.png'; document.body.append(i)",
    ):
        odd_look.run(f"try {{ {script} }} catch {{}}")
    odd_look.driver.execute_async_script("setTimeout(arguments[0], 30)")
    assert odd_look.run("return typeof hacked") == "undefined"
    said = " ".join(odd_look.complaints())
    assert "Trusted" in said
    assert "img-src" in said
