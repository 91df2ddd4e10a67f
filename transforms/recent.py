"""What was found in the last stories of a process: a wire sends many a story twice, and a copy needs no second look."""

import collections
import threading
from collections.abc import Hashable
from typing import Any

from schemas import Row
from transforms.text import identity
from transforms.text.located import outlet_country

STORIES = 512
"""A copy mostly comes within minutes; of each story some 30 KB are held."""

_READ = ("headline", "deck", "dateline_text", "dateline_city", "dateline_country", "language", "body")


def text_key(story: Row) -> str:
    """A hash of all that annotators read of a story: where it is equal, so is what they find. Equal canonical texts are not enough, since
    spans count the characters of the body as it stands."""
    return identity.hash128([*(story.get(name) for name in _READ), outlet_country(story.get("language"), story.get("url"))])


class Recent:
    """Values by key, the last `STORIES` that were asked for. For threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: collections.OrderedDict[Hashable, Any] = collections.OrderedDict()

    def get(self, key: Hashable) -> Any:
        """The value; null where there is none."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        """Remembers a value."""
        with self._lock:
            self._found[key] = value
            while len(self._found) > STORIES:
                self._found.popitem(last=False)
