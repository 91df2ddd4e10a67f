"""How fast the machine is meanwhile."""

import time

from tests.bench import pace


def test_samples_are_taken_while_the_block_runs_and_the_last_ones_count() -> None:
    with pace.Pace(every=0.01) as measured:
        time.sleep(0.2)
    taken = len(measured.samples)
    assert taken >= 3
    time.sleep(0.05)
    assert len(measured.samples) == taken
    measured.samples = [(0.0, 9.0), (10.0, 2 * pace.YARDSTICK), (12.0, 4 * pace.YARDSTICK)]
    assert measured.of_last(5.0) == 3.0


def test_a_fast_machine_is_given_no_less() -> None:
    assert pace.slowness() >= 1.0
