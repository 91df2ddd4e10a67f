"""What a page says of its story besides the text: linked data first, then meta elements, then headings and marked elements."""

import dataclasses
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from typing import Any

from transforms.text.agencies import agency_named
from transforms.text.calendar_words import month_of, weekday_of
from transforms.text.formats import linked_data
from transforms.text.formats.page_headline import headline_of, line_key, without_site
from transforms.text.formats.web_dates import has_zone, web_date
from transforms.text.formats.xml import Element
from transforms.text.markup import plain
from transforms.text.parsed import When

_MOST_WORDS = 60
_LONGEST_NAME = 100
_LONGEST_KEYWORD = 80


@dataclasses.dataclass
class Facts:
    """The facts of one page, as it has them; null for what it does not say."""

    headline: str | None = None
    titles: list[str] = dataclasses.field(default_factory=list)
    """Every form of the headline on the page: none of them is running text."""
    deck: str | None = None
    authors: list[str] = dataclasses.field(default_factory=list)
    creditline: str | None = None
    published: When | None = None
    modified: When | None = None
    created: When | None = None
    section: str | None = None
    keywords: list[str] = dataclasses.field(default_factory=list)
    language: str | None = None
    url: str | None = None
    publisher: str | None = None
    dateline: str | None = None
    located: str | None = None
    copyright: str | None = None
    usageterms: str | None = None
    genre: str | None = None
    body: str = ""
    """The text where the linked data has it."""


def facts_of(root: Element) -> Facts:
    """Reads a page's facts; the tree is left as it is."""
    page = _Page(root)
    facts = Facts()
    publishers = [
        name for name in (*page.all("og:site_name"), *linked_data.texts(page.article.get("publisher"))) if not _ADDRESS.match(name)
    ]
    facts.publisher = _publisher([*publishers, *page.all("publisher", "dc.publisher", "dcterms.publisher", "application-name")])
    linked = linked_data.text(page.article.get("headline")) or linked_data.text(page.article.get("name"))
    titles = [
        linked,
        *page.all("og:title", "headline", "parsely-title", "sailthru.title", "twitter:title", "dc.title", "dcterms.title", "title"),
    ]
    titles.append(_line(root.findtext(".//title")))
    headings = [heading for heading in map(_words, root.iter("h1")) if heading]
    facts.headline = headline_of([title for title in titles if title], headings, publishers)
    facts.titles = [title for title in [*titles, *headings, facts.headline] if title]
    facts.titles += [without_site(title, publishers) for title in facts.titles]
    facts.deck = page.first(
        ["og:description", "description", "twitter:description", "dc.description", "sailthru.description"], linked="description"
    )
    _authors(facts, page, publishers)
    _dates(facts, page)
    facts.section = page.first(
        ["article:section", "parsely-section", "og:section", "articlesection", "sailthru.section"], linked="articleSection"
    )
    facts.keywords = _keywords(page)
    facts.language = _language(page)
    facts.url = _url(page)
    article = page.article
    facts.dateline = linked_data.text(article.get("dateline"))
    facts.located = linked_data.text(article.get("contentLocation")) or linked_data.text(article.get("locationCreated"))
    facts.copyright = page.first(["copyright", "dc.rights", "dcterms.rights", "rights"]) or linked_data.text(article.get("copyrightHolder"))
    facts.usageterms = linked_data.text(article.get("license")) or linked_data.text(article.get("usageInfo"))
    facts.genre = linked_data.text(article.get("genre"))
    facts.body = linked_data.body_of(article)
    return facts


_ADDRESS = re.compile(r"https?:|www\.")


def _publisher(names: list[str]) -> str | None:
    """The site's name: as it gives it to others, written as its linked data writes it ('The Hill', not 'TheHill')."""
    if not names:
        return None
    return max((name for name in names if _packed(name) == _packed(names[0])), key=len)


def _packed(name: str) -> str:
    return line_key(name).replace(" ", "")


