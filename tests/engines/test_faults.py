"""The campaign of faults in short, on the cluster that the other tests use."""

from tests.engines.faults import TARGETS, Faults
from tests.engines.fixtures import LONG

KILLS = 30 if LONG else 3
"""In short one of each but of the driver, which `test_flink_watch` kills."""


def test_a_short_campaign_loses_and_doubles_nothing(flink, tmp_path):
    figures = Faults(flink, tmp_path / "home", seed=7).run(KILLS)
    assert (figures.lost, figures.doubled, figures.problems) == (0, 0, [])
    assert figures.kills.keys() == set(TARGETS[:KILLS])
    assert figures.kills.total() == KILLS
    assert figures.stories > 20 * KILLS / 2
    assert figures.looks > KILLS
