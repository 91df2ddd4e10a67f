"""The collector rests while tables are loaded, and only then."""

import gc

import pytest

from transforms.text.loading import uncollected


@pytest.fixture(autouse=True)
def _collector_is_left_on():
    yield
    gc.enable()


def test_the_collector_is_off_inside_and_on_again_also_after_an_error():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()

    @uncollected()
    def load():
        assert not gc.isenabled()
        raise FileNotFoundError

    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            load()
        assert gc.isenabled()


def test_who_has_it_off_keeps_it_off():
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()
