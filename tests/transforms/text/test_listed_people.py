"""Persons of texts in other languages than English: known given names, and full names beside a verb of speech."""

import pytest

from transforms.text.listed_people import listed_people
from transforms.text.names import find_entities
from transforms.text.places import find_places
from transforms.text.quotes import find_quotes


def people(body: str) -> list[str]:
    return [body[span.start : span.end] for span in listed_people(body, find_places(body))]


LEADS = {
    "es": "La línea nueva une el mercado con la estación y costó menos de lo previsto, según el ayuntamiento de la ciudad.",
    "fr": "Les plantes de la vallée disparaissent peu à peu, selon une étude publiée mardi dans une revue de la région.",
    "de": "Der Stadtrat hat am Montag für die neue Brücke gestimmt, und die Arbeiten sollen noch in dieser Woche beginnen.",
    "it": "Il governo ha approvato la legge sui porti, che era attesa da anni, dopo una lunga seduta nella notte.",
    "pt": "O governo aprovou a lei dos portos na quarta-feira, depois de uma sessão que durou até à noite.",
    "nl": "De gemeenteraad stemde maandag voor de nieuwe brug, die volgens de plannen over twee jaar klaar moet zijn.",
}
"""So that a body is long enough to be told from English."""

SPEAKERS = (
    ("es", '"Hoy llegó antes que el pan", dijo a EFE Ximena Larrondo Pastás, vecina de la zona.', "", "Ximena Larrondo Pastás"),
    ("fr", "\"Il n'en reste plus\", a déclaré à l'AFP la botaniste Solveigne Martoux.", "la botaniste ", "Solveigne Martoux"),
    ("fr", 'Le ministre Solveigne Dorvel-Anquet a déclaré: "Nous allons agir maintenant".', "Le ministre ", "Solveigne Dorvel-Anquet"),
    ("de", '"Das ist gut", sagte Oberbürgermeisterin Wiebke Tornfeld der dpa.', "Oberbürgermeisterin ", "Wiebke Tornfeld"),
    ("de", '"Sie schwamm ruhig", sagte der Schleusenwärter Hinnerk Butenfehn am Montag.', "der Schleusenwärter ", "Hinnerk Butenfehn"),
    ("de", '"Das geht", sagte Finanzminister Hinnerk Butenfehn der Deutschen Presse-Agentur.', "Finanzminister ", "Hinnerk Butenfehn"),
    ("de", '"Das geht", sagte die Vorsitzende Wiebke Tornfeld der Süddeutschen Zeitung.', "die Vorsitzende ", "Wiebke Tornfeld"),
    ("de", '"Das geht", sagte Ursula von der Hinnen den Zeitungen der Butenfehn-Gruppe.', "", "Ursula von der Hinnen"),
    ("it", '"Non possiamo aspettare", ha detto all\'ANSA il sindaco Ottavio Brenzi, eletto ieri.', "il sindaco ", "Ottavio Brenzi"),
    ("pt", '"Não podemos esperar mais", disse à Lusa Quitéria Vasconde, presidente da câmara.', "", "Quitéria Vasconde"),
    ("nl", '"Dit is een goede dag", zei burgemeester Joukje Terwolde tegen het ANP.', "burgemeester ", "Joukje Terwolde"),
)


@pytest.mark.parametrize(("language", "paragraph", "role", "name"), SPEAKERS)
def test_a_full_name_beside_the_verb_is_the_speaker(language: str, paragraph: str, role: str, name: str) -> None:
    body = f"{LEADS[language]}\n\n{paragraph}"
    (quote,) = find_quotes(body, find_entities("", body, find_places(body)))
    assert quote["speaker"] == role + name
    assert (quote["speaker_type"], quote["speaker_canonical"]) == ("PER", name)


@pytest.mark.parametrize("role", ["", "Bundeskanzler ", "CDU-Chef ", "dpa-Reporter ", "Die Trainerin "])
def test_a_known_given_name_is_found_behind_a_role(role: str) -> None:
    assert people(f"{LEADS['de']}\n\n{role}Friedrich Tornfeld hat am Freitag im Bundestag gesprochen.") == ["Friedrich Tornfeld"]
    assert people(f"{LEADS['de']}\n\n{role}Brücke Tornfeld hat am Freitag gewonnen.") == []


def test_surname_alone_later_on_is_that_person() -> None:
    body = f'{LEADS["es"]}\n\n"Hoy llegó", dijo Ximena Larrondo Pastás, vecina.\n\n"No habrá más", afirmó Larrondo. Pastás no contestó.'
    assert people(body) == ["Ximena Larrondo Pastás", "Larrondo", "Pastás"]
    quotes = find_quotes(body, find_entities("", body, find_places(body)))
    assert [quote["speaker_canonical"] for quote in quotes] == ["Ximena Larrondo Pastás"] * 2


@pytest.mark.parametrize(
    "body",
    [
        '"Es wird kälter", sagte der Deutsche Wetterdienst am Montag.',
        '"Wir prüfen das", erklärte Bundesministerin Tornfeld.',
        '"No es verdad", dijo el Banco Central.',
        '"C\'est fini", a indiqué la Banque Centrale Européenne.',
        '"No es verdad", dijo a EFE una vecina de Bogotá.',
        '"Nous verrons", a dit Paris.',
        "Dijo Ximena Larrondo que no lo sabía.",
        '"Det blir kaldt", sa Statens Vegvesen.',
        'Der Deutschen Presse-Agentur sagte sie: "Wir prüfen das."',
        '"Wir prüfen das", sagte sie dem Sender Nordlicht Eins.',
    ],
)
def test_who_is_no_person_is_none(body: str) -> None:
    assert people(body) == []


def test_a_name_in_a_place_s_is_not_looked_for() -> None:
    body = '"Llueve", dijo a la radio de San Salvador una vecina.'
    assert people(body) == []
