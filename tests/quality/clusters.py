"""How well the names of a story are put together: the canonical names of linked mentions against whom they are linked to."""

import collections
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Row = Mapping[str, Any]


class Linked(NamedTuple):
    """A mention of the gold data: whose it is, what it says, and the canonical name of the entity that ends with it or holds its end
    (None where there is none)."""

    target: str
    text: str
    type: str
    canonical: str | None


def linked(labels: Iterable[Row], target: str, entities: Sequence[Row]) -> list[Linked]:
    """The mentions of one story. labels: {start, end, text, type, and a key `target`}."""
    found = []
    for label in labels:
        text = label["text"].removesuffix("'s").removesuffix("’s").rstrip()
        last = label["start"] + len(text) - 1
        entity = next((e for e in entities if e["start"] <= last < e["end"]), None)
        found.append(Linked(label[target], text, label["type"], entity["canonical"] if entity else None))
    return found


def scores(stories: Iterable[Sequence[Linked]]) -> dict[str, float]:
    """Per cent: `B3 F1` (Bagga and Baldwin 1998) and `pairwise F1` of the mentions that an entity was found for, and `surnames`, the share
    of people's mentions of one word with a longer one in the story that have the canonical name of such a one and of nobody else."""
    precision = recall = mentions = 0.0
    right = said = wanted = 0
    surnames: list[bool] = []
    for story in stories:
        named = [mention for mention in story if mention.canonical is not None]
        both = collections.Counter((m.target, m.canonical) for m in named)
        targets = collections.Counter(m.target for m in named)
        names = collections.Counter(m.canonical for m in named)
        mentions += len(named)
        precision += sum(count * count / names[name] for (_, name), count in both.items())
        recall += sum(count * count / targets[target] for (target, _), count in both.items())
        right, said, wanted = right + _pairs(both), said + _pairs(names), wanted + _pairs(targets)
        surnames += _surnames(story)
    return {
        "names B3 F1": _f1(precision / mentions, recall / mentions),
        "names pairwise F1": _f1(right / said, right / wanted),
        "surnames": 100 * sum(surnames) / len(surnames),
    }


def _pairs(counts: collections.Counter[Any]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def _f1(precision: float, recall: float) -> float:
    return 200 * precision * recall / (precision + recall)


def _surnames(story: Sequence[Linked]) -> list[bool]:
    out = []
    people = [mention for mention in story if mention.type == "PER"]
    full = [mention for mention in people if " " in mention.text]
    for mention in people:
        words = {word for m in full if m.target == mention.target for word in m.text.split()}
        if mention.text in words:
            bearers = {m.target for m in full if m.canonical == mention.canonical}
            out.append(mention.canonical is not None and bearers == {mention.target})
    return out
