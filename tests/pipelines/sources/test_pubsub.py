"""Pub/Sub as a source, against Google's own fake. Its acknowledgement ids are the messages' ids."""

import collections
import json
import subprocess
import sys
import time

import pytest

from pipelines.errors import UsageError
from pipelines.sources import pubsub
from pipelines.sources.inputs import AwayError
from pipelines.sources.pubsub import open_pubsub
from tests.engines import servers
from tests.engines.feeds import Sent, create_subscription, publish_pubsub, sized

PLENTY = 2**30


@pytest.fixture
def opened(pubsub_server):
    """Opens sources, and closes them after the test."""
    sources = []

    def open_one(url):
        sources.append(open_pubsub(url))
        return sources[-1]

    yield open_one
    for source in sources:
        source.close()


def pulled(source, count, seconds=15.0):
    """So many inputs, or what came within the time."""
    inputs, end = [], time.monotonic() + seconds
    while len(inputs) < count and time.monotonic() < end:
        inputs += source.pull(count - len(inputs), PLENTY, 0.5)
    return inputs


def ids(inputs):
    return sorted(each.message_id for each in inputs)


def call(method, url, **request):
    """One call of the client itself, beside the source."""
    from google.pubsub_v1 import SubscriberClient

    project, name = url.removeprefix("pubsub://").split("/")
    with SubscriberClient() as client:
        return getattr(client, method)(request={"subscription": f"projects/{project}/subscriptions/{name}", **request}, timeout=10)


def test_a_message_keeps_its_bytes_key_and_attributes(opened):
    url = create_subscription()
    first, second = publish_pubsub(url, [Sent(b"\x00caf\xe9", "AFP", {"z": "1", "desk": "Genève"}), Sent(b"plain")])
    by_id = {each.message_id: each for each in pulled(opened(url), 2)}
    assert set(by_id) == {first, second}
    message = by_id[first]
    assert (message.uri, message.data, message.size, message.weight) == (url, b"\x00caf\xe9", 5, 5)
    assert (message.ordering_key, message.attributes) == ("AFP", '{"desk": "Genève", "z": "1"}')
    assert message.received_at.utcoffset().total_seconds() == 0
    assert (by_id[second].ordering_key, by_id[second].attributes) == (None, None)


def test_an_ordering_key_is_read_in_the_order_in_which_it_was_published(opened):
    url = create_subscription(ordered=True)
    sent = [Sent(f"{key} {number}".encode(), key) for number in range(4) for key in ("AFP", "DPA")]
    publish_pubsub(url, sent)
    source, seen = opened(url), collections.defaultdict(list)
    for _ in range(20):
        inputs = source.pull(100, PLENTY, 1.0)
        for each in inputs:
            seen[each.ordering_key].append(each.data.decode())
        source.acknowledge(inputs)
        if sum(map(len, seen.values())) == len(sent):
            break
    assert seen == {key: [f"{key} {number}" for number in range(4)] for key in ("AFP", "DPA")}


def test_a_pull_takes_no_more_than_it_is_asked_for_and_waits_no_longer(opened):
    url = create_subscription()
    source = opened(url)
    begun = time.monotonic()
    assert source.pull(10, PLENTY, 0.2) == []
    assert 0.2 <= time.monotonic() - begun < 2
    publish_pubsub(url, sized(6, 1000))
    waited = pulled(source, 1)
    assert len(waited) == 1
    assert len(source.pull(5, 2500, 2.0)) == 2
    assert len(source.pull(1, 10, 2.0)) == 1, "one input may be larger than what is asked for"
    assert len(source.pull(5, PLENTY, 2.0)) == 2


def test_what_is_acknowledged_does_not_come_again_and_the_rest_comes_at_once_after_close(opened):
    url = create_subscription(deadline=600)
    sent = publish_pubsub(url, sized(5, 100))
    source = opened(url)
    inputs = pulled(source, 5)
    assert ids(inputs) == sorted(sent)
    source.acknowledge(inputs[:2])
    source.close()
    assert ids(pulled(opened(url), 3)) == ids(inputs[2:])
    assert call("pull", url, max_messages=10).received_messages == []


