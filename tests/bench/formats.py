"""Speed of the parsers on one core: `python tests/bench/formats.py [--seconds 3] [FOLDER ...]`.

Each folder holds the files of one format (by default those of `../shared/eval/formats/dev`). Its files are parsed over and over, in turns
with the peer, lxml's or json's own parse of the same bytes and nothing more, so that both meet the same noise; the rate is the median of
the turns. What a format is asked about comes first in every turn: sniffing is part of the rate.

Ends with 1 where NewsML-G2 falls below 1,000 files a second."""

import argparse
import json
import pathlib
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from lxml import etree

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLD = ROOT.parent / "shared" / "eval" / "formats" / "dev"
LEAST = {"newsml-g2": 1_000.0}
"""Files a second that a format has to reach."""

Parser = Callable[[bytes], object]


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    options = _options(arguments)
    sys.path.insert(0, str(ROOT))
    folders = options.folders or (sorted(each for each in GOLD.iterdir() if each.is_dir()) if GOLD.exists() else [])
    if not folders:
        print(f"nothing to measure: name a folder of wire files, or put them at {GOLD.relative_to(ROOT.parent)}")
        return 2
    slow = []
    for folder in folders:
        files = [each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()]
        ours, peer = measure(files, options.seconds)
        kib = sum(map(len, files)) / len(files) / 1024
        said = f"; lxml or json alone {peer:9,.0f} ({peer / ours:4.1f} times as fast)" if peer else ""
        print(f"{folder.name:<24} {len(files):4} files of {kib:5.1f} KiB  {ours:9,.0f} files/s{said}", flush=True)
        if ours < LEAST.get(folder.name, 0):
            slow.append(f"{folder.name} takes {ours:,.0f} files a second, fewer than {LEAST[folder.name]:,.0f}")
    print("\n".join(slow))
    return 1 if slow else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Files a second of each format's parser, one core.")
    parser.add_argument("folders", nargs="*", type=pathlib.Path, metavar="FOLDER", help="folders of files, one format each")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each folder is measured")
    return parser.parse_args(arguments)


def measure(files: Sequence[bytes], seconds: float) -> tuple[float, float | None]:
    """Files a second of our parsers and of the peer, medians of turns; null for a peer that can read none of the files."""
    _turn(files, _ours)
    turns: list[tuple[float, float]] = []
    started = time.perf_counter()
    while len(turns) < 3 or time.perf_counter() - started < seconds:
        turns.append((_turn(files, _ours)[0], _turn(files, _peer)[0]))
    read = _turn(files, _peer)[1]
    return statistics.median(rate for rate, _ in turns), statistics.median(rate for _, rate in turns) if read else None


def _turn(files: Sequence[bytes], parser: Parser) -> tuple[float, int]:
    """Files a second, and how many could be read."""
    read = 0
    started = time.perf_counter()
    for data in files:
        try:
            parser(data)
            read += 1
        except ValueError:  # a refusal is one, as is json's complaint
            pass
        except etree.XMLSyntaxError:
            pass
    return len(files) / (time.perf_counter() - started), read


def _ours(data: bytes) -> object:
    from transforms.text import formats

    return formats.parse(data, "bench")


def _peer(data: bytes) -> object:
    return json.loads(data) if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[") else etree.fromstring(data)


if __name__ == "__main__":
    sys.exit(main())
