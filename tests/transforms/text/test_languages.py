import pytest

from transforms.text.languages import language_of

SENTENCES = {
    "en": "The minister said on Tuesday that the talks would go on for another week because both sides wanted an agreement.",
    "de": "Der Minister sagte am Dienstag, die Gespräche würden noch eine Woche dauern, weil beide Seiten eine Einigung wollten.",
    "fr": "Le ministre a déclaré mardi que les discussions dureraient encore une semaine car les deux parties voulaient un accord.",
    "es": "El ministro dijo el martes que las conversaciones durarían otra semana porque ambas partes querían un acuerdo.",
    "it": "Il ministro ha detto martedì che i colloqui dureranno ancora una settimana perché entrambe le parti vogliono un accordo.",
    "pt": "O ministro disse na terça-feira que as conversações durariam mais uma semana porque ambas as partes queriam um acordo.",
    "ru": "Министр заявил во вторник, что переговоры продлятся ещё неделю, поскольку обе стороны хотят соглашения.",
    "ar": "قال الوزير يوم الثلاثاء إن المحادثات ستستمر أسبوعا آخر لأن الطرفين يريدان التوصل إلى اتفاق.",
    "sv": "Ministern sade på tisdagen att samtalen skulle pågå i ytterligare en vecka eftersom båda sidor ville ha ett avtal.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_names_the_language_of_a_sentence(code: str) -> None:
    assert language_of(SENTENCES[code]) == code


@pytest.mark.parametrize("text", ["", "   ", "MORE", "12 34 56 78 90 12 34 56 78 90", "AFP 12"])
def test_says_nothing_where_there_is_too_little_text(text: str) -> None:
    assert language_of(text) is None


def test_takes_earnings_tables_in_english_for_english_or_for_nothing() -> None:
    table = "Shr loss 12 cts vs profit 31 cts\n\nNet loss 1.2 mln vs profit 3.1 mln\n\nRevs 18.2 mln vs 20.9 mln\n\nNine mths"
    assert language_of(table) in ("en", None)
