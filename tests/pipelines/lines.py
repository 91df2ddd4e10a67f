"""Stories for tests: rows of a line file, and the file."""

import json
import random

from tests.bench.syllables import ENDINGS, SYLLABLES


def story(source_id, **fields):
    """A row of its own text, published at a fixed time: made-up words, the same for an id, so that no two are one story told again."""
    chance = random.Random(str(source_id))
    words = [chance.choice(SYLLABLES) + chance.choice(SYLLABLES) + chance.choice(ENDINGS) for _ in range(12)]
    body = f"Dredgers cleared sand bar number {source_id} at {' '.join(words)} on Monday, the harbour office said."
    row = {"id": source_id, "provider": "TST", "published_at": "2024-03-04T10:00:00Z", "headline": f"Harbour {source_id}", "body": body}
    return {**row, **fields}


def write_lines(path, rows):
    """A line file of rows; a row that is a text is written as it is."""
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path
