"""Floors of quality: the table of them, the data and scorers kept outside the project, and how one is held against the other.

Predictions come from the product's own functions in this process; the official scorers run as programs of their own, and what they
print is read back. Where the data is not there, the tests are skipped and say so. None of its text is in the project."""

import dataclasses
import functools
import gzip
import hashlib
import json
import math
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

from pipelines import offline
from pipelines.forms import json_line

EVAL = pathlib.Path(__file__).parents[3] / "shared" / "eval"
TABLE = pathlib.Path(__file__).with_name("floors.tsv")
COLUMNS = ("score", "floor", "what the figure is")

RAISE_ABOVE = 2.0
"""A score this many points above its floor is no longer guarded by it."""

SHA256 = {
    "country/lgl_toponyms.jsonl.gz": "201074b21bac60ac3eae2dd71f60aad432822c7a885b5601c64c3fa2e866261a",
    "country/reuters_train.jsonl.gz": "c7651f2fbdea81c9230612f6a6ae39f0f7533451c154e9874e212ef32bdd91cd",
    "country/score.py": "ac97c804d378a51f949c6f3699f7cca6860029a25449995cf96f281b12df90a4",
    "dedup/generated_dev.jsonl.gz": "3bab3a3db12f12d54bce416ed807f722b329fc38685601d520b53a08d2e75b7d",
    "dedup/real_pairs_dev.jsonl.gz": "f26daf0f2ac59c9aff407d0881b4a4c386ccca824ef0d040dc9ddf832e206acc",
    "dedup/real_pairs_dev_stories.jsonl.gz": "d9ab8fa9eaa450c4932cd213e455795371cf6808e8c0d1ed1525ed471c5bc864",
    "dedup/score.py": "bafb8ecbc7d39ba7f38b235d03e14d7a7040d8f928f5f18b1340dbf0a6fe8b45",
    "entities/gmb_silver.jsonl.gz": "bc2877ec9a979243d17da4c7124e9b74dfbc6847ea0b0a8f1042d56f2435725f",
    "entities/gum_links_not_news.jsonl.gz": "b9bab5d10d93a42fee935ca46b2f6c7a85d4164cfbd7ce64d98622b27aaa26a2",
    "entities/linked_reuters128.jsonl.gz": "fcb5ccda959e7d8ec525516b6eaff603ca701328c1f60e7bb5c9c2ef5f05c2d0",
    "entities/score.py": "0c7d11e109334febdd5fe4c8693c7e9b78c0a684d623b432aab1afc4be6725d8",
    "entities/wikigold_cc_by.jsonl.gz": "e55cc0eb48bb0a80695a9538a3a676a00a5a1788fae1f22f3f0c61fc0eb7d6b2",
    # A folder's is that of the lines which `find dev -type f | LC_ALL=C sort | xargs sha256sum` prints there.
    "formats/dev": "5209316ed9f485ea491fdc7a64a84ab0eac980df778d730edbddcd826a4cb7ed",
    "formats/dev.jsonl": "5959c6912644f3d356697a8abb6e99645414f69364e54096df5f0731dc9e620d",
    "formats/score.py": "0887afbf755e4003352fa72b726318ec4e4e1fb7aeda95eeea3fb56f427884ed",
    "html/dev": "5aad08d666ba6b49773e51fffd12b3ed42341127b1eb63acf16bd36c84e1cf97",
    "html/dev.jsonl": "5bf7bac165f5514aabd9cabf8cceeb5dcf522c7aa7176389b7479357f0271f26",
    "quotes/dev.jsonl.gz": "4b31846018b3b0bebd79f8b6183b3c493009d86c23a82827f05d5606f782503b",
    "quotes/interviews_cc_by.jsonl.gz": "b3f20e9208de6a3a0d68a8acd9b14c95fddb0dae85bc89c57e07e337a1116280",
    "quotes/regions.py": "cd7fb5deb3e395a71c8c90ac2963ca6efc0fec59eab71f6800fa63b2df68e29e",
    "quotes/score.py": "a49e4047e2a1eb46b3e58d904bad94701806d7422fb8e5c8d2d502b9e7ae1063",
}
"""Checksums of the data and the scorers that the floors were set with."""

