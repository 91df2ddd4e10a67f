"""A reader beside a feed: `watch_reader.py LAKE SECONDS_A_LOOK`. One JSON line on stdout for each look that found new stories:
{at, keys, asked}. `at` is seconds of the system's clock after the answer had come, `keys` are "guid version" of stories not seen before,
`asked` is how often the question was put since the last line. Ends when its stdin does."""

import datetime as dt
import json
import pathlib
import selectors
import sys
import time
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main(path: str, pause: str) -> None:
    """Opens the lake once, then moves it forward and asks, until nobody listens."""
    sys.path.insert(0, str(ROOT))
    from pipelines.lake import open_lake

    since = dt.datetime.now(dt.UTC)
    lake = open_lake(path)
    seen: set[str] = set()
    asked = looks = 0

    def question(connection: Any) -> Any:
        nonlocal asked
        asked += 1
        query = "select guid || ' ' || version from stories where date = ? and received_at >= ?"
        return connection.execute(query, [dt.datetime.now(dt.UTC).date(), since]).fetchall()

    ended = selectors.DefaultSelector()
    ended.register(sys.stdin, selectors.EVENT_READ)
    print(json.dumps({"at": time.time(), "keys": [], "asked": 0, "looks": 0}), flush=True)
    while True:
        begun = time.monotonic()
        lake.refresh()
        found = {row[0] for row in lake.ask(question)}
        at, looks = time.time(), looks + 1
        if new := sorted(found - seen):
            print(json.dumps({"at": at, "keys": new, "asked": asked, "looks": looks}), flush=True)
            asked, looks = 0, 0
        seen |= found
        if ended.select(max(0.001, float(pause) - (time.monotonic() - begun))):
            return


if __name__ == "__main__":
    main(*sys.argv[1:3])