def test_what_a_killed_process_held_comes_again(opened):
    url = create_subscription(deadline=2)
    sent = publish_pubsub(url, sized(20, 100))
    code = (
        "import sys, time; from pipelines.sources.pubsub import open_pubsub; source = open_pubsub(sys.argv[1]); count = 0\n"
        "while count < 20: count += len(source.pull(7, 2**30, 1.0))\n"
        "print(count, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout.readline() == b"20\n"
        child.kill()
    source = opened(url)
    again = pulled(source, 20)
    assert ids(again) == sorted(sent)
    source.acknowledge(again)
    assert source.pull(10, PLENTY, 0.5) == []


def test_what_is_held_for_longer_than_the_deadline_goes_to_nobody_else(opened):
    url = create_subscription(deadline=10)
    publish_pubsub(url, sized(50, 100))
    holder = opened(url)
    inputs = pulled(holder, 30)  # the other 20 are held in the source's buffer
    other = opened(url)
    assert pulled(other, 1, seconds=13) == []
    holder.acknowledge(inputs)
    holder.close()
    assert len(pulled(other, 20)) == 20


def test_a_message_that_comes_twice_while_it_is_held_is_handed_out_once(opened):
    url = create_subscription()
    publish_pubsub(url, sized(2, 100))
    source = opened(url)
    inputs = pulled(source, 2)
    call("modify_ack_deadline", url, ack_ids=ids(inputs), ack_deadline_seconds=0)  # its lease is lost
    assert source.pull(10, PLENTY, 1.2) == []
    assert call("pull", url, max_messages=10).received_messages == [], "the source did not pull them again: the test shows nothing"
    source.acknowledge(inputs)
    source.close()
    assert opened(url).pull(10, PLENTY, 0.7) == []


def test_a_message_that_comes_twice_is_acknowledged_by_its_newest_id():
    from google.pubsub_v1.types import PullResponse

    class Client:
        """Gives one message twice, and then nothing for long."""

        def __init__(self):
            self.transport, self.acknowledged = self, []
            self.rest = [["first", "a"], ["newest", "a"], ["other", "b"]]

        def pull(self, **_):
            if not self.rest:
                time.sleep(0.5)
                return PullResponse()
            ack_id, message_id = self.rest.pop(0)
            return PullResponse(received_messages=[{"ack_id": ack_id, "message": {"message_id": message_id, "data": b"x"}}])

        def acknowledge(self, *, ack_ids, **_):
            self.acknowledged += ack_ids

        def modify_ack_deadline(self, **_):
            pass

        def close(self):
            pass

    client = Client()
    source = pubsub.PubSub("pubsub://p/s", "projects/p/subscriptions/s", client, 10)
    inputs = pulled(source, 2)
    source.acknowledge(inputs)
    source.close()
    assert ids(inputs) == ["a", "b"]
    assert client.acknowledged == ["newest", "other"]


def test_a_backlog_is_bounded_in_messages_and_drains_in_a_few_pulls(opened, monkeypatch):
    monkeypatch.setattr(pubsub, "MOST_MESSAGES", 4_000)
    url = create_subscription()
    sent = publish_pubsub(url, sized(30_000, 100))
    source = opened(url)
    time.sleep(1)  # long enough to pull all of it
    held = source.pull(PLENTY, PLENTY, 5.0)
    assert len(held) == 4_000
    assert source.pull(PLENTY, PLENTY, 0.5) == []
    pulls = []
    while held:
        pulls += held
        source.acknowledge(held)
        held = source.pull(PLENTY, PLENTY, 1.0) if len(pulls) < len(sent) else []
    assert ids(pulls) == sorted(sent)


def test_twenty_thousand_messages_are_bounded_in_bytes_and_drain_at_thousands_a_second(opened):
    url = create_subscription()
    publish_pubsub(url, sized(20_000, 3_000))
    begun = time.monotonic()
    source, counts, drained = opened(url), [], set()
    while len(drained) < 20_000 and time.monotonic() < begun + 30:
        inputs = source.pull(PLENTY, PLENTY, 5.0)
        drained.update(each.message_id for each in inputs)
        counts.append(len(inputs))
        source.acknowledge(inputs)
    assert len(drained) == 20_000
    assert max(counts) <= pubsub.MOST_BYTES // 3_000 + 1
    assert counts[0] > 2_000
    assert time.monotonic() - begun < 7  # 0.7 s on two idle cores


def test_a_pull_may_bring_more_than_grpc_takes_by_itself(opened):
    url = create_subscription()
    publish_pubsub(url, sized(3, 3 * 2**20))
    assert [each.size for each in pulled(opened(url), 3)] == [3 * 2**20] * 3


def test_a_message_larger_than_what_may_be_held_gets_through_alone(opened, monkeypatch):
    monkeypatch.setattr(pubsub, "MOST_BYTES", 2**20)
    url = create_subscription()
    publish_pubsub(url, sized(3, 3 * 2**20))
    source, seen = opened(url), []
    for _ in range(3):
        inputs = source.pull(10, PLENTY, 5.0)
        assert [each.size for each in inputs] == [3 * 2**20]
        assert source.pull(10, PLENTY, 0.2) == []
        source.acknowledge(inputs)
        seen += ids(inputs)
    assert len(set(seen)) == 3


def test_a_server_that_is_gone_is_away_until_it_is_back(opened, tmp_path, monkeypatch):
    with servers.pubsub(tmp_path) as server:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", server.address)
        url = create_subscription()
        publish_pubsub(url, [Sent(b"before")])
        source = opened(url)
        source.acknowledge(pulled(source, 1))
        server.kill()
        for _ in range(2):
            begun = time.monotonic()
            with pytest.raises(AwayError, match="does not answer for now"):
                source.pull(1, PLENTY, 30.0)
            assert time.monotonic() - begun < 10, "said as soon as it is known"
        server.start()
        with pytest.raises(UsageError, match="no such subscription"):  # it forgot all, and says so: it is there
            _until_back(source)
        _create_again(url)
        publish_pubsub(url, [Sent(b"after")])
        assert [each.data for each in _until_back(source)] == [b"after"]


def _until_back(source):
    for _ in range(40):
        try:
            if inputs := source.pull(10, PLENTY, 0.5):
                return inputs
        except AwayError:
            time.sleep(0.25)
    return []


def _create_again(url):
    from google.pubsub_v1 import PublisherClient, SubscriberClient

    project, name = url.removeprefix("pubsub://").split("/")
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        publisher.create_topic(name=f"projects/{project}/topics/{name}")
        subscriber.create_subscription(name=f"projects/{project}/subscriptions/{name}", topic=f"projects/{project}/topics/{name}")


def test_a_server_that_is_mute_is_away_and_what_was_held_is_acknowledged_later(opened, pubsub_server, monkeypatch):
    monkeypatch.setattr(pubsub, "_PULL_SECONDS", 1.0)
    monkeypatch.setattr(pubsub, "_CALL_SECONDS", 0.5)
    url = create_subscription()
    publish_pubsub(url, sized(3, 100))
    source = opened(url)
    inputs = pulled(source, 3)
    pubsub_server.pause()
    try:
        with pytest.raises(AwayError):
            source.acknowledge(inputs)
        with pytest.raises(AwayError):
            pulled(source, 1, seconds=20)
        begun = time.monotonic()
        with pytest.raises(AwayError):
            source.pull(1, PLENTY, 0.3)
        assert time.monotonic() - begun < 1.5, "still away is said without waiting for the server"
    finally:
        pubsub_server.resume()
    publish_pubsub(url, [Sent(b"after")])
    assert [each.data for each in _until_back(source)] == [b"after"]
    assert source.pull(1, PLENTY, 0.1) == [], "it answers again, if only with nothing"
    source.acknowledge(inputs)
    assert call("pull", url, max_messages=10).received_messages == []
    source.close()
    assert [each.data for each in pulled(opened(url), 4, seconds=1)] == [b"after"]


def test_an_idle_subscription_is_not_away(opened, monkeypatch):
    monkeypatch.setattr(pubsub, "_PULL_SECONDS", 0.2)  # the fake answers an idle pull after 0.5 s
    url = create_subscription()
    source = opened(url)
    assert pulled(source, 1, seconds=1.5) == []


def test_a_subscription_that_is_deleted_meanwhile_ends_the_source(opened):
    url = create_subscription()
    source = opened(url)
    assert source.pull(1, PLENTY, 0.1) == []
    call("delete_subscription", url)
    with pytest.raises(UsageError, match="no such subscription"):
        pulled(source, 1)


@pytest.mark.parametrize(
    "url", ["pubsub://", "pubsub://p", "pubsub://p/", "pubsub://p/s/t", "pubsub://p/s?x=1", "pubsub:///s", "kafka://p/s"]
)
def test_a_malformed_url_is_refused(url):
    with pytest.raises(UsageError, match="write pubsub://PROJECT/SUBSCRIPTION"):
        open_pubsub(url)


def test_a_subscription_that_does_not_exist_is_refused(pubsub_server):
    with pytest.raises(UsageError, match="pubsub://wirelake-tests/missing: no such subscription; create it"):
        open_pubsub("pubsub://wirelake-tests/missing")


def test_a_server_that_was_never_there_is_away(monkeypatch):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{servers.free_port()}")
    with pytest.raises(AwayError, match="does not answer for now"):
        open_pubsub("pubsub://p/s")


def test_without_the_client_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.pubsub_v1.services.subscriber", None)
    with pytest.raises(UsageError, match=r"pip install wirelake\[pubsub\]"):
        open_pubsub("pubsub://p/s")


def test_without_credentials_the_variable_is_named(monkeypatch, tmp_path):
    for name in ("PUBSUB_EMULATOR_HOST", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")  # nothing outside this machine is asked
    with pytest.raises(UsageError, match="set GOOGLE_APPLICATION_CREDENTIALS"):
        open_pubsub("pubsub://p/s")


def test_closing_a_source_whose_server_is_gone_is_quick_and_quiet(tmp_path, monkeypatch, pubsub_server):
    with servers.pubsub(tmp_path) as server:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", server.address)
        url = create_subscription()
        publish_pubsub(url, sized(3, 100))
        source = open_pubsub(url)
        assert len(pulled(source, 3)) == 3
    begun = time.monotonic()
    source.close()
    assert time.monotonic() - begun < 5


def test_attributes_are_one_json_object_of_texts(opened):
    url = create_subscription()
    publish_pubsub(url, [Sent(b"x", attributes={"b": '"', "a": "\n"})])
    assert json.loads(pulled(opened(url), 1)[0].attributes) == {"a": "\n", "b": '"'}
