"""`python -m tests.bench` is `python tests/bench/run.py`."""

import pathlib
import runpy
import sys

if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parent
    # As if run.py had been started itself: it finds the modules beside it.
    sys.path.insert(0, str(here))
    runpy.run_path(str(here / "run.py"), run_name="__main__")
