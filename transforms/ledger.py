"""Rows of the ledger: a delivery for every piece, and for a failed one the row that says why."""

import dataclasses

from schemas import Origin, Row
from schemas.ledger import Outcome, Stage
from transforms.text.identity import delivery_id
from transforms.text.parsed import RefusedError

KEPT_PAYLOAD_BYTES = 64 * 2**10
"""Of a rejected piece. All of it is in `raw` where it could be read at all."""

_MAX_DETAIL = 500


@dataclasses.dataclass(frozen=True)
class Failure:
    """A piece that ends as a row of `rejected`: at which stage, why, which delivery it is, and its bytes."""

    stage: Stage
    refused: RefusedError
    delivery: Row
    payload: bytes


def delivery(origin: Origin, run: str, piece: int = 0, raw_sha256: str | None = None, source_id: str | None = None) -> Row:
    """The row of `deliveries` for a piece; `outcome` is still open (`rejected`, until a later stage says better)."""
    return {
        "delivery_id": delivery_id(origin, piece, raw_sha256),
        "outcome": "rejected",
        "story_id": None,
        "reason": None,
        "source_uri": origin.source_uri,
        "place": origin.place,
        "piece": piece,
        "source_id": source_id and source_id.encode("utf-8", "backslashreplace").decode(),
        "message_id": origin.message_id,
        "ordering_key": origin.ordering_key,
        "attributes": origin.attributes,
        "input_start": origin.input_start,
        "input_stop": origin.input_stop,
        "input_size": origin.input_size,
        "input_mark": origin.input_mark,
        "input_sha256": origin.input_sha256,
        "raw_sha256": raw_sha256,
        "versioncreated": None,
        "received_at": origin.received_at,
        "run": run,
        "received_on": origin.received_at.date(),
    }


def settled(row: Row, outcome: Outcome, story_id: str | None = None, reason: str | None = None) -> Row:
    """The delivery with its outcome."""
    return {**row, "outcome": outcome, "story_id": story_id, "reason": reason}


def failure_rows(failure: Failure) -> tuple[Row, Row]:
    """The two rows a failed piece leaves: its delivery and its rejection."""
    reason = failure.refused.reason
    row = failure.delivery
    detail = failure.refused.detail.encode("utf-8", "backslashreplace").decode()[:_MAX_DETAIL]
    rejected = rejection(row, failure.stage, reason, detail, row["run"], failure.payload)
    return settled(row, "not_text" if reason == "not_text" else "rejected", reason=reason), rejected


def rejection(delivery: Row, stage: Stage, reason: str, detail: str, run: str, payload: bytes | None = None) -> Row:
    """The row of `rejected` for a delivery, with the beginning of its bytes where they are at hand."""
    return {
        "delivery_id": delivery["delivery_id"],
        "stage": stage,
        "reason": reason,
        "detail": detail,
        "source_uri": delivery["source_uri"],
        "place": delivery["place"],
        "payload": None if payload is None else payload[:KEPT_PAYLOAD_BYTES],
        "payload_cut": payload is not None and len(payload) > KEPT_PAYLOAD_BYTES,
        "received_at": delivery["received_at"],
        "run": run,
        "received_on": delivery["received_at"].date(),
    }


def refusal(error: Exception) -> RefusedError:
    """Any exception as a refusal: a defect of ours that one piece uncovers must not stop the others."""
    if isinstance(error, RefusedError):
        return error
    return RefusedError("defect", f"{type(error).__name__}: {error}")
