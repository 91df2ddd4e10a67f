"""Parse: raw items to pieces, one for every item of text that a format's parser finds."""

import dataclasses
import hashlib
from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from schemas import Origin, RawItem, Row
from transforms.fn import Fn
from transforms.ledger import Failure, delivery, refusal
from transforms.metrics import count
from transforms.outputs import Outputs
from transforms.tally import COUNTS, Tally
from transforms.text import formats
from transforms.text.containers import full_name
from transforms.text.parsed import Parsed, RefusedError


@dataclasses.dataclass(frozen=True)
class Piece:
    """One item of text as parsed, with where it came from and its row of the ledger."""

    origin: Origin
    delivery: Row
    parsed: Parsed


@dataclasses.dataclass(eq=False)
class Parse(beam.PTransform):
    """RawItem to Piece. Further outputs: `failed` Failure, what is no text included; `raw` rows of `raw`, with `keep_raw`; `counts`
    entries of the manifest: how many `pieces` the items were found to hold (nothing found is one, rejected)."""

    run: str
    keep_raw: bool = False
    raw: frozenset[str] | None = None
    """Hashes of the items whose bytes are kept; null for all."""

    def expand(self, items: beam.PCollection[RawItem]) -> Outputs:
        """Wires the parser."""
        return items | "ParseItem" >> beam.ParDo(_ParseItem(self.run, self.keep_raw, self.raw)).with_outputs(
            "failed", "raw", COUNTS, main="pieces"
        )


class _ParseItem(Fn):
    def __init__(self, run: str, keep_raw: bool, raw: frozenset[str] | None = None) -> None:
        self._run, self._keep_raw, self._raw = run, keep_raw, raw
        self._tally = Tally()

    def start_bundle(self) -> None:
        self._tally = Tally()

    def finish_bundle(self) -> Iterator[beam.pvalue.TaggedOutput]:
        yield from self._tally.entries()

    def process(self, element: RawItem) -> Iterator[Any]:
        origin, data = element.origin, element.data
        sha256 = element.sha256 or hashlib.sha256(data).hexdigest()
        if self._keep_raw and (self._raw is None or sha256 in self._raw):
            yield beam.pvalue.TaggedOutput("raw", _raw(element, sha256, self._run))
        try:
            found = formats.parse(data, full_name(origin.source_uri, origin.place))
            if not found:
                raise RefusedError("empty", "the item holds nothing that could be a story")
        except Exception as error:  # noqa: BLE001 - one bad item never stops the others
            count("Parse", "failed")
            self._tally.add("pieces")
            yield beam.pvalue.TaggedOutput("failed", Failure("parse", refusal(error), delivery(origin, self._run, 0, sha256), data))
            return
        self._tally.add("pieces", len(found))
        for index, parsed in enumerate(found):
            row = delivery(origin, self._run, index, sha256, parsed.source_id)
            if parsed.item_kind == "text" and not parsed.refused:
                yield Piece(origin, row, parsed)
                continue
            refused = RefusedError(*parsed.refused or ("not_text", f"the item is of the kind {parsed.item_kind}, not text"))
            yield beam.pvalue.TaggedOutput("failed", Failure("parse", refused, row, data if parsed.payload is None else parsed.payload))


def _raw(item: RawItem, sha256: str, run: str) -> Row:
    return {
        **item.origin.model_dump(),
        "sha256": sha256,
        "data": item.data,
        "run": run,
        "received_on": item.origin.received_at.date(),
    }