class _Page:
    """What a page has to say, gathered in one pass."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.meta: dict[str, list[str]] = {}
        for element in root.iter("meta"):
            content = _line(element.get("content"))
            if content:
                for attribute in ("property", "name", "itemprop", "http-equiv"):
                    if name := element.get(attribute):
                        self.meta.setdefault(name.strip().lower(), []).append(content)
        self.properties: dict[str, list[Element]] = {}
        for element in root.xpath("//body//*[@itemprop or @rel='author']"):
            if _is_elsewhere(element):
                continue
            for name in (element.get("itemprop") or element.get("rel") or "").lower().split():
                self.properties.setdefault(name, []).append(element)
        self.article = _merged(linked_data.articles(root), {line_key(title) for title in self._titles()})

    def _titles(self) -> Iterator[str]:
        yield from self.meta.get("og:title", ())
        yield from (text for element in self.root.iter("title", "h1") if (text := _words(element)))

    def all(self, *names: str) -> list[str]:
        """What the meta elements of these names have, in the order of the names."""
        return [content for name in names for content in self.meta.get(name, ())]

    def first(self, names: Iterable[str], linked: str = "") -> str | None:
        """The linked data's value, else the first of the meta elements."""
        return (linked_data.text(self.article.get(linked)) if linked else None) or next(iter(self.all(*names)), None)


def _merged(articles: list[linked_data.Node], titles: set[str]) -> linked_data.Node:
    """The page's article: the first whose headline the page has as its title, else the first; others about it fill what it lacks."""

    def is_of_page(node: linked_data.Node) -> bool:
        key = line_key(linked_data.text(node.get("headline")) or linked_data.text(node.get("name")) or "")
        return bool(key) and any(title.startswith(key) or key.startswith(title) for title in titles if title)

    ours = [node for node in articles if is_of_page(node)]
    nameless = [node for node in articles if not node.get("headline") and not node.get("name")]
    chosen = ours or articles[:1]
    merged: dict[str, Any] = {}
    for node in [*chosen, *nameless]:
        for name, value in node.items():
            if value and not merged.get(name):
                merged[name] = value
    return merged


_ELSEWHERE = re.compile(
    r"comment|related|recommend|repl(?:y|ies)\b|most-?(?:read|popular)|teaser|sidebar|ticker|recirc|promo", re.IGNORECASE
)
_NEAR = 12


def _is_elsewhere(element: Element) -> bool:
    """Whether an element belongs to readers' comments, to a form or to another story that the page points to."""
    for number, each in enumerate((element, *element.iterancestors())):
        if each.tag in ("body", "article", "main") or number > _NEAR:
            return False
        if each.tag in ("form", "aside", "nav", "footer") or _ELSEWHERE.search(f"{each.get('class', '')} {each.get('id', '')}"):
            return True
    return False


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _pieces(element: Element) -> str:
    """The words of an element whose parts stand beside each other without a space between them."""
    return " ".join(" ".join(element.itertext()).split())


def _line(text: str | None) -> str | None:
    return " ".join(plain(text).split()) or None if text else None


# ---------------------------------------------------------------------------------------------------------------------- who

_BY = re.compile(
    r"(?:(?:(?:written|posted|reported|published|words|text|story|analysis|opinion|commentary|review) )?by|von|par|por|di|от|автор)\b[\s:]+"
    r"|[^\W\d_]{3,12}:\s+",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"https?:|www\.|/|\d{3}|^@|[<>{}|]|^(?:admin(?:istrator)?|webmaster|editor|root|user|guest|unknown|none|null|by|share)$", re.IGNORECASE
)
_BYLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:by-?line|author)(?:[_-]*(?:name|link|title|text))?s?(?:$|\s|__)", re.IGNORECASE)
_WRITERS = ("author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator", "dc.contributor", "article:author_name")


