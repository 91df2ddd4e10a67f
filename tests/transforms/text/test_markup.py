from transforms.text.markup import plain, unescape


def test_entities_become_characters_and_lookalikes_stay() -> None:
    assert unescape("Marks &amp; Spencer&nbsp;&#8217;s &eacute;") == "Marks & Spencer\xa0’s é"
    assert unescape("AT&T ?a=1&copy=2 &nosuch;") == "AT&T ?a=1&copy=2 &nosuch;"
    assert unescape("twice &amp;nbsp;escaped") == "twice \xa0escaped"


def test_blocks_end_paragraphs_and_inline_tags_vanish() -> None:
    text = plain("<p>One <b>bold</b>\nline.</p><p>Two<br/>lines.</p><ul><li>Three</li></ul>")
    assert [part.split("\n") for part in text.split("\n\n") if part.strip()] == [["One bold line."], ["Two", "lines."], ["Three"]]


def test_markup_that_was_escaped_is_markup() -> None:
    assert plain("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;").split() == ["One.", "Two."]


def test_tickers_in_angle_brackets_stay() -> None:
    text = "Sears <S> and Burlington <BR> fell, Moulinex <MOUP.PA> and <Prince Co Inc> rose, 3 < 4 > 2"
    assert plain(text) == text


def test_tickers_stay_beside_markup() -> None:
    assert plain("<p>Sears <S> fell.</p>").strip() == "Sears <S> fell."


def test_scripts_and_comments_are_nobodys_words() -> None:
    assert plain("<p>One</p><script>var x = '<p>';</script><!-- two --><p>Three</p>").split() == ["One", "Three"]


def test_addresses_of_links_are_left_out() -> None:
    assert plain('See <a href="https://example.org/x">the report</a>.') == "See the report."
