"""Questions that are asked again and again, as macros of DuckDB over the views: loaded by `open_lake`, printed by `printed_views`.

They are plain SQL over the names of views and columns alone, so that they work over the tables' logs as over plain globs. Those that
tell what was said or who was named look at `latest`; those that tell how a story went look at every version."""

import dataclasses

from transforms.text.agencies import agencies
from transforms.text.entity_keys import organisation_key


@dataclasses.dataclass(frozen=True)
class Macro:
    """One macro: how it is called, what it answers (a sentence), and its body; a table of rows, unless `is_scalar`."""

    call: str
    told: str
    body: str
    is_scalar: bool = False

    @property
    def name(self) -> str:
        """What stands before the brackets."""
        return self.call.partition("(")[0]

    @property
    def statement(self) -> str:
        """The SQL that makes it."""
        return f"create or replace macro {self.call} as {'' if self.is_scalar else 'table'}{self.body.rstrip()}"


_FOLD_NAME = Macro(
    "fold_name(name)",
    "a name without case, accents, full stops and apostrophes, a blank for a hyphen",
    """
    trim(replace(replace(replace(replace(replace(lower(strip_accents(name)), '-', ' '), '‑', ' '), '.', ''), '''', ''), '’', ''))
""",
    is_scalar=True,
)

_IS_ID = Macro(
    "is_id(id, given)",
    "whether an id is the one that is given: whole, or by its first characters, six at least",
    """
    length(given) >= 6 and starts_with(id, lower(given))
""",
    is_scalar=True,
)

_WORDS_SAID = Macro(
    "words_said(text, frags)",
    "a quotation without the attribution between its parts, which are told apart by an ellipsis; `text` and `frags` of `quotes`",
    """
    array_to_string([
        rtrim(substring(text, part.span_start - frags[1].span_start + 1, part.span_end - part.span_start), ' ,') for part in frags
    ], ' … ')
""",
    is_scalar=True,
)

_OWN_KEYS = sorted(
    f"'{agency.name} {key}'" for agency in agencies() for key in {organisation_key(form) for form in (agency.name, *agency.forms)} if key
)

_IS_OWN_NAME = Macro(
    "is_own_name(provider, canonical, entity_key)",
    "whether what is named is the agency whose story it is (`told AFP`, `told The Associated Press`)",
    f"""
    coalesce(fold_name(canonical) = fold_name(provider), false)
        or coalesce(provider || ' ' || entity_key in ({", ".join(_OWN_KEYS)}), false)
""",
    is_scalar=True,
)

_MENTIONS_OF = Macro(
    "mentions_of(name)",
    "where a person (by a surname, each who has it), organisation, place or people is named, by any spelling that the lake has for it",
    """
with known as (
    select distinct story_id, canonical, entity_key from entities
    where fold_name(text) = fold_name(name) or fold_name(canonical) = fold_name(name)
        or type = 'PER' and fold_name(name) <> '' and ends_with(fold_name(canonical), ' ' || fold_name(name))
)
select s.date, s.published_at, s.country, s.provider, s.headline, e.text, e.type, e.canonical, e.entity_key, e.role, e.salience,
    e.story_id, e.span_start, e.span_end
from entities e join latest s using (story_id, date, country)
where e.entity_key in (select entity_key from known)
    or (e.story_id, e.canonical) in (select (story_id, canonical) from known)
order by s.published_at, e.story_id, e.span_start
""",
)

_QUOTES_BY = Macro(
    "quotes_by(person)",
    "what somebody said, by any spelling of the name, the oldest first",
    """
select s.date, s.published_at, s.country, s.provider, s.headline, q.type, q.text, words_said(q.text, q.frags) as words, q.speaker,
    q.speaker_canonical, q.affiliation, q.cue, q.confidence, q.story_id, q.quote_id, q.span_start, q.span_end
from quotes q join latest s using (story_id, date, country)
where (q.story_id, q.speaker_canonical) in (select (story_id, canonical) from mentions_of(person))
    -- A government that is called by a place has no canonical name.
    or (q.speaker_canonical is null and fold_name(q.speaker) = fold_name(person))
order by s.published_at, q.story_id, q.span_start
""",
)