def _authors(facts: Facts, page: _Page, publishers: list[str]) -> None:
    """Writers, and the agency where the page names one as such. The site itself is neither."""
    sites = {line_key(name) for name in publishers}
    names: list[str] = []
    for candidates in _author_candidates(page):
        names = [name for each in candidates if (name := _name(each)) and line_key(name) not in sites]
        agency = next((each for each in candidates if agency_named(_name(each) or "")), None)
        if agency and not facts.creditline:
            facts.creditline = _name(agency)
        names = list(dict.fromkeys(name for name in names if not agency_named(name)))
        if names or agency:
            break
    facts.authors = names[:20]
    if facts.creditline is None:
        sources = [
            *linked_data.texts(page.article.get("sourceOrganization")),
            *linked_data.texts(page.article.get("provider")),
            *publishers,
        ]
        facts.creditline = next((name for name in sources if agency_named(name)), None)


def _author_candidates(page: _Page) -> Iterator[list[str]]:
    yield linked_data.texts(page.article.get("author"))
    yield linked_data.texts(page.article.get("creator"))
    for name in _WRITERS:
        yield [part for content in page.meta.get(name, ()) for part in re.split(r"\s*;\s*", content)]
    yield page.all("article:author")
    for name in ("author", "creator"):
        yield [_pieces(element) for element in page.properties.get(name, ())[:5]]
    yield [text for text in _bylines(page.root) if text]


def _bylines(root: Element) -> Iterator[str]:
    """The first element that calls itself byline or author and holds a short line."""
    for element in root.iter("span", "a", "div", "p", "address", "li"):
        name = element.get("class") or ""
        if name and _BYLINE_CLASS.search(name) and not _is_elsewhere(element):
            text = _before_date(re.split(r"\s[|•·–—]\s", _pieces(element))[0])
            rest = _BY.sub("", text, count=1)
            if 2 <= len(rest.split()) <= _NAME_WORDS and rest[0].upper() == rest[0] and rest[-1] not in ".!?:":
                yield text
                return


_NAME_WORDS = 8


def _before_date(text: str) -> str:
    """A byline without the date behind it."""
    digit = re.search(r"\d", text)
    if digit is None:
        return text.strip(" ,|-–")
    words = text[: digit.start()].split()
    while words and (month_of(word := words[-1].strip(",.:;")) or weekday_of(word) is not None or word.casefold() in _DATE_WORDS):
        words.pop()
    return " ".join(words).strip(" ,|-–")


_DATE_WORDS = frozenset(("published", "updated", "posted", "modified", "last", "on", "at", "date", ""))


_ACCOUNT = re.compile(r"(?<=\w)[\s,|(]+@\w+\)?")


def _name(text: str) -> str | None:
    """A name without what stands before it; None for what is none (a link, an account, a sentence)."""
    line = _ACCOUNT.sub("", _line(text) or "")
    match = _BY.match(line)
    name = (line[match.end() :] if match and len(line) > match.end() else line).strip(" ,;:")
    return name if name and len(name) <= _LONGEST_NAME and not _NOT_NAMES.search(name) else None


# --------------------------------------------------------------------------------------------------------------------- when

_PUBLISHED = (
    "article:published_time", "datepublished", "article:published", "og:published_time", "og:article:published_time", "parsely-pub-date",
    "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "published_time", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date", "dcterms.date", "sailthru.date", "date", "article.published", "cxenseparse:recs:publishtime",
    "datecreated",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "article:modified", "last-modified", "lastmod")


def _dates(facts: Facts, page: _Page) -> None:
    published = [*linked_data.texts(page.article.get("datePublished")), *page.all(*_PUBLISHED), *_marked(page, "datepublished")]
    facts.published = (
        _best(published)
        or _best(linked_data.texts(page.article.get("dateCreated")))
        or _best(_times(page.root))
        or _best(_dated(page.root))
    )
    modified = [*linked_data.texts(page.article.get("dateModified")), *page.all(*_MODIFIED), *_marked(page, "datemodified")]
    facts.modified = _best(modified)
    facts.created = _best(linked_data.texts(page.article.get("dateCreated")))
    if facts.published is None:
        facts.published = facts.modified
    if facts.modified and facts.published and facts.modified.at < facts.published.at:
        facts.modified = None


