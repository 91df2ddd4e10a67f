from transforms.text.canonical import People


def people(*names):
    known = People()
    for at, name in enumerate(names):
        known.add(name.split(), at)
    return known


def found(known, name, at=10_000):
    person = known.find(name.split(), at)
    return person.name if person else None


def test_a_surname_finds_the_full_name():
    assert found(people("Anna Lopez"), "Lopez") == "Anna Lopez"


def test_a_family_name_that_stands_first_is_found():
    known = people("Ko Jong Min")
    assert found(known, "Ko") == "Ko Jong Min"


def test_two_of_one_family_name_stay_apart():
    known = people("Ko Jong Min", "Ko Sung-ae")
    assert len(known.persons) == 2
    assert found(known, "Ko") == "Ko Jong Min"
    assert found(known, "Ko Sung-ae") == "Ko Sung-ae"


def test_who_was_just_introduced_is_meant():
    known = People()
    known.add(["Anna", "Lopez"], 0)
    known.add(["Anna", "Lopez"], 900)
    known.add(["Boris", "Lopez"], 2000)
    assert found(known, "Lopez", 2100) == "Boris Lopez"
    assert found(known, "Lopez", 5000) == "Anna Lopez"


def test_a_given_name_shared_by_two_means_nobody():
    known = people("Boris Adler", "Boris Becker")
    assert found(known, "Boris") is None
    assert found(people("Boris Adler"), "Boris") == "Boris Adler"


def test_initials_and_middle_names_are_the_same_person():
    known = people("Anna Lopez", "Anna Maria Lopez", "A. Lopez", "Peter Lopez")
    assert [p.name for p in known.persons] == ["Anna Maria Lopez", "Peter Lopez"]


def test_spelling_with_and_without_hyphen_is_one_person():
    assert len(people("Ko Jong Min", "Ko Jong-min").persons) == 1