_CO_MENTIONS = Macro(
    "co_mentions(name)",
    "who and what is named in the same stories, most stories first",
    """
with named as (select distinct story_id, canonical from mentions_of(name))
select max_by(e.canonical, (length(e.canonical), e.canonical)) as canonical, min(e.type) as type, min(e.entity_key) as entity_key,
    count(distinct e.story_id) as stories, count(*) as mentions
from entities e join latest s using (story_id, date, country)
where e.story_id in (select story_id from named) and (e.story_id, e.canonical) not in (select (story_id, canonical) from named)
    and not is_own_name(s.provider, e.canonical, e.entity_key)
group by coalesce(e.entity_key, e.type || ':' || fold_name(e.canonical))
order by stories desc, mentions desc, canonical, entity_key
""",
)

_TIMELINE = Macro(
    "timeline(cluster)",
    "how one story went: its versions, copies and kill, as they were made; a cluster is named by its id or that of any story in it",
    """
with members as (
    select * from stories where cluster_id in (select cluster_id from stories where is_id(story_id, cluster))
)
select coalesce(s.versioncreated, s.published_at) as moment, s.provider, s.version,
    case when s.signal in ('kill', 'hold') then s.signal when s.is_head then 'first' else s.relation end as event,
    s.signal, s.similarity, s.headline, s.word_count, s.story_id in (select story_id from latest) as shown, s.story_id
from stories s
where s.story_id in (select story_id from members) or s.story_id in (select killed_by from members)
order by moment, s.version nulls first, s.story_id
""",
)

_CHANGES = Macro(
    "changes(story)",
    "what a version changed: its headline and the paragraphs that it took out and put in, beside the version before it",
    """
with pairs as (
    select newer, older from stories newer join stories older on older.story_id = newer.related_to
    where newer.relation = 'version' and is_id(newer.story_id, story)
), versions as (
    select newer.story_id as id, 'removed' as change, older as version from pairs
    union all select newer.story_id, 'added', newer from pairs
), parts as (
    select id, change, 'headline' as part, version.headline as text, -2 as place from versions
    union all select id, change, 'deck', version.deck, -1 from versions
    union all select id, change, p.role, coalesce(p.text, version.body[p.span_start + 1 : p.span_end]), p.span_start
    from (select *, unnest(version.paragraphs) as p from versions)
)
select part, min(change) as change, text, id as story_id
from parts where text is not null group by id, part, text having count(distinct change) = 1
order by id, min(place), change desc, text
""",
)

_RELATED = Macro(
    "related(story, days := 30)",
    "other stories to read beside one: those of its cluster, its roundups, then by the names they share within some days",
    """
with this as (
    select story_id, cluster_id, related_to, provider, date from stories where is_id(story_id, story) order by story_id limit 1
), near as (
    select l.* from latest l, this t
    where l.date between t.date - cast(days as integer) and t.date + cast(days as integer) or l.cluster_id = t.cluster_id
), named as (
    select e.story_id, e.entity_key, max(e.salience) as salience, max(e.canonical) as canonical
    from entities e join (select story_id, provider from near union select story_id, provider from this) s using (story_id)
    where e.entity_key is not null and not is_own_name(s.provider, e.canonical, e.entity_key) group by all
), told as (
    -- A name that few stories have says more.
    select entity_key, ln(1 + (select count(*) from near) / count(*)) as weight from named group by all
), shared as (
    select n.story_id, sum(weight * sqrt(n.salience * m.salience)) as score,
        list(n.canonical order by weight * sqrt(n.salience * m.salience) desc, n.canonical) as names
    from named n join named m using (entity_key) join told using (entity_key), this t
    where m.story_id = t.story_id and n.story_id <> t.story_id group by all
), found as (
    select case when n.cluster_id = t.cluster_id then coalesce(n.relation, 'first')
            when n.related_to = t.story_id or t.related_to = n.story_id then 'contains' else 'names' end as relation,
        round(s.score, 3) as score, s.names, n.date, n.published_at, n.country, n.provider, n.headline, n.story_id
    from near n left join shared s using (story_id), this t where n.story_id <> t.story_id
)
select * from found where relation <> 'names' or score > 0
order by relation = 'names', score desc nulls last, published_at desc, story_id
""",
)

MACROS = (_FOLD_NAME, _IS_ID, _WORDS_SAID, _IS_OWN_NAME, _MENTIONS_OF, _QUOTES_BY, _CO_MENTIONS, _TIMELINE, _CHANGES, _RELATED)
"""In the order in which they are made: one that uses another comes after it."""
