from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.countries import countries_of, country_of
from transforms.text.places import find_places, read_places


def of(headline, body, dateline=None, deck=None):
    return countries_of(headline, deck, body, dateline, find_places(body))


def codes(*args, **named):
    return [code for code, _ in of(*args, **named)]


def test_the_subject_of_headline_and_lede_comes_before_where_it_was_filed():
    body = "Iran fully backs Iraq, its president said.\n\nIran and Iraq signed.\n\nA spokesman in Vienna had no comment."
    assert codes("Iran backs Iraq", body, "GB") == ["IR", "IQ", "GB"]


def test_who_stands_first_in_the_headline_comes_first_also_where_it_was_filed():
    body = (
        "Towns on the Bolivian shore of the lake approved a treaty with Peru on Sunday, an early count showed.\n\n"
        'In Puno, Peru\'s negotiator called the vote "good news". He said Lima would sign. Peru has waited for ten years.'
    )
    assert of("Bolivian towns vote to share water with Peru", body, "BO")[0][0] == "BO"
    assert of("Water of the lake to be shared with Peru, Bolivian towns vote", body, "BO")[0][0] == "PE"


def test_a_story_that_names_nobody_is_about_where_it_was_filed():
    countries = of("Shares rise", "Shares rose in light trading.", "NO")
    assert countries == [("NO", 1.0)]
    assert country_of(countries, "NO") == "NO"


def test_passing_mentions_are_left_out():
    body = "Germany's cabinet met.\n\nA professor at the University of Oslo said so.\n\nHe is a Swede.\n\nShe flew to Hanoi."
    assert codes("German cabinet meets", body, "DE") == ["DE"]


def test_money_is_no_place():
    body = "Germany's cabinet met.\n\nIt gave 3 mln Swiss francs, 4 mln U.S. dollars and 5 mln Canadian dlrs."
    assert codes("GERMANY GIVES SWISS FRANCS", body, "DE") == ["DE"]


def test_money_that_a_story_begins_with_is_its_subject():
    body = "Saudi riyal deposit rates eased.\n\nTrading was slow.\n\nIt was a dull day."
    assert codes("SAUDI RIYAL EASES", body, "BH")[0] == "SA"
    assert codes("RATES OF SAUDI RIYALS", f"Rates of{body[5:]}", "BH") == ["BH"]


def test_a_roundup_keeps_all_it_lists_early():
    names = ["Chile", "Peru", "Brazil", "Bolivia", "Ecuador", "Uruguay", "Paraguay", "Venezuela"]
    listed = f"There was rain in {', '.join(names)}."
    assert len(codes("Harvests", f"Harvests of the week.\n\n{listed}", "FR")) == 9
    assert codes("Harvests", f"Harvests of the week.\n\nFrance had sun.\n\nMore had rain.\n\n{listed}", "FR") == ["FR"]


def test_a_company_called_after_a_country_does_not_speak_for_it():
    body = "Peru Minerals Co said it hired staff.\n\nThe company has its offices here.\n\nIt gave no figures."
    assert codes("PERU MINERALS HIRES", body, "US")[0] == "US"
    assert codes("PERU HIRES", body.replace("Peru Minerals Co", "Peru"), "US")[0] == "PE"


def test_a_capital_that_speaks_is_its_government():
    rest = "\n\nTalks go on.\n\nThey resume in Oslo, it said."
    assert codes("Talks", f"Pyongyang warned that it would leave.{rest} North Korea waits.", "KR") == ["KP", "KR"]
    assert codes("Pyongyang warns envoys", "Talks go on.\n\nThey resume in Oslo.", "KR") == ["KP", "KR"]
    assert codes("Traders in Pyongyang warn", "Talks go on.\n\nThey resume in Oslo.", "KR") == ["KR"]
    assert codes("Talks", f"Traders in Pyongyang warned of losses.{rest} North Korea waits.", "KR") == ["KR"]


def test_a_body_of_state_is_its_country():
    body = "The Bundesbank kept its rate.\n\nThe Bundesbank gave no reason.\n\nTraders had hoped for less."
    assert codes("Rates stay", body, "GB") == ["DE", "GB"]
    assert codes("Bundesbank keeps rate", body, "GB") == ["DE", "GB"]


def test_a_ticker_is_no_country():
    body = "Roe Carbide Corp said it sold shares.\n\nIt gave no reason.\n\nThe shares rose."
    assert codes("ROE CARBIDE <UK> SELLS SHARES", body, "US") == ["US"]


def test_news_of_a_company_is_filed_from_its_seat():
    rest = " it would build a plant in Chile.\n\nThe plant in Chile opens in May.\n\nIt costs little."
    assert codes("Work on Chilean plant", f"Roe Metals Corp said{rest}", "NO") == ["NO", "CL"]
    assert codes("Work on Chilean plant", f"Roe Metals (ROE.OL) said{rest}", "NO") == ["NO", "CL"]
    assert codes("Work on Chilean plant", f"Jan Roe said{rest}", "NO") == ["CL", "NO"]
    assert codes("Work on Chilean plant", f"The World Bank said{rest}", "NO") == ["CL", "NO"]


