"""Speed of quotations on one core: `python tests/bench/quotes.py [--seconds 3] [--spacy MODEL] [FILE ...]`.

Each FILE holds JSON lines with `text` (by default the free corpora of `../shared`, and its annotated quotations). Texts are read over and
over, in turns: by `find_quotes` alone, their names found beforehand; by `annotate`, which finds places and names as well; and with --spacy
by the dependency parser of a spaCy pipeline, without which extractors that rest on a parse find nothing. A rate is the median of the
turns; tokens are words and marks.

Ends with 1 where `find_quotes` reads fewer than 150,000 tokens a second."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

if __package__:
    from tests.bench.rates import ROOT, SHARED, TEXTS, Reader, options_of, pipeline_of, print_memory, rates
else:  # started as a script
    from rates import ROOT, SHARED, TEXTS, Reader, options_of, pipeline_of, print_memory, rates

LEAST = 150_000.0
"""Tokens a second that have to be read."""
PEER_TEXTS = 20
"""Texts that the peer reads in one turn: it is slow."""
PARSING = ("tok2vec", "transformer", "parser")
"""Components of a spaCy pipeline that a parse depends on."""

_TOKEN = re.compile(r"\w+|[^\w\s]")

Story = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    texts = (*TEXTS, SHARED / "eval" / "quotes" / "dev.jsonl.gz")
    options = options_of(arguments, "Tokens a second from text to quotations, one core.", "a spaCy pipeline with a parser", texts)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path.insert(0, str(ROOT))
    from pipelines.tagger_teacher import texts_of

    peer = _peer(options.spacy)
    slow = []
    for path in options.files:
        stories = [_story(row["text"]) for row in texts_of([path])]
        few = stories[:PEER_TEXTS]
        readers = [_reader(_quotes, stories), _reader(_everything, stories), *([_reader(peer, few)] if peer else [])]
        quotes, everything, *parse = rates(readers, options.seconds)
        said = f"; spaCy's parse alone {parse[0]:7,.0f} ({quotes / parse[0]:.0f} times as fast)" if parse else ""
        print(f"{path.name:<40} {len(stories):5} texts  {quotes:9,.0f} tokens/s; with names {everything:9,.0f}{said}", flush=True)
        if quotes < LEAST:
            slow.append(f"{path.name}: {quotes:,.0f} tokens a second, fewer than {LEAST:,.0f}")
    print_memory()
    print("\n".join(slow))
    return 1 if slow else 0


def _story(text: str) -> Story:
    """A text with the names found in it."""
    from transforms.text.annotate import locate, tag

    story = {"body": text}
    return {**story, "entities": tag(story, locate(story))[0]}


def _reader(read: Callable[[Story], object], stories: Sequence[Story]) -> Reader:
    return Reader(read, stories, sum(len(_TOKEN.findall(story["body"])) for story in stories))


def _quotes(story: Story) -> object:
    from transforms.text.quotes import find_quotes

    return find_quotes(story["body"], story["entities"])


def _everything(story: Story) -> object:
    from transforms.text.annotate import annotate

    return annotate([{"body": story["body"]}])


def _peer(model: str | None) -> Callable[[Story], object] | None:
    """The parser of a spaCy pipeline, nothing else of it being run."""
    nlp = pipeline_of(model, _load)
    if nlp is None:
        return None
    if "parser" not in nlp.pipe_names:
        print(f"no peer: {model} has no parser")
        return None
    nlp.select_pipes(enable=[name for name in PARSING if name in nlp.pipe_names])
    return lambda story: nlp(story["body"])


def _load(model: str) -> Any:
    import spacy

    return spacy.load(model)


if __name__ == "__main__":
    sys.exit(main())
