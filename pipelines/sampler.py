"""Beam's sampler of steps, made to end at once.

In every bundle of the runner that stays in the process a thread notes which step is at work. Between two looks it sleeps, each time a fifth
longer, up to 200 ms, and the end of the bundle waits until it wakes: a tenth of the time of a round of few stories goes by in such waits.
Nothing of ours asks what it noted. Beam has no option for the period: it is the one default of a function."""

from apache_beam.runners.worker.statesampler import DEFAULT_SAMPLING_PERIOD_MS, StateSampler

_MILLISECONDS = 4


def sample_briefly() -> None:
    """Shortens the longest sleep of the samplers that are made from now on in this process; where Beam makes them in another way than
    known here, does nothing."""
    if StateSampler.__init__.__defaults__ == (DEFAULT_SAMPLING_PERIOD_MS,):
        StateSampler.__init__.__defaults__ = (_MILLISECONDS,)
