"""A Google Pub/Sub subscription as a source, or one of a local server that PUBSUB_EMULATOR_HOST names.

Messages are pulled by the unary call: the streaming client of the library holds back what follows in an ordering key until the message
before it is acknowledged, so that each round would take one message of a key."""

import collections
import dataclasses
import datetime as dt
import itertools
import json
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from pipelines.errors import UsageError, WirelakeError
from pipelines.sources.inputs import AwayError, Input

_T = TypeVar("_T")

MOST_MESSAGES = 10_000
"""Messages that are pulled and not acknowledged, at most."""

MOST_BYTES = 8 * 2**20
"""Their bytes, about: pulling stops when they are reached, and one message is always let through."""

_URL = re.compile(r"pubsub://([^/?#\s]+)/([^/?#\s]+)")
_BATCH = 1_000
"""Messages in one call: the most that the service gives in a pull; 1,000 ids also stay below its 512 KiB for a request."""

_DEADLINE = 10
"""Seconds: the service's shortest deadline of a subscription, for one that may not be looked at."""

_FIRST_GUESS = 2**20
"""Bytes of a message, before any was seen: the first pulls are small."""

_PULL_SECONDS = 60.0
"""The library's own limit for a pull, which waits that long where nothing comes."""

_CALL_SECONDS = 5.0
_CLOSE_SECONDS = 1.0
_BRIEF = 120

_CHANNEL = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.max_reconnect_backoff_ms", 5_000)]
"""For a local server, as the library has it for the service: a pull may be larger than gRPC's own limit of 4 MiB."""


def open_pubsub(url: str) -> "PubSub":
    """The source of `pubsub://PROJECT/SUBSCRIPTION`, already pulling.

    Raises UsageError for a malformed URL, without the client library, without credentials, and for a subscription that does not
    exist or may not be read; AwayError where the service does not answer."""
    match = _URL.fullmatch(url)
    if not match:
        raise UsageError(f"{url}: no subscription; write pubsub://PROJECT/SUBSCRIPTION")
    try:
        client = _client()
    except ImportError as error:
        raise UsageError(f"{url}: the client of Google Pub/Sub is missing; pip install wirelake[pubsub]") from error
    except Exception as error:  # the library looks for credentials in many places, each with errors of its own
        raise UsageError(f"{url}: no credentials for Google Cloud; set GOOGLE_APPLICATION_CREDENTIALS ({_brief(error)})") from error
    name = f"projects/{match[1]}/subscriptions/{match[2]}"
    try:
        deadline = _ack_deadline(client, name)
    except Exception as error:
        client.transport.close()
        raise _told(url, error) from error
    return PubSub(url, name, client, deadline)


def _client() -> Any:
    from google.pubsub_v1.services.subscriber import SubscriberClient
    from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

    host = os.environ.get("PUBSUB_EMULATOR_HOST")
    if not host:
        return SubscriberClient()
    import grpc

    return SubscriberClient(transport=SubscriberGrpcTransport(host=host, channel=grpc.insecure_channel(host, _CHANNEL)))


def _ack_deadline(client: Any, name: str) -> int:
    """Seconds that a message is held for us. A reader's role may lack the right to ask; what may be pulled is told by pulling."""
    from google.api_core.exceptions import PermissionDenied

    try:
        return client.get_subscription(subscription=name, retry=None, timeout=_CALL_SECONDS).ack_deadline_seconds or _DEADLINE
    except PermissionDenied:
        return _DEADLINE


def _told(uri: str, error: Exception) -> WirelakeError:
    """What an error of the client means, as one sentence: AwayError where the same call may succeed later."""
    from google.api_core import exceptions as api

    if isinstance(error, api.NotFound):
        return UsageError(f"{uri}: no such subscription; create it, or check the project and the name")
    if isinstance(error, api.Forbidden | api.Unauthorized):
        return UsageError(f"{uri}: may not be read; give the account the role Pub/Sub Subscriber ({_brief(error)})")
    if isinstance(error, api.ClientError) and not isinstance(error, api.TooManyRequests | api.Conflict | api.Cancelled):
        return WirelakeError(f"{uri}: Google Pub/Sub refuses the call; see whether the subscription is one to pull from ({_brief(error)})")
    if isinstance(error, api.GoogleAPIError):
        return AwayError(f"{uri}: Google Pub/Sub does not answer for now ({_brief(error)})")
    return WirelakeError(f"{uri}: reading it failed, which is a defect of wirelake; please report it ({_brief(error)})")


def _brief(error: Exception) -> str:
    first = re.split("[;\n]", str(error).strip())[0]
    return f"{type(error).__name__}: {first[:_BRIEF]}"


@dataclasses.dataclass
class _Lease:
    """A message that is held for us: what to acknowledge it with (the newest, where it came again), and its bytes."""

    ack_id: str
    size: int


