"""Kept items without what was purged of them."""

import collections
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa

from pipelines.lake.parts import read_staged, stage_part
from pipelines.lake.place import Folder
from schemas import Row
from transforms import store
from transforms.text import formats
from transforms.text.containers import full_name
from transforms.text.formats import pieces
from transforms.text.formats.pieces import PURGED
from transforms.text.parsed import RefusedError
from transforms.write_parts import staged_at

Item = tuple[str, str, str | None, str | None]
"""URI, place, message id, sha256 of the bytes as they came."""

_ITEM = ("source_uri", "place", "message_id", "raw_sha256")


def item_of(delivery: Row) -> Item:
    """The item that a row of `deliveries` came in."""
    uri, place, message_id, sha256 = (delivery[name] for name in _ITEM)
    return uri, place, message_id, sha256


def scrubbed(rows: pa.Table, purged: Mapping[Item, Collection[int]], guid: bytes | None = None) -> tuple[pa.Table, int]:
    """Rows of `raw` without the given pieces of some items, and without pieces of `guid` in any: an item is left out where nothing else is
    in it. With how many items changed."""
    left: list[Row] = []
    touched = 0
    for row in rows.to_pylist():
        item = (row["source_uri"], row["place"], row["message_id"], row["sha256"])
        unwanted = set(purged.get(item, ()))
        holds = guid is not None and guid in row["data"]
        if not unwanted and not holds:
            left.append(row)
            continue
        name = full_name(row["source_uri"], row["place"])
        own = _pieces_of(row["data"], name, guid.decode()) if guid and holds else set()
        unwanted |= own or set()
        data = pieces.without(row["data"], name, unwanted) if unwanted or own is None else row["data"]
        touched += data != row["data"]
        if data is not None:
            left.append({**row, "data": data})
    return (pa.Table.from_pylist(left, schema=rows.schema), touched) if touched else (rows, 0)


def _pieces_of(data: bytes, name: str, guid: str) -> set[int] | None:
    """Which pieces have this guid; one that only speaks of it is not of it. Null where no piece can be read."""
    try:
        found = formats.parse(data, name)
    except RefusedError:
        return None
    return {number for number, piece in enumerate(found) if piece.guid == guid} if found else None


def scrub_staged(parts: Sequence[dict[str, Any]], run: str, staging: Folder) -> list[dict[str, Any]]:
    """A run's staged parts, those of `raw` without what a purge keeps out: a story that comes again is rejected, and its bytes are not
    kept either. Raises OSError."""
    purged: dict[Item, set[int]] = collections.defaultdict(set)
    for part in parts:
        if part["table"] == "deliveries" and part["counts"].get("rejected"):
            for row in read_staged(staging, part, [*_ITEM, "piece", "reason"]).to_pylist():
                if row["reason"] == PURGED:
                    purged[item_of(row)].add(row["piece"])
    left = []
    for part in parts:
        if part["table"] == "raw":
            rows, touched = scrubbed(read_staged(staging, part), purged)
            if touched:
                store.delete(staged_at(str(staging), part["path"]))
                if rows.num_rows:
                    left.append(stage_part(rows, part["path"].rpartition("/")[0], 0, run, staging))
                continue
        left.append(part)
    return left
