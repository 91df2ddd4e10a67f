"""A short form of the campaign over broken texts, and what it calls a fault."""

import pytest

from tests.bench import mutated_texts, quotes_fuzz

TEXT = 'Maria Tarn said: "We will go."'


def test_quotations_of_broken_texts_tell_the_truth(capsys: pytest.CaptureFixture[str]) -> None:
    assert quotes_fuzz.main(["--strings", "3000", "--seed", "20", "--processes", "1"]) == 0, capsys.readouterr().out
    assert "\n0 failed\n" in capsys.readouterr().out


def test_the_texts_of_a_seed_are_the_same_ones_and_of_all_kinds() -> None:
    texts = [mutated_texts.Texts(7).text(number) for number in range(400)]
    assert texts == [mutated_texts.Texts(7).text(number) for number in range(400)]
    assert texts != [mutated_texts.Texts(8).text(number) for number in range(400)]
    assert max(map(len, texts)) <= mutated_texts.LONGEST
    assert {character for text in texts for character in text} >= set("\ud800\u202e\u0301\u200b\xa0«»“”„‘’'\"\n")


def _row(**changes: object) -> dict[str, object]:
    row = {"span_start": 18, "span_end": 29, "text": TEXT[18:29], "frags": [{"span_start": 18, "span_end": 29}], "type": "direct"}
    row |= {"cue": "said", "cue_start": 11, "cue_end": 15, "speaker": "Maria Tarn", "speaker_start": 0, "speaker_end": 10}
    return row | {"speaker_type": "PER", "speaker_canonical": "Maria Tarn", "confidence": 0.9, "rule": "before"} | changes


def _faults(*rows: dict[str, object]) -> list[str]:
    return [fault.split(" in {")[0] for fault in quotes_fuzz.faults(TEXT, [{"canonical": "Maria Tarn"}], rows)]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": "We will"}, "text is not that of its span"),
        ({"span_end": 99}, "text is not that of its span"),
        ({"frags": [{"span_start": 18, "span_end": 25}]}, "stretches do not fill the span"),
        ({"frags": [{"span_start": 18, "span_end": 27}, {"span_start": 25, "span_end": 29}]}, "stretches out of order"),
        ({"cue_end": 16}, "cue is not that of its span"),
        ({"speaker": None, "speaker_type": None}, "a span of no speaker"),
        ({"speaker_canonical": "Ana Roe"}, "a speaker who is no name of the text"),
        ({"confidence": 1.5}, "type, rule or confidence"),
    ],
)
def test_a_row_that_does_not_tell_the_truth_is_a_fault(changes: dict[str, object], fault: str) -> None:
    assert _faults(_row()) == []
    assert fault in _faults(_row(**changes))


def test_stretches_of_two_rows_that_overlap_are_a_fault() -> None:
    assert any(fault.startswith("stretches overlap") for fault in _faults(_row(), _row()))


def test_a_text_that_raises_fails_the_campaign(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def raises(*_: object) -> list[dict[str, object]]:
        raise KeyError("said")

    monkeypatch.setattr(quotes_fuzz, "_names", raises)
    assert quotes_fuzz.main(["--strings", "25", "--processes", "1"]) == 1
    printed = capsys.readouterr().out
    assert "20: KeyError: 'said'" in printed
    assert "\n3 failed\n" in printed