class PubSub:
    """A subscription. One thread keeps a pull under way while there is room, another extends the deadlines of what is not acknowledged."""

    def __init__(self, uri: str, name: str, client: Any, deadline: int) -> None:
        self.uri = uri
        self._name, self._client, self._deadline = name, client, deadline
        # All below is read and written under `_changed`.
        self._changed = threading.Condition()
        self._buffer: collections.deque[Input] = collections.deque()
        self._leases: dict[str, _Lease] = {}
        self._held_bytes = 0
        self._large = _FIRST_GUESS
        self._flowing = False
        self._trouble: WirelakeError | None = None
        self._asked = False
        self._closing = False
        self._threads = [threading.Thread(target=work, daemon=True, name=f"{uri} {work.__name__}") for work in (self._pulls, self._extends)]
        for thread in self._threads:
            thread.start()

    def pull(self, most: int, most_bytes: int, wait: float) -> list[Input]:
        """As `Source.pull`; goes on within `wait` while a backlog comes in. Raises AwayError while the service does not answer, and
        UsageError where the subscription is gone or may not be read."""
        end = time.monotonic() + wait
        with self._changed:
            self._asked = True
            self._changed.notify_all()
            while not self._is_enough(most, most_bytes) and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
            if self._trouble and not self._buffer:
                raise self._trouble.with_traceback(None)
            return list(self._handed_out(most, most_bytes))

    def _is_enough(self, most: int, most_bytes: int) -> bool:
        if self._trouble and not self._asked:
            return True
        if not self._buffer:
            return False
        streams_in = self._flowing and self._room() > 0
        return not streams_in or len(self._buffer) >= most or sum(each.weight for each in self._buffer) >= most_bytes

    def _handed_out(self, most: int, most_bytes: int) -> Iterator[Input]:
        count = weight = 0
        while self._buffer and count < most and (count == 0 or weight + self._buffer[0].weight <= most_bytes):
            count, weight = count + 1, weight + self._buffer[0].weight
            yield self._buffer.popleft()

    def acknowledge(self, inputs: Sequence[Input]) -> None:
        """As `Source.acknowledge`. What could not be said when it raises stays held: the same call again says it."""
        with self._changed:
            leases = {each.message_id: self._leases[each.message_id].ack_id for each in inputs if each.message_id in self._leases}
        for batch in _batches(leases.items()):
            try:
                ack_ids = [ack_id for _, ack_id in batch]
                self._client.acknowledge(subscription=self._name, ack_ids=ack_ids, retry=None, timeout=_CALL_SECONDS)
            except Exception as error:
                raise _told(self.uri, error) from error
            with self._changed:
                for message_id, _ in batch:
                    self._held_bytes -= self._leases.pop(message_id).size
                self._changed.notify_all()

    def close(self) -> None:
        """Ends the threads and gives back what is not acknowledged. Raises nothing, and takes a few seconds at most."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:  # a pull that is under way may still bring something, which is given back too
            thread.join(_CLOSE_SECONDS)
        self._set_deadline(0, _CLOSE_SECONDS)
        self._client.transport.close()

    def _pulls(self) -> None:
        doubtful = False
        while most := self._next_pull():
            try:
                if doubtful:  # an idle subscription and a mute server look the same: a call that must be answered tells
                    _ack_deadline(self._client, self._name)
                    self._settle(None)
                doubtful = True
                received = self._received(most)
            except Exception as error:  # noqa: BLE001 - whatever it is, `pull` tells it
                self._settle(_told(self.uri, error))
                continue
            if received is not None:
                doubtful = False
                self._take(received, most)

    def _next_pull(self) -> int:
        """Waits until there is room, and after trouble until somebody asks; how many messages to pull, 0 at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or (self._room() > 0 and (self._asked or not self._trouble)))
            return 0 if self._closing else self._room()

    def _room(self) -> int:
        """How many messages fit, if they are as large as the largest of late."""
        if self._held_bytes >= MOST_BYTES:
            return 0
        return min(_BATCH, MOST_MESSAGES - len(self._leases), max(1, (MOST_BYTES - self._held_bytes) // self._large))

    def _received(self, most: int) -> list[Any] | None:
        """What one pull brings; null where it ends without an answer."""
        from google.api_core.exceptions import Cancelled, DeadlineExceeded

        request = {"subscription": self._name, "max_messages": most}
        try:
            response = self._client.pull(request=request, retry=None, timeout=_PULL_SECONDS)
        except (DeadlineExceeded, Cancelled):  # whichever side looks at the clock first
            return None
        return list(type(response).pb(response).received_messages)  # the library's own wrappers cost more than all else here

    def _settle(self, trouble: WirelakeError | None) -> None:
        with self._changed:
            self._trouble = trouble
            self._asked = False
            self._changed.notify_all()

    def _take(self, received: Sequence[Any], most: int) -> None:
        now = dt.datetime.now(dt.UTC)
        inputs = [_input(self.uri, each.message, now) for each in received]
        with self._changed:
            self._flowing = len(received) >= most
            self._large = max([self._large // 2, 1, *(each.weight for each in inputs)])
            for each, message in zip(inputs, received, strict=True):
                message_id = message.message.message_id
                if message_id in self._leases:
                    self._leases[message_id].ack_id = message.ack_id
                    continue
                self._leases[message_id] = _Lease(message.ack_id, each.weight)
                self._held_bytes += each.weight
                self._buffer.append(each)
            self._changed.notify_all()

    def _extends(self) -> None:
        while True:
            with self._changed:
                if self._changed.wait_for(lambda: self._closing, self._deadline / 3):
                    return
            self._set_deadline(self._deadline, _CALL_SECONDS)

    def _set_deadline(self, seconds: int, timeout: float) -> None:
        """For all that is not acknowledged, as far as the service answers: a message whose deadline passes comes again, no more."""
        with self._changed:
            ack_ids = [lease.ack_id for lease in self._leases.values()]
        for batch in _batches(ack_ids):
            request = {"subscription": self._name, "ack_ids": batch, "ack_deadline_seconds": seconds}
            try:
                self._client.modify_ack_deadline(request=request, retry=None, timeout=timeout)
            except Exception:  # noqa: BLE001 - what is wrong is told by the next pull
                return


def _input(uri: str, message: Any, now: dt.datetime) -> Input:
    return Input(
        uri,
        size=len(message.data),
        weight=len(message.data),
        message_id=message.message_id,
        ordering_key=message.ordering_key or None,
        attributes=json.dumps(dict(message.attributes), ensure_ascii=False, sort_keys=True) if message.attributes else None,
        received_at=now,
        data=message.data,
    )


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while batch := list(itertools.islice(rest, _BATCH)):
        yield batch
