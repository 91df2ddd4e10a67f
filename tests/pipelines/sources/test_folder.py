"""A folder as a feed: each state of each file once, never a half one, and what was taken stays or moves and is never lost."""

import errno
import itertools
import json
import logging
import os
import time

import pytest

from pipelines.errors import UsageError
from pipelines.sources import files, folder
from pipelines.sources.folder import open_folder
from pipelines.sources.inputs import AwayError, Source

LONG_AGO = 1_700_000_000
MOST = (1000, 10**9)
PAUSE = folder._PAUSE


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    """Ten looks where a user has one: the tests wait for less."""
    monkeypatch.setattr(folder, "_PAUSE", PAUSE / 10)


@pytest.fixture
def inbox(tmp_path):
    path = tmp_path / "in"
    path.mkdir()
    return path


def put(path, text="story", at=LONG_AGO):
    """A finished file, as a rename brings it; `at` is its modification time, None is now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text)
    if at is not None:
        os.utime(part, (at, at))
    part.rename(path)
    return path


def names(inputs, inbox):
    return [os.path.relpath(each.uri, inbox) for each in inputs]


def drained(source, wait=0.1):
    """All that comes until nothing comes any more."""
    return list(itertools.chain.from_iterable(iter(lambda: source.pull(*MOST, wait), [])))


def tree(path):
    """Every file below a folder, hidden ones too, with its text."""
    return {str(found.relative_to(path)): found.read_text() for found in path.rglob("*") if found.is_file()}


# What is handed out


def test_every_file_of_the_tree_is_handed_out_once_as_ingest_would_find_it(inbox, tmp_path):
    for name in ("b.txt", "a.txt", "sub/c.txt", ".hidden", ".git/x"):
        put(inbox / name)
    os.mkfifo(inbox / "pipe")
    put(inbox / "lake" / "runs" / "_delta_log" / "0.json")
    put(inbox / "lake" / "stories" / "part.parquet")
    source: Source = open_folder(str(inbox))
    assert source.uri == str(inbox)
    first = source.pull(*MOST, 0)
    assert first == list(files.find([str(inbox)]))
    assert names(first, inbox) == ["a.txt", "b.txt", "sub/c.txt"]
    assert source.pull(*MOST, 0.1) == []
    source.acknowledge(first)
    assert source.pull(*MOST, 0.1) == []


def test_a_file_that_is_open_for_writing_has_not_settled_however_long_nothing_is_written(inbox):
    source = open_folder(str(inbox), settle=0)
    with open(inbox / "a.txt", "w") as writer:
        writer.write("We have never se")
        writer.flush()
        os.utime(inbox / "a.txt", (LONG_AGO, LONG_AGO))
        with open(inbox / "a.txt"):  # readers do not matter
            assert drained(source, 0.2) == []
        writer.write("en this.")
    (whole,) = drained(source, 1)
    assert whole.size == len("We have never seen this.")


def test_a_file_that_is_written_again_while_it_is_taken_is_not_moved_from_under_the_writer(inbox, tmp_path):
    source = open_folder(str(inbox), settle=0, move_to=str(tmp_path / "done"))
    put(inbox / "a.txt", "one")
    taken = drained(source)
    with open(inbox / "a.txt", "a") as writer:
        source.acknowledge(taken)
        assert drained(source, 0.2) == []
        writer.write(" more")
    again = drained(source, 1)
    assert [each.size for each in again] == [len("one more")]
    source.acknowledge(again)
    assert tree(tmp_path / "done") == {"a.txt": "one more"}


def test_a_new_process_hands_out_everything_again(inbox):
    put(inbox / "a.txt")
    first = open_folder(str(inbox))
    taken = first.pull(*MOST, 0)
    first.acknowledge(taken)
    assert open_folder(str(inbox)).pull(*MOST, 0) == taken


def test_a_changed_file_comes_again_as_a_new_state(inbox):
    put(inbox / "a.txt")
    source = open_folder(str(inbox), settle=0.05)
    first = source.pull(*MOST, 0)
    source.acknowledge(first)
    put(inbox / "a.txt", "another", at=LONG_AGO + 1)
    second = source.pull(*MOST, 1)
    assert names(second, inbox) == ["a.txt"]
    assert (second[0].size, second[0].mark) == (7, str((LONG_AGO + 1) * 10**9))


def test_a_file_that_went_and_came_back_is_handed_out_again_and_forgotten_meanwhile(inbox):
    put(inbox / "a.txt")
    source = open_folder(str(inbox))
    first = source.pull(*MOST, 0)
    (inbox / "a.txt").unlink()
    assert source.pull(*MOST, 0.1) == []
    assert source._files == {}
    put(inbox / "a.txt")
    assert source.pull(*MOST, 1) == first


def test_no_more_is_handed_out_than_was_asked_for(inbox):
    for number in range(7):
        put(inbox / f"{number}.txt", "x" * 100)
    source = open_folder(str(inbox))
    assert names(source.pull(3, 10**9, 0), inbox) == ["0.txt", "1.txt", "2.txt"]
    assert names(source.pull(1000, 250, 0), inbox) == ["3.txt", "4.txt"]
    assert names(source.pull(1000, 50, 0), inbox) == ["5.txt"]
    assert names(source.pull(1000, 50, 0), inbox) == ["6.txt"]


def test_a_name_that_is_no_text_comes_and_moves(inbox, tmp_path):
    path = os.fsencode(inbox) + b"/caf\xe9.txt"
    with open(path, "wb") as handle:
        handle.write(b"story")
    source = open_folder(str(inbox), settle=0, move_to=str(tmp_path / "done"))
    taken = source.pull(*MOST, 0)
    assert [each.uri.rpartition("/")[2] for each in taken] == ["caf%E9.txt"]
    source.acknowledge(taken)
    assert os.listdir(os.fsencode(tmp_path / "done")) == [b"caf\xe9.txt"]
    assert os.listdir(inbox) == []


def test_a_folder_may_be_given_as_a_file_url(inbox):
    put(inbox / "a.txt")
    assert names(open_folder(f"file://{inbox}").pull(*MOST, 0), inbox) == ["a.txt"]


# Settling


def test_a_file_that_grows_is_left_alone_until_it_has_settled(inbox):
    source = open_folder(str(inbox), settle=0.4)
    with open(inbox / "a.txt", "w") as handle:
        for _ in range(4):
            handle.write("part ")
            handle.flush()
            assert source.pull(*MOST, 0.2) == []
    begun = time.monotonic()
    (taken,) = source.pull(*MOST, 5)
    assert taken.size == 20
    assert 0.15 < time.monotonic() - begun < 1.5


def test_a_file_that_grows_under_an_old_time_is_left_alone_too(inbox):
    put(inbox / "a.txt", "part", at=None)
    source = open_folder(str(inbox), settle=0.4)
    for count in range(2, 6):
        assert source.pull(*MOST, 0.15) == []
        put(inbox / "a.txt", "part" * count)
    (taken,) = source.pull(*MOST, 5)
    assert taken.size == 20


def test_a_new_file_waits_for_no_longer_than_it_takes_to_settle(inbox):
    source = open_folder(str(inbox), settle=0.5)
    assert source.pull(*MOST, 0) == []
    begun = time.monotonic()
    put(inbox / "a.txt", at=None)
    assert len(source.pull(*MOST, 5)) == 1
    assert 0.3 < time.monotonic() - begun < 1.2  # a clock that is being set may move the age of a file a little


def test_a_file_with_an_old_time_is_taken_at_the_first_look(inbox):
    source = open_folder(str(inbox), settle=60)
    assert source.pull(*MOST, 0) == []
    put(inbox / "a.txt")
    begun = time.monotonic()
    assert len(source.pull(*MOST, 5)) == 1
    assert time.monotonic() - begun < 0.7


@pytest.mark.parametrize("ahead", [3600, 10 * 365 * 86400])
def test_a_time_in_the_future_settles_when_it_stands_still(inbox, ahead):
    put(inbox / "a.txt", at=time.time() + ahead)
    source = open_folder(str(inbox), settle=0.4)
    assert source.pull(*MOST, 0.2) == []
    assert len(source.pull(*MOST, 5)) == 1


def test_a_file_that_changes_while_it_stands_in_line_is_not_handed_out_as_it_was(inbox):
    put(inbox / "a.txt")
    put(inbox / "b.txt")
    put(inbox / "c.txt")
    source = open_folder(str(inbox), settle=0.3)
    assert names(source.pull(1, 10**9, 0), inbox) == ["a.txt"]
    put(inbox / "b.txt", "half", at=None)
    (inbox / "c.txt").unlink()
    assert source.pull(*MOST, 0) == []
    (late,) = source.pull(*MOST, 5)
    assert (names([late], inbox), late.size) == (["b.txt"], 4)


def test_a_file_that_changes_in_line_and_back_is_not_lost(inbox):
    put(inbox / "a.txt")
    put(inbox / "b.txt")
    source = open_folder(str(inbox), settle=0.3)
    source.pull(1, 10**9, 0)
    put(inbox / "b.txt", "half", at=None)
    assert source.pull(*MOST, 0) == []
    put(inbox / "b.txt")
    assert names(source.pull(*MOST, 5), inbox) == ["b.txt"]


def test_links_to_nothing_and_in_circles_are_inputs_that_cannot_be_read_reported_once(inbox):
    (inbox / "dangling").symlink_to(inbox / "nowhere")
    (inbox / "circle").symlink_to(inbox / "circle")
    (inbox / "sub").mkdir()
    (inbox / "sub" / "up").symlink_to(inbox)
    source = open_folder(str(inbox), settle=0.05)
    taken = drained(source)
    assert [(each.uri.rpartition("/")[2], each.mark) for each in taken] == [
        ("circle", "unreadable missing"),
        ("dangling", "unreadable missing"),
    ]
    put(inbox / "nowhere")
    assert sorted(names(drained(source), inbox)) == ["dangling", "nowhere"]


# Large files


@pytest.fixture
def large(inbox, monkeypatch):
    """A line file that is read in slices."""
    monkeypatch.setattr(files, "SLICE_BYTES", 1000)
    put(inbox / "feed.jsonl", "".join(json.dumps({"id": number}) + "\n" for number in range(400)))
    return inbox / "feed.jsonl"


def test_a_large_file_comes_in_slices_and_moves_after_the_last(inbox, large, tmp_path):
    source = open_folder(str(inbox), move_to=str(tmp_path / "done"))
    every = list(files.find([str(large)]))
    taken = [source.pull(1, 10**9, 0) for _ in every]
    assert [each for (each,) in taken] == every
    assert len(every) > 4
    for each in reversed(taken):
        assert large.exists()
        source.acknowledge(each)
    assert not large.exists()
    assert (tmp_path / "done" / "feed.jsonl").exists()


def test_a_large_file_that_changes_between_its_slices_comes_anew_as_a_whole(inbox, large, tmp_path):
    source = open_folder(str(inbox), settle=0.05, move_to=str(tmp_path / "done"))
    first = source.pull(2, 10**9, 0)
    put(large, large.read_text() * 2, at=LONG_AGO + 1)
    source.acknowledge(first)
    second = drained(source)
    assert second == list(files.find([str(large)]))
    source.acknowledge(second[1:])
    assert large.exists()
    source.acknowledge(second[:1])
    assert not large.exists()


def test_only_large_files_are_opened(inbox, large, monkeypatch):
    put(inbox / "small.txt")
    opened = []
    monkeypatch.setattr(files, "open_input", lambda uri, real=files.open_input: opened.append(uri) or real(uri))
    drained(open_folder(str(inbox)))
    assert opened == [str(large)]


# Looking costs little


def test_a_small_folder_is_looked_at_five_times_a_second(inbox, monkeypatch):
    monkeypatch.setattr(folder, "_PAUSE", PAUSE)
    looks = []
    monkeypatch.setattr(files, "paths", lambda *arguments, real=files.paths: looks.append(1) or real(*arguments))
    assert open_folder(str(inbox)).pull(*MOST, 1.1) == []
    assert 3 <= len(looks) <= 6


def test_a_large_tree_is_listed_for_a_tenth_of_the_time(inbox, monkeypatch):
    spent = []

    def slow(*arguments, real=files.paths):
        time.sleep(0.06)
        spent.append(0.06)
        return real(*arguments)

    monkeypatch.setattr(files, "paths", slow)
    source = open_folder(str(inbox))
    begun = time.monotonic()
    assert source.pull(*MOST, 1.5) == []
    assert sum(spent) / (time.monotonic() - begun) < 0.15
    assert len(spent) > 1


def test_what_has_not_settled_is_looked_at_while_a_large_tree_is_not_listed(inbox, monkeypatch):
    monkeypatch.setattr(files, "paths", lambda *arguments, real=files.paths: time.sleep(0.2) or real(*arguments))
    put(inbox / "a.txt", at=None)
    source = open_folder(str(inbox), settle=0.5)
    begun = time.monotonic()
    assert len(source.pull(*MOST, 5)) == 1
    assert time.monotonic() - begun < 1.4  # the next listing comes after 1.8 s


# Away and wrong


def test_a_folder_that_goes_away_is_told_and_all_of_it_comes_again_when_it_is_back(inbox, large, tmp_path):
    put(inbox / "a.txt")
    source = open_folder(str(inbox), move_to=str(tmp_path / "done"))
    taken = source.pull(3, 10**9, 0)
    inbox.rename(tmp_path / "gone")
    source.acknowledge(taken)
    time.sleep(0.05)
    with pytest.raises(AwayError, match=r"in cannot be listed: No such file or directory"):
        drained(source)
    with pytest.raises(AwayError):
        source.pull(*MOST, 0)
    (tmp_path / "gone").rename(inbox)
    again = drained(source)
    assert again == list(files.find([str(inbox)]))
    source.acknowledge(again)
    assert (tree(inbox), sorted(tree(tmp_path / "done"))) == ({}, ["a.txt", "feed.jsonl"])


def test_a_listing_that_breaks_off_in_the_middle_loses_nothing(inbox, monkeypatch):
    put(inbox / "a.txt")
    put(inbox / "b.txt")

    def broken(path, *_):
        yield str(inbox / "a.txt")
        raise AwayError("gone")

    source = open_folder(str(inbox))
    with monkeypatch.context() as patch:
        patch.setattr(files, "paths", broken)
        with pytest.raises(AwayError):
            source.pull(*MOST, 0)
    assert sorted(names(drained(source), inbox)) == ["a.txt", "b.txt"]


def test_a_folder_inside_that_cannot_be_listed_is_told_once_and_stops_nothing(inbox, monkeypatch, caplog):
    put(inbox / "a.txt")
    put(inbox / "shut" / "b.txt")

    def refusing(path, real=os.scandir):
        if os.path.basename(path) == "shut":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path)

    source = open_folder(str(inbox))
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refusing)
        assert names(drained(source), inbox) == ["a.txt"]
    assert [record.getMessage() for record in caplog.records] == [
        f"{inbox}/shut cannot be listed, what lies there waits: Permission denied"
    ]
    assert names(source.pull(*MOST, 1), inbox) == ["shut/b.txt"]


@pytest.mark.parametrize(
    ("path", "says"),
    [("missing", "no such folder"), ("file", "not a folder"), ("lake", "a lake"), ("lake/stories", "a lake"), ("pipe", "not a folder")],
)
def test_what_cannot_be_watched_is_one_sentence(tmp_path, path, says):
    put(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    put(tmp_path / "lake" / "runs" / "_delta_log" / "0.json")
    (tmp_path / "lake" / "stories").mkdir()
    with pytest.raises(UsageError, match=says):
        open_folder(str(tmp_path / path))


@pytest.mark.parametrize(
    ("target", "says"), [("in", "holds the folder"), (".", "holds the folder"), ("file", "cannot be made"), ("file/x", "cannot be made")]
)
def test_a_place_to_move_to_that_cannot_be_is_one_sentence(tmp_path, inbox, target, says):
    put(tmp_path / "file")
    (tmp_path / "link").symlink_to(inbox)
    for watched in (inbox, tmp_path / "link"):
        with pytest.raises(UsageError, match=says):
            open_folder(str(watched), move_to=str(tmp_path / target))


# Moving


@pytest.fixture(params=["the same file system", "another file system"])
def done(request, tmp_path, inbox, monkeypatch):
    """Where files move to; a rename into another folder fails as it does from one file system to another."""

    def across(source, target, real=os.rename):
        if os.fsencode(source).startswith(os.fsencode(inbox)) != os.fsencode(target).startswith(os.fsencode(inbox)):
            raise OSError(errno.EXDEV, "Invalid cross-device link", source)
        real(source, target)

    if request.param == "another file system":
        monkeypatch.setattr(os, "rename", across)
    return tmp_path / "done"


def test_files_move_under_their_own_path_when_they_are_acknowledged(inbox, done):
    put(inbox / "a.txt")
    put(inbox / "sub" / "deep" / "b.txt", "two")
    source = open_folder(str(inbox), move_to=str(done))
    taken = source.pull(*MOST, 0)
    assert tree(done) == {}
    source.acknowledge(taken[:1])
    assert (tree(inbox), tree(done)) == ({"sub/deep/b.txt": "two"}, {"a.txt": "story"})
    source.acknowledge(taken[1:])
    assert (tree(inbox), tree(done)) == ({}, {"a.txt": "story", "sub/deep/b.txt": "two"})
    assert os.stat(done / "a.txt").st_mtime == LONG_AGO
    assert source._files == {}


def test_nothing_is_overwritten_where_a_name_is_taken(inbox, done):
    source = open_folder(str(inbox), settle=0.05, move_to=str(done))
    for number, (text, at) in enumerate([("one", 0), ("two", 5), ("two", 5), ("three", 5), ("one", 0)]):
        put(inbox / "latest.txt", text, at=LONG_AGO + at)
        source.acknowledge(source.pull(*MOST, 2))
        assert len(tree(done)) == number + 1
    marks = [f"latest.txt.{LONG_AGO + at}000000000" for at in (0, 5)]
    assert tree(done) == {"latest.txt": "one", marks[1]: "two", f"{marks[1]}-2": "two", f"{marks[1]}-3": "three", marks[0]: "one"}
    assert tree(inbox) == {}


def test_a_file_that_changed_since_it_was_read_stays_and_comes_again(inbox, done):
    put(inbox / "a.txt", "old")
    source = open_folder(str(inbox), settle=0.05, move_to=str(done))
    taken = source.pull(*MOST, 0)
    put(inbox / "a.txt", "new", at=LONG_AGO + 1)
    source.acknowledge(taken)
    assert (tree(inbox), tree(done)) == ({"a.txt": "new"}, {})
    source.acknowledge(source.pull(*MOST, 2))
    assert (tree(inbox), tree(done)) == ({}, {"a.txt": "new"})


def test_a_file_that_is_replaced_while_it_moves_is_not_taken_away_unread(inbox, done, monkeypatch):
    put(inbox / "a.txt", "old")
    source = open_folder(str(inbox), settle=0.05, move_to=str(done))
    taken = source.pull(*MOST, 0)
    replaced = []

    def late(path, target, real=os.rename):
        if path == str(inbox / "a.txt") and not os.path.basename(target).startswith(".wirelake"):
            replaced or put(inbox / "b.txt", "new", at=LONG_AGO + 1)
            replaced or real(inbox / "b.txt", inbox / "a.txt")
            replaced.append(path)
        real(path, target)

    def late_carry(path, target, real=os.rename):
        if os.path.basename(target).startswith(".wirelake"):
            put(inbox / "b.txt", "new", at=LONG_AGO + 1)
            real(inbox / "b.txt", inbox / "a.txt")
            replaced.append(path)
        real(path, target)

    across = os.rename.__name__ == "across"
    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", late_carry if across else late)
        source.acknowledge(taken)
    assert replaced
    assert (tree(inbox), tree(done)) == ({"a.txt": "new"}, {})
    (again,) = source.pull(*MOST, 2)
    source.acknowledge([again])
    assert (tree(inbox), tree(done)) == ({}, {"a.txt": "new"})


def test_what_cannot_be_moved_stays_is_told_once_and_is_tried_again_later(inbox, done, caplog):
    put(done / "sub", "a file where a folder should be")
    put(inbox / "sub" / "a.txt")
    put(inbox / "b.txt")
    source = open_folder(str(inbox), move_to=str(done))
    with caplog.at_level(logging.INFO):
        source.acknowledge(source.pull(*MOST, 0))
        source._next_try = 0
        assert drained(source) == []
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        f"{inbox}/sub/a.txt is in the lake and cannot be moved, it stays"
    ]
    assert tree(inbox) == {"sub/a.txt": "story"}
    (done / "sub").unlink()
    source._next_try = 0
    assert drained(source) == []
    assert (tree(inbox), tree(done)) == ({}, {"b.txt": "story", "sub/a.txt": "story"})


def test_a_failed_move_leaves_nothing_behind(inbox, done, monkeypatch, caplog):
    put(inbox / "a.txt")
    source = open_folder(str(inbox), move_to=str(done))
    taken = source.pull(*MOST, 0)

    def full(source, target, real=os.rename):
        raise OSError(errno.EXDEV if os.path.dirname(source) != os.path.dirname(target) else errno.EACCES, "refused", source)

    monkeypatch.setattr(os, "rename", full)
    source.acknowledge(taken)
    assert (tree(inbox), tree(done)) == ({"a.txt": "story"}, {})
    assert len(caplog.records) == 1


def test_files_may_move_inside_the_folder_that_is_watched(inbox):
    put(inbox / "a.txt")
    put(inbox / "done" / "old.txt")
    (inbox.parent / "link").symlink_to(inbox)
    for watched, target in ((inbox, inbox / "done"), (inbox.parent / "link", inbox / "done"), (inbox, inbox.parent / "link" / "done")):
        put(inbox / "a.txt")
        source = open_folder(str(watched), move_to=str(target))
        taken = drained(source)
        assert names(taken, watched) == ["a.txt"]
        source.acknowledge(taken)
        assert drained(source) == []
        assert "done/a.txt" in tree(inbox)
        assert [name for name in tree(inbox) if not name.startswith("done/")] == []


def test_links_and_what_could_not_be_read_stay(inbox, done):
    put(inbox.parent / "elsewhere.txt")
    (inbox / "link.txt").symlink_to("../elsewhere.txt")
    (inbox / "dangling").symlink_to("nowhere")
    source = open_folder(str(inbox), settle=0.05, move_to=str(done))
    taken = drained(source)
    assert sorted(names(taken, inbox)) == ["dangling", "link.txt"]
    source.acknowledge(taken)
    assert drained(source) == []
    assert sorted(os.listdir(inbox)) == ["dangling", "link.txt"]
    assert tree(done) == {}


def test_a_kill_at_any_step_of_a_move_loses_no_file(inbox, done):
    for step in range(20):
        put(inbox / "a.txt", f"story {step}", at=LONG_AGO + step)
        if killed_moving(inbox, done, step) == 0:
            break
        assert f"story {step}" in [*tree(inbox).values(), *tree(done).values()]
        source = open_folder(str(inbox), move_to=str(done))
        source.acknowledge(source.pull(*MOST, 0))
        assert [name for name in tree(inbox) if not name.startswith(".")] == []
        assert f"story {step}" in [text for name, text in tree(done).items() if not name.startswith(".")]
    assert 2 <= step < 19


def killed_moving(inbox, done, step):
    """Moves in a child that ends before its `step`-th call to the disk; its exit code, 0 where it was done before."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    calls = itertools.count()

    def dying(real):
        def call(*arguments, **named):
            if next(calls) == step:
                os._exit(9)
            return real(*arguments, **named)

        return call

    source = open_folder(str(inbox), move_to=str(done))
    taken = source.pull(*MOST, 0)
    for module, name in (
        (os, "open"),
        (os, "rename"),
        (os, "unlink"),
        (folder.shutil, "copyfile"),
        (folder.durable, "sync"),
        (folder.durable, "sync_names"),
    ):
        setattr(module, name, dying(getattr(module, name)))
    source.acknowledge(taken)
    os._exit(0)
