"""A feed for tests: a source in the process, with a broker's memory of what was acknowledged."""

import datetime as dt
import json

from pipelines.sources.inputs import AwayError, Input
from tests.pipelines.lines import story

NOW = dt.datetime.now(dt.UTC)
"""When these messages are pulled: the ledger looks for messages in the last days alone."""


def message(message_id, row=None, **fields):
    """A message of one story, or of the given bytes."""
    data = row if isinstance(row, bytes) else json.dumps(row or story(message_id, **fields)).encode()
    return Input("test://feed", size=len(data), weight=len(data), message_id=message_id, data=data, received_at=NOW)


class Feed:
    """Hands out batches in their order; then asks to stop. `away` calls of each kind fail first."""

    uri = "test://feed"

    def __init__(self, batches, stop, *, away=(), forgetful=()):
        self.batches, self.stop = list(batches), stop
        self.away, self.forgetful = list(away), list(forgetful)
        self.acknowledged, self.closed, self.pulls = [], False, []

    def pull(self, most, most_bytes, wait):
        self.pulls.append((most, most_bytes))
        if self.away:
            self.away.pop()
            raise AwayError("the broker at test://feed does not answer")
        if not self.batches:
            self.stop.ask()
            return []
        return self.batches.pop(0)

    def acknowledge(self, inputs):
        if self.forgetful:
            self.forgetful.pop()
            raise AwayError("the broker at test://feed does not answer")
        self.acknowledged += [each.message_id for each in inputs]

    def close(self):
        self.closed = True