Row = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Floor:
    """One row of the table. Its name is folder, corpus and score, as in `entities/wikigold/m3 F1`; scores are per cent."""

    name: str
    value: float
    what: str

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        return self.name.split("/")[0]

    @property
    def corpus(self) -> str:
        return self.name.split("/")[1]

    @property
    def score(self) -> str:
        return self.name.split("/", 2)[2]


def floors(folder: str | None = None) -> list[Floor]:
    """The floors of one folder of the data, or all, in the order of the table."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise ValueError(f"{TABLE.name} has to begin with the columns {', '.join(COLUMNS)}")
    rows = (line.split("\t") for line in lines[1:])
    table = [Floor(name, float(value), what) for name, value, what in rows]
    return [floor for floor in table if folder in (None, floor.folder)]


def path(name: str) -> pathlib.Path:
    """A file or folder of the data, or a scorer. Skips the test where it is absent; fails it where the floors were set with another."""
    found = EVAL / name
    if not found.exists():
        pytest.skip(f"{found if EVAL.exists() else EVAL} is not there: these scores are not measured")
    if _sha256(found) != SHA256[name]:
        pytest.fail(f"{found} is not what the floors were set with: its checksum is another", pytrace=False)
    return found


@functools.cache
def _sha256(found: pathlib.Path) -> str:
    if found.is_file():
        return hashlib.sha256(found.read_bytes()).hexdigest()
    files = sorted((each.relative_to(found.parent).as_posix(), each) for each in found.rglob("*") if each.is_file())
    lines = (f"{_sha256(each)}  {name}\n" for name, each in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a corpus."""
    return [json.loads(line) for line in _lines(name)]


def annotated(name: str, last: int = 0) -> Iterator[dict[str, Any]]:
    """What `wirelake annotate` makes of a corpus, or of its `last` rows."""
    return offline.annotate_lines(_lines(name)[-last:])


def _lines(name: str) -> list[bytes]:
    return gzip.decompress(path(name).read_bytes()).split(b"\n")[:-1]


def scored(name: str, predictions: Iterable[Row], folder: pathlib.Path, *flags: str, last: int = 0) -> str:
    """What the scorer beside a corpus prints about predictions, which are written to `folder` first; with `last`, of its last rows."""
    corpus = path(name)
    if last:
        corpus = folder / "gold.jsonl"
        corpus.write_bytes(b"\n".join(_lines(name)[-last:]))
    scorer = path(f"{name.split('/')[0]}/score.py")
    written = folder / "predictions.jsonl"
    written.write_text("".join(f"{json_line(row)}\n" for row in predictions), encoding="utf-8")
    # No bytecode is left beside the scorer, and its files are UTF-8 whatever the locale.
    command = [sys.executable, "-B", "-X", "utf8", str(scorer), *flags, str(corpus), str(written)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    if done.returncode:
        pytest.fail(f"{scorer} ended with {done.returncode}: {done.stderr}", pytrace=False)
    return done.stdout


def numbers(printed: str, patterns: Mapping[str, str]) -> dict[str, float]:
    """Scores picked from what a scorer printed: one pattern with one group for each."""
    return {score: float(word) for score, word in words(printed, patterns).items()}


def words(printed: str, patterns: Mapping[str, str]) -> dict[str, str]:
    """Words picked from what a scorer printed: one pattern with one group for each."""
    found = {score: re.search(pattern, printed, re.MULTILINE) for score, pattern in patterns.items()}
    lacking = [score for score, match in found.items() if not match]
    if lacking:
        pytest.fail(f"the scorer printed nothing about {', '.join(lacking)}:\n{printed}", pytrace=False)
    return {score: match[1] for score, match in found.items() if match}


def hold(floor: Floor, measured: Mapping[str, float], say: Callable[[str], None]) -> None:
    """Fails the test where a score is below its floor; says so where it has risen so far that the floor guards nothing."""
    if floor.score not in measured:
        pytest.fail(f"{floor.name} has a floor and is not measured; measured are {', '.join(measured)}", pytrace=False)
    value = measured[floor.score]
    # A score that is no number holds no floor.
    if math.isnan(value) or value < floor.value:
        pytest.fail(f"{floor.name} fell below its floor of {floor.value:.1f}: {value:.1f} was measured ({floor.what})", pytrace=False)
    if value > floor.value + RAISE_ABOVE:
        say(f"raise the floor of {floor.name}: it is {floor.value:.1f}, and {value:.1f} was measured")
