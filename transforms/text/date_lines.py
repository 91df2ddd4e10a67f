"""Lines that are nothing but a date: 'Wednesday, June 19, 2024', 'Published: 19 Jun 2024 10:15 GMT'."""

import functools
import re

from transforms.text.dates import FoundDate, find_dates
from transforms.text.furniture_words import any_of

_LONGEST = 90
"""Characters of a date with its weekday, time, zone and label."""

_TIME = r"\d{1,2}(?:[:.h]\d\d){0,2}(?: ?[ap]\.?m\.?)?"
_ZONE = (
    r"\(?(?:GMT|UTC|Z|W?E[TS]T|BST|IST|CES?T|EES?T|MSK|ME[SW]?Z|MESZ|[ECMPA][SD]?T|AE[SD]T|JST|KST|HKT|SGT|PKT|SAST|WIB|[+-]\d\d:?\d\d)\)?"
)
"""Time zones as newsrooms write them."""


def date_of_line(line: str) -> FoundDate | None:
    """The date of a line that is a date and nothing else but its weekday, time, zone and a label; else None."""
    if len(line) > _LONGEST or not any(map(str.isdigit, line)):
        return None
    found = find_dates(line)
    if not found:
        return None
    rest = line[: found[0].start] + "|" + line[found[0].end :]
    return found[0] if _rest().fullmatch(rest) else None


def is_date_line(line: str) -> bool:
    """Whether `date_of_line` finds the line's date."""
    return date_of_line(line) is not None


@functools.cache
def _rest() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[\s|,:;.()/–—-]++|{_TIME}(?!\w)|{_ZONE}(?!\w)|(?i:{any_of('dated')})(?!\w)|[^\W\d_]{{2,9}}(?:day|tag|di|dag)(?!\w))*"
    )
