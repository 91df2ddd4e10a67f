import pytest

from transforms.text.headlines import split_prefix


@pytest.mark.parametrize(
    ("line", "prefix", "headline", "signal"),
    [
        ("UPDATE 2-Kim meets Putin in Pyongyang", "UPDATE 2-", "Kim meets Putin in Pyongyang", "update"),
        ("WRAPUP 1-Markets fall", "WRAPUP 1-", "Markets fall", "update"),
        ("CORRECTED-Bank raises rates", "CORRECTED-", "Bank raises rates", "correction"),
        ("CORRECTED - Bank raises rates", "CORRECTED -", "Bank raises rates", "correction"),
        ("(CORRECTED)-Bank raises rates", "(CORRECTED)-", "Bank raises rates", "correction"),
        ("REFILE-Bank raises rates", "REFILE-", "Bank raises rates", "correction"),
        ("RPT-UPDATE 3-Bank raises rates", "RPT-UPDATE 3-", "Bank raises rates", "repeat"),
        ("BRIEF-Maker opens plant", "BRIEF-", "Maker opens plant", "brief"),
        ("EXCLUSIVE-Maker to open plant", "EXCLUSIVE-", "Maker to open plant", "exclusive"),
        ("FACTBOX-Who is who", "FACTBOX-", "Who is who", "factbox"),
        ("URGENT: Quake hits island", "URGENT:", "Quake hits island", "urgent"),
        ("URGENT 2-Quake hits island", "URGENT 2-", "Quake hits island", "urgent"),
        ("ALERT - Quake hits island", "ALERT -", "Quake hits island", "alert"),
        ("(2nd LD) North fires missile", "(2nd LD)", "North fires missile", "update"),
        ("1stLd-Writethru-Quake hits island", "1stLd-Writethru-", "Quake hits island", "update"),
        ("KILL KILL KILL - Quake hits island", "", "KILL KILL KILL - Quake hits island", "kill"),
        ("STORY WITHDRAWN - Bank raises rates", "", "STORY WITHDRAWN - Bank raises rates", "kill"),
        ("PRECIOUS-Gold rises", "", "PRECIOUS-Gold rises", None),
        ("URGENT TALKS HELD ON BREAD", "", "URGENT TALKS HELD ON BREAD", None),
        ("Update on the quake", "", "Update on the quake", None),
        ("HOLD", "", "HOLD", None),
        ("UPDATE 2-", "", "UPDATE 2-", None),
    ],
)
def test_marks_of_version_are_taken_off(line: str, prefix: str, headline: str, signal: str | None) -> None:
    assert split_prefix(line) == (prefix, headline, signal)
