import email
import email.policy

import pytest

from transforms.text.formats.mail_text import body_of, flowed, header, split_signature
from transforms.text.parsed import RefusedError


def test_fields_of_a_head() -> None:
    message = email.message_from_bytes(
        b"Subject: Caf\xc3\xa9\r\nX-A:  a\r\n\tb\r\nX-B:\r\nX-C: Caf\xe9\r\n\r\n", policy=email.policy.compat32
    )
    assert [header(message, name) for name in ("subject", "X-A", "X-B", "X-C", "X-D")] == ["Café", "a b", None, "Café", None]


def test_the_name_of_a_file() -> None:
    message = email.message_from_string("Content-Disposition: attachment; filename*=utf-8''Caf%C3%A9%20one.txt\n\n")
    assert header(message, filename=True) == "Café one.txt"


def test_a_body_that_is_no_text_is_refused() -> None:
    message = email.message_from_bytes(b"Content-Type: text/plain\n\n%PDF-1.4")
    with pytest.raises(RefusedError, match="not_text"):
        body_of(message)


@pytest.mark.parametrize(
    ("text", "body", "signature"),
    [
        ("Text.\n-- \nAnn\n+49 30 1", "Text.", "Ann\n+49 30 1"),
        ("Text.\n--\nAnn", "Text.", "Ann"),
        ("A list\n-- \nText.\n-- \nAnn", "A list\n-- \nText.", "Ann"),
        ("-- \n" + "a\n" * 40, ("-- \n" + "a\n" * 40).strip("\n"), ""),
        ("No mark -- at all", "No mark -- at all", ""),
        ("", "", ""),
    ],
)
def test_the_signature_is_no_body(text: str, body: str, signature: str) -> None:
    assert split_signature(text) == (body, signature)


def test_flowed_lines() -> None:
    assert flowed("One \ntwo\n  indented\n-- \nAnn ") == "One two\n indented\n-- \nAnn "
