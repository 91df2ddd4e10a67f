"""The campaign of faults in short, as a command on the cluster that the other tests use."""

import json

from tests.engines import faults
from tests.engines.fixtures import LONG

KILLS = 30 if LONG else 3
"""In short one of each but of the driver, which `test_flink_watch` kills."""


def test_a_short_campaign_loses_and_doubles_nothing(flink, tmp_path, capsys):
    code = faults.main(["--kills", str(KILLS), "--json", "--home", str(tmp_path / "home")], flink)
    said = capsys.readouterr()
    assert code == 0, said.out + said.err
    figures = json.loads(said.out)
    assert (figures["lost"], figures["doubled"], figures["problems"]) == (0, 0, [])
    assert figures["kills"].keys() == set(faults.TARGETS[:KILLS])
    assert sum(figures["kills"].values()) == KILLS
    assert figures["stories"] > 20 * KILLS / 2
    assert figures["looks"] > KILLS
