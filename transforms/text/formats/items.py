"""The items of a document one by one: what is wrong with one costs the others nothing."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from transforms.text.parsed import Parsed, RefusedError

_Item = TypeVar("_Item")


def read_each(
    name: str,
    items: Sequence[_Item],
    read: Callable[[_Item], Iterable[Parsed]],
    payload: Callable[[_Item], bytes],
    guid: Callable[[_Item], str | None] = lambda _item: None,
) -> list[Parsed]:
    """What `read` makes of each item of a document of the format `name`. An item that it refuses is a refused Parsed with the item's own
    `payload` and `guid`; alone in its document, it is the document that is refused (RefusedError, as `read` raises it)."""
    found: list[Parsed] = []
    for item in items:
        try:
            found += list(read(item))
        except RefusedError as error:
            if len(items) == 1:
                raise
            found.append(Parsed(format=name, guid=guid(item), refused=(error.reason, error.detail), payload=payload(item)))
    return found


def json_bytes(given: Any) -> bytes:
    """A part of a JSON document as a document of its own."""
    return json.dumps(given, ensure_ascii=False).encode("utf-8", "replace")