def _best(texts: Iterable[str]) -> When | None:
    """The first moment of a day that has the most to say: another form of the same day may give the time, or its zone."""
    found = [(when, has_zone(text)) for text in texts if (when := web_date(text))]
    if not found:
        return None
    first = found[0][0]
    near = [each for each in found if abs((each[0].at - first.at).total_seconds()) <= _SAME_DAY]
    return max(near, key=lambda each: (each[0].precision != "day", each[1], each[0].precision == "second"))[0]


_SAME_DAY = 26 * 3600
"""Seconds that two forms of one moment may lie apart, where one has no zone."""


def _marked(page: _Page, name: str) -> list[str]:
    elements = page.properties.get(name, ())
    return [text for element in elements if (text := element.get("datetime") or element.get("content") or _words(element))]


def _times(root: Element) -> list[str]:
    """The first `<time>` that says when; those of teasers come later on the page."""
    for element in root.iter("time"):
        text = element.get("datetime") or _words(element)
        if web_date(text):
            return [text]
    return []


_DATE_CLASS = re.compile(r"date|time-?stamp|publish|posted|pub-?time", re.IGNORECASE)
_LONGEST_DATE = 90


def _dated(root: Element) -> list[str]:
    """The first short line after the heading that calls itself a date and is one; above the heading is the site's clock."""
    seen_heading = False
    for element in root.iter("h1", "span", "div", "p", "li", "em", "small"):
        if element.tag == "h1":
            seen_heading = True
        elif seen_heading and _DATE_CLASS.search(element.get("class") or ""):
            text = _pieces(element)
            if len(text) <= _LONGEST_DATE and web_date(text) and not _is_elsewhere(element):
                return [text]
    return []


# --------------------------------------------------------------------------------------------------------------------- what


_SYSTEM_WORD = re.compile(r"^[@/]|[:=_]\S*\d|^\d+$|^(?:section|category|tag|type|topic): |[a-z]_[a-z]", re.IGNORECASE)


def _keywords(page: _Page) -> list[str]:
    """Of the first source that has any: linked data, tags, keywords. Numbers of the site's own system are none."""
    for values in (
        linked_data.texts(page.article.get("keywords")), page.all("article:tag"), page.all("news_keywords"),
        page.all("parsely-tags", "sailthru.tags"), page.all("keywords"),
    ):  # fmt: skip
        words = [word.strip(" .\"'") for value in values for word in re.split(r"\s*[,;]\s*", value)]
        words = [word for word in words if word and len(word) <= _LONGEST_KEYWORD and not _SYSTEM_WORD.search(word)]
        if words:
            return list(dict.fromkeys(words))[:_MOST_WORDS]
    return []


_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}|\d{3}))?(?:[-_].*)?")


def _language(page: _Page) -> str | None:
    html = next(iter(page.root.iter("html")), page.root)
    declared = [html.get("lang"), html.get("{http://www.w3.org/XML/1998/namespace}lang"), html.get("xml:lang")]
    for text in [
        *linked_data.texts(page.article.get("inLanguage")),
        *declared,
        *page.all("inlanguage", "content-language", "dc.language", "language", "og:locale"),
    ]:
        match = _TAG.fullmatch(text.strip()) if text else None
        if match:
            return f"{match[1].lower()}-{match[2].upper()}" if match[2] and len(match[2]) == 2 else match[1].lower()
    return None


def _url(page: _Page) -> str | None:
    """The page's own address; one without a path is that of the site, put there by mistake."""
    links = [link.get("href") for link in page.root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    entity = page.article.get("mainEntityOfPage")
    entity = entity.get("@id") or entity.get("url") if isinstance(entity, dict) else entity
    for url in (*links, *page.all("og:url"), page.article.get("url"), entity):
        if isinstance(url, str) and re.match(r"https?://[^/\s]+/\S", url := url.strip()) and urllib.parse.urlsplit(url).path.strip("/"):
            return url
    return None
