"""The graph of a run: its labels are pinned, since a running job can only be updated where they stay the same."""

import datetime as dt
import re
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pipeline import PipelineVisitor

from pipelines.ingest import Round, build
from pipelines.sources.inputs import Input
from transforms.part_index import LakeParts

GOLDEN = Path(__file__).parent / "labels.txt"


class _Labels(PipelineVisitor):
    def __init__(self):
        self.found = []

    def enter_composite_transform(self, node):
        self.found.append(node.full_label)

    visit_transform = enter_composite_transform


def labels(weight=0):
    """All labels of the graph, built with Beam's type check on."""
    pipeline = beam.Pipeline("FnApiRunner", options=PipelineOptions(["--no_save_main_session"]))
    now = dt.datetime(2024, 6, 19, tzinfo=dt.UTC)
    build(pipeline, [Input("a.txt", weight=weight)], Round("0" * 32, now, "staging", LakeParts()))
    visitor = _Labels()
    pipeline.visit(visitor)
    return sorted(label for label in visitor.found if label)


def test_labels_are_those_of_the_golden_file():
    assert labels() == GOLDEN.read_text().splitlines()


def test_no_label_of_ours_comes_from_a_line_number():
    assert [label for label in labels() if "<lambda" in label or re.search(r"\.py:\d", label)] == []


def test_a_large_run_alone_has_an_index_of_its_stories():
    small, large = labels(), labels(weight=2**30)
    assert "Relate/IndexRun" not in small
    assert "Relate/IndexRun" in large
    assert set(small) < set(large)
