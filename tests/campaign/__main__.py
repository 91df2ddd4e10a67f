"""`python -m tests.campaign` is `python tests/campaign/run.py`."""

import sys

from tests.campaign.run import main

if __name__ == "__main__":
    sys.exit(main())