def test_the_countries_of_a_text_that_never_names_where_it_was_filed_come_first():
    body = "Wheat in Poland, Romania and Hungary froze.\n\nPoland and Romania had no snow.\n\nHungary had little, a forecaster said."
    assert codes("Wheat freezes", body, "US") == ["HU", "PL", "RO", "US"]
    assert codes("Wheat freezes", f"{body}\n\nThe U.S. forecaster gave no figures.", "US")[0] == "US"


def test_a_town_that_the_headline_begins_with_comes_first_where_the_text_names_its_country():
    body = "Members of the Toronto club voted today.\n\nThey had waited long.\n\nTheir votes are counted."
    assert codes("TORONTO CLUB VOTES", body, "GB")[0] == "GB"
    body = body.replace("Their", "Members from Ontario and all of Canada came, and their")
    assert codes("TORONTO CLUB VOTES", body, "GB")[0] == "CA"


def test_a_country_named_throughout_comes_before_one_that_is_only_in_the_dateline():
    body = "Officials of Mali met today.\n\nThe army of Mali sent its chief.\n\nMali had asked for it."
    assert codes("Army talks open", body, "FR")[0] == "ML"
    assert codes("Army talks open in France", body, "FR")[0] == "FR"


def test_the_headline_reads_a_name_as_the_body_does():
    body = "Georgia said it was ready.\n\nOfficials in Tbilisi agreed.\n\nGeorgia waits."
    assert codes("Georgia ready", body) == ["GE"]


def test_nothing_known_is_zz_and_never_null():
    assert of(None, "", None) == []
    assert country_of([], None) == "ZZ"
    assert country_of([], "NA") == "NA"


def test_the_deck_counts():
    body = "He arrived today.\n\nHe spoke in Japan.\n\nHe left."
    assert codes("Visit", body, "NO", deck="A first journey to Japan") == ["NO", "JP"]
    assert codes("Visit", body, "NO") == ["NO"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["Chad", "Mali", "U.S.", "in Paris", "\n\n", "said", "Norwegians", "yen"])),
    st.sampled_from([None, "US", "NA", "ZZ"]),
)
def test_shares_are_ordered_and_at_most_one(words, dateline):
    body = " ".join(words)
    countries = of(body[:60], body, dateline)
    shares = [share for _, share in countries]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.001
    assert len({code for code, _ in countries}) == len(countries)
    assert all(code != "ZZ" for code, _ in countries)


def test_without_a_dateline_the_subject_of_the_lede_is_kept_and_comes_first():
    body = "German officials reported a first case.\n\nChina has most of them.\n\nThe man had met a visitor from China."
    assert codes("First case", body)[0] == "DE"


def test_an_alert_of_one_line_is_about_the_country_it_names():
    assert codes(None, "Volcano erupts in Iceland, civil protection agency says") == ["IS"]
    assert codes(None, "Volcano erupts, civil protection agency says") == []


def told(headline, body, dateline, town=None):
    places, bearers = read_places(body, dateline, town)
    return [code for code, _ in countries_of(headline, None, body, dateline, places, town, bearers)]


def test_the_town_of_the_dateline_is_meant_in_the_headline_too():
    assert told("Lebanon man wins lottery", "A man won the lottery.", "US", "Lebanon") == ["US"]
    assert told("Lebanon man wins lottery", "A man won the lottery.", "US") == ["LB", "US"]
    assert "LB" in told("Lebanon waits", "The mayor spoke to envoys from Beirut.", "US", "Lebanon")


def test_a_headline_that_names_a_person_of_the_body_names_no_country():
    assert told("Jordan to retire", "Rep. Jim Jordan will retire. Jordan was elected in 2006.", "US") == ["US"]
    assert told("Chad Roebeck guilty", "A jury found Chad Roebeck guilty. Roebeck wept.", "US") == ["US"]
    assert told("Jordan waits", "Jim Jordan flew to Jordan.", "US")[0] == "JO"
    assert told("Jordan waits", "Jim Jordan met Jordanian officials.", "US")[0] == "JO"
    assert told("Turkey prices soar", "Turkey prices rose. A turkey costs more than ever.", "US") == ["US"]
    assert told("Turkey waits", "The minister flew home.", "US")[0] == "TR"


def test_a_headlines_name_of_two_countries_is_read_with_the_body():
    assert told("Georgia passes law", "Parliament passed a law. Tbilisi was calm.", None)[0] == "GE"
    assert told("Georgia passes law", "Lawmakers passed a law. Atlanta was calm.", None)[0] == "US"
    assert told("Congo votes", "Voters in Brazzaville were calm.", None) == ["CG"]


def test_one_who_acts_for_a_state_and_opens_the_lede_speaks_for_it():
    body = "North Korean leader Roe Un oversaw a missile test on Monday.\n\nHe was content."
    assert codes("Leader oversees missile test", body, "KR") == ["KP", "KR"]
    assert codes("Leader oversees missile test", f"{body} South Korea said so.", "KR")[:2] == ["KP", "KR"]
    assert codes("Shop opens", body.replace("leader", "restaurant owner"), "KR") == ["KR"]
    assert codes("Leader tells", "French Foreign Minister Ann Roe met envoys.\n\nShe left.", "BE") == ["FR", "BE"]
