"""Stories for tests: rows of a line file, and the file."""

import json


def story(source_id, **fields):
    """A row of its own text, published at a fixed time."""
    body = f"Dredgers cleared sand bar number {source_id} at the river mouth on Monday, the harbour office said."
    row = {"id": source_id, "provider": "TST", "published_at": "2024-03-04T10:00:00Z", "headline": f"Harbour {source_id}", "body": body}
    return {**row, **fields}


def write_lines(path, rows):
    """A line file of rows; a row that is a text is written as it is."""
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path
