"""Names of parts."""

import pyarrow as pa

from transforms.write_parts import part_path, staged_name

RUN = "ab" * 16


def rows(*values):
    return pa.table({"a": list(values)})


def test_a_part_has_one_name_whenever_it_is_written_and_another_one_than_any_other():
    here = part_path("stories/date=2024-06-19/country=KP", RUN, rows("x"))
    assert here == part_path("stories/date=2024-06-19/country=KP", RUN, rows("x"))
    others = [
        part_path("stories/date=2024-06-19/country=KR", RUN, rows("x")),
        part_path("sketches/date=2024-06-19/country=KP", RUN, rows("x")),
        part_path("stories/date=2024-06-19/country=KP", RUN, rows("y")),
        part_path("stories/date=2024-06-19/country=KP", "cd" * 16, rows("x")),
        part_path("stories/date=2024-06-19/country=KP", RUN, rows("x"), 1),
    ]
    # In staging all lie in one folder.
    assert len({staged_name(path) for path in (here, *others)}) == 6
    assert here.startswith(f"stories/date=2024-06-19/country=KP/{RUN}-")
    assert others[-1] == here.replace(".parquet", "-1.parquet")
