"""The bench of web pages: `python tests/bench/pages.py [--rounds 5] [--pages FOLDER]`.

Reads the same pages by wirelake's parser (text, fields and all, in the process that it keeps for that) and by trafilatura alone
(the text, in this process), by turns, one page at a time, and prints pages/s of both for each round. The pages are those of
`../shared/eval/html/dev` where they are, else made ones.

Ends with 1 where wirelake takes longer than trafilatura, by the median of the rounds."""

import argparse
import gzip
import pathlib
import statistics
import sys
import time
from collections.abc import Callable, Sequence

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT.parent / "shared" / "eval" / "html" / "dev"
MADE = 40

SENTENCE = (
    "The harbour of the town opened again on Tuesday after {} weeks of repairs, <a href='/{}'>the port office</a> said in a statement. "
)


def main(arguments: list[str] | None = None) -> int:
    """Runs the bench; the exit code."""
    parser = argparse.ArgumentParser(description="Web pages per second, of wirelake and of trafilatura alone.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each reads all pages")
    parser.add_argument("--pages", type=pathlib.Path, default=PAGES, help="folder of pages, gzipped or not")
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    pages = read(options.pages) or made()
    print(f"{len(pages)} pages, {sum(map(len, pages)) / len(pages) / 1e3:.0f} kB each on average")
    ratio = compared(pages, options.rounds)
    print(f"wirelake reads {ratio:.2f} times as many pages a second as trafilatura alone (median of {options.rounds} rounds)")
    return 0 if ratio >= 1 else 1


def read(folder: pathlib.Path) -> list[bytes]:
    """The pages of a folder."""
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.name.endswith((".html", ".html.gz")))
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]


def made() -> list[bytes]:
    """Pages of the usual make: a head full of scripts, a menu, the text, a column of teasers."""
    teasers = "".join(f"<li class='teaser'><a href='/{number}'>A teaser of another story, the {number}th</a></li>" for number in range(60))
    script = "<script>" + "window.track('page', {id: 1});" * 2_000 + "</script>"
    pages = []
    for number in range(MADE):
        text = "".join(f"<p>{SENTENCE.format(number, line) * 3}</p>" for line in range(12 + number % 9))
        pages.append(
            f"<!doctype html><html lang='en'><head><title>Harbour {number} opens</title>{script}</head><body><nav><ul>{teasers}</ul></nav>"
            f"<article><h1>Harbour {number} opens</h1>{text}</article><aside><ul>{teasers}</ul></aside>{script}</body></html>".encode()
        )
    return pages


def compared(pages: Sequence[bytes], rounds: int) -> float:
    """Prints the rounds; the median of how many times faster wirelake is."""
    from transforms.text.formats import parse
    from transforms.text.parsed import RefusedError

    def ours(page: bytes) -> None:
        try:
            parse(page)
        except RefusedError as refused:
            print(f"  refused: {refused}")

    alone = trafilatura_alone()
    for page in pages:  # starts the process, and loads what either needs
        ours(page)
        alone(page)
    ratios = []
    for number in range(rounds):
        pairs = [(ours, alone), (alone, ours)][number % 2]
        seconds = {function: timed(function, pages) for function in pairs}
        ratios.append(seconds[alone] / seconds[ours])
        print(
            f"  round {number + 1}: wirelake {len(pages) / seconds[ours]:6.1f} pages/s"
            f"   trafilatura {len(pages) / seconds[alone]:6.1f} pages/s   ratio {ratios[-1]:.2f}",
            flush=True,
        )
    return statistics.median(ratios)


def trafilatura_alone() -> Callable[[bytes], None]:
    """Its `extract` as a user would call it, with the option for precision."""
    import trafilatura

    def extract(page: bytes) -> None:
        trafilatura.extract(page, favor_precision=True)

    return extract


def timed(function: Callable[[bytes], None], pages: Sequence[bytes]) -> float:
    """Seconds by the clock for all pages."""
    started = time.perf_counter()
    for page in pages:
        function(page)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
