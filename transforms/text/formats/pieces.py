"""Items of which some pieces were purged: our own form, that only the lake's table `raw` holds.

A file of many stories, of which one must go for good, cannot be cut in general: what is left of it is kept as its parsed pieces. Each keeps
its place, since a delivery is known by it; a purged one is null."""

import json
from collections.abc import Collection

import pydantic

from transforms.text import formats
from transforms.text.formats import Format
from transforms.text.formats.document import Document
from transforms.text.parsed import Parsed, RefusedError

_HEAD = b'{"wirelake_pieces": '
_PIECES = pydantic.TypeAdapter(list[Parsed | None])
PURGED = "purged"


def without(data: bytes, name: str, unwanted: Collection[int]) -> bytes | None:
    """An item's bytes without some of its pieces; null where nothing else is in it, or what is in it cannot be told any more."""
    try:
        found = formats.parse(data, name)
    except RefusedError:
        return None
    left = [None if number in unwanted or piece.refused else piece for number, piece in enumerate(found)]
    return _HEAD + _PIECES.dump_json(left) + b"}" if any(left) else None


def _sniff(document: Document) -> bool:
    return document.data.startswith(_HEAD)


def _parse(document: Document) -> list[Parsed]:
    try:
        found = _PIECES.validate_python(_PIECES.validate_json(json.dumps(json.loads(document.data)["wirelake_pieces"])))
    except (ValueError, KeyError) as error:
        raise RefusedError("bad_json", "the kept pieces of the item cannot be read") from error
    return [piece or Parsed(format=PURGED, refused=(PURGED, "the piece was purged from the lake")) for piece in found]


FORMAT = Format("pieces", _sniff, _parse, order=1)
