"""The campaign of faults in short, as a command."""

import json
import subprocess
import sys

from tests.engines import faults, lakes
from tests.engines.fixtures import LONG

KILLS = 30 if LONG else 3
"""In short one of each but of the driver, which `test_flink_watch` kills."""


def test_a_short_campaign_loses_and_doubles_nothing(flink, tmp_path):
    command = [sys.executable, "-m", "tests.engines.faults", "--kills", str(KILLS), "--json", "--home", str(tmp_path / "home")]
    done = subprocess.run(command, cwd=lakes.ROOT, capture_output=True, text=True, timeout=300 * KILLS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert (figures["lost"], figures["doubled"], figures["problems"]) == (0, 0, [])
    assert figures["kills"].keys() == set(faults.TARGETS[:KILLS])
    assert sum(figures["kills"].values()) == KILLS
    assert figures["stories"] > 20 * KILLS / 2
    assert figures["looks"] > KILLS
