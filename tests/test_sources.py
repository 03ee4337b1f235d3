"""Who a credited source is: names, kinds, and doubt where there is some."""

import pytest

from index.outlets import known
from index.records import Article
from index.sources import Sources, Who


def who(text: str, printed: str, cue: str = "said", outlet: str | None = None) -> Who:
    """Who the last `printed` of the text is."""
    start = text.rindex(printed)
    return Sources(Article(id="a", text=text, outlet=outlet), known()).who((start, start + len(printed)), cue)


@pytest.mark.parametrize(
    ("text", "printed", "name"),
    [
        ("Mr. Ross said no. Karl Ross left.", "Mr. Ross", "Karl Ross"),
        ("Campaign manager Karl Ross said no.", "Campaign manager Karl Ross", "Karl Ross"),
        ("Kremlin spokesman Dmitri Orlov said no.", "Kremlin spokesman Dmitri Orlov", "Dmitri Orlov"),
        ("A spokesman for the mayor, Nick Hale, said no.", "A spokesman for the mayor, Nick Hale", "Nick Hale"),
        ("CNN anchor Jake Marsh said so.", "CNN anchor Jake Marsh", "Jake Marsh"),
        ("Ada Marsh runs the ferry. She said no.", "She", "Ada Marsh"),
        ("Karl Ross met Ada Marsh. He said no.", "He", "Karl Ross"),
        ("Ada Marsh, who runs the ferry, said no.", "who", "Ada Marsh"),
        ("Sen. Karl Ross met Ada Marsh. The senator said no.", "The senator", "Karl Ross"),
        ("Governor Ada Marsh met Karl Ross. The governor said no.", "The governor", "Ada Marsh"),
    ],
)
def test_a_person_has_the_full_name_that_the_article_gives(text: str, printed: str, name: str) -> None:
    found = who(text, printed)
    assert (found.name, found.kind) == (name, "person")


def test_a_pronoun_is_less_sure_than_a_name() -> None:
    text = "Ada Marsh runs the ferry. She said no."
    assert who(text, "She").sure < who(text, "Ada Marsh").sure == 1


def test_a_pronoun_passes_over_whom_the_article_calls_otherwise() -> None:
    assert who("Robin Ross met Kim Marsh. Ms. Marsh left. He said no.", "He").name == "Robin Ross"


def test_a_pronoun_that_fits_nobody_names_nobody() -> None:
    assert who("Ada Marsh runs the ferry. He said no.", "He").name is None
    assert who("He said no.", "He").name is None


@pytest.mark.parametrize(
    ("text", "printed", "name"),
    [
        ("The bridge is closed, the Miami Herald said.", "the Miami Herald", "Miami Herald"),
        ("The Boston Globe found it. The Globe reported more.", "The Globe", "The Boston Globe"),
        ("The Boston Globe found it. The paper said more.", "The paper", "The Boston Globe"),
        ("It is so, according to Politico's Jane Roe.", "Politico's Jane Roe", "Politico"),
        ("British outlet Express writes that. Express adds more.", "Express", "Daily Express"),
    ],
)
def test_an_outlet_is_named_in_full(text: str, printed: str, name: str) -> None:
    found = who(text, printed, "reported")
    assert (found.name, found.kind) == (name, "outlet")


def test_the_agency_is_the_agency_named_before_not_the_paper() -> None:
    assert who("AFP told the Boston Globe. The agency said no.", "The agency").name == "AFP"


@pytest.mark.parametrize("name", ["Post", "Times", "Journal", "Sun"])
def test_what_several_papers_are_called_stays_as_printed_where_nothing_settles_it(name: str) -> None:
    found = who(f"The {name} reported more.", f"The {name}", "reported")
    assert (found.name, found.kind) == (name, "outlet")
    assert found.sure < 0.5


@pytest.mark.parametrize("name", ["Mail", "Express", "Independent"])
def test_a_short_name_that_the_article_never_gives_in_full_is_in_doubt(name: str) -> None:
    assert who(f"The {name} reported more.", f"The {name}", "reported").sure < 0.7


def test_of_two_papers_of_one_short_name_the_nearest_is_meant_with_doubt() -> None:
    found = who("The New York Post, then The Washington Post wrote it. The Post reported more.", "The Post", "reported")
    assert found.name == "The Washington Post"
    assert found.sure < 1


def test_an_outlet_s_own_short_name_is_itself() -> None:
    assert (
        who("The Post has learned it.", "The Post", "has learned", "The Washington Post").name == "The Washington Post"
    )


def test_a_man_named_like_an_outlet_is_a_man_where_the_article_names_him() -> None:
    found = who("The mayor, Michael Bloomberg, left. Bloomberg said no.", "Bloomberg")
    assert (found.name, found.kind) == ("Michael Bloomberg", "person")
    doubtful = who("The plan, Bloomberg reported, failed.", "Bloomberg", "reported")
    assert (doubtful.name, doubtful.kind) == ("Bloomberg", "agency")
    assert doubtful.sure < 0.7


@pytest.mark.parametrize(
    ("text", "printed", "kind"),
    [
        ("A CNN/ORC poll found it.", "A CNN/ORC poll", "poll"),
        ("Two officials said no.", "Two officials", "anonymous"),
        ("A spokesman for Ada Marsh said no.", "A spokesman for Ada Marsh", "anonymous"),
        ("The Justice Department said no.", "The Justice Department", "organisation"),
        ("The Kremlin said no.", "The Kremlin", "organisation"),
        ("The report said no.", "The report", "document"),
        ("@ferryfan wrote it.", "@ferryfan", "post"),
    ],
)
def test_what_is_no_person_and_no_outlet_is_called_what_it_is(text: str, printed: str, kind: str) -> None:
    assert who(text, printed).kind == kind


@pytest.mark.parametrize(
    ("text", "printed", "name", "kind"),
    [
        ("Sen. Karl Ross of New Mexico said no.", "Sen. Karl Ross of New Mexico", "Karl Ross", "person"),
        ("All knew that partners in Tehran said no.", "partners in Tehran", None, "anonymous"),
        ("Amiens employee said no.", "Amiens employee", None, "anonymous"),
        ("A soldier from Pskov, Ivan Orlov, told so.", "A soldier from Pskov, Ivan Orlov,", "Ivan Orlov", "person"),
        ("Riots in Beijing went on. Beijing said no.", "Beijing", "Beijing", "organisation"),
        ("He told Fox 35 in Orlando.", "Fox 35", "Fox 35", "outlet"),
    ],
)
def test_a_place_is_no_person_and_a_station_is_an_outlet(text: str, printed: str, name: str | None, kind: str) -> None:
    found = who(text, printed)
    assert (found.name, found.kind) == (name, kind)


@pytest.mark.parametrize("name", ["Khan", "West", "Ward", "Webb"])
def test_a_surname_that_begins_like_a_station_is_a_person(name: str) -> None:
    found = who(f"Karl {name} runs the ferry. {name} said no.", name)
    assert (found.name, found.kind) == (f"Karl {name}", "person")


def test_a_station_is_one_by_its_call_letters() -> None:
    assert who("He told WQRS no.", "WQRS").kind == "outlet"


def test_who_reports_for_an_outlet_called_by_its_short_name_is_that_outlet() -> None:
    text = "The campaign was in The Washington Post. The letter was first reported by The Post's Greg Hale."
    assert who(text, "The Post's Greg Hale", "first reported by").name == "The Washington Post"
    assert who(text, "The Post's Greg Hale", "said").name != "The Washington Post"


def test_a_pronoun_is_whoever_opens_the_sentence_before_not_whom_it_names_last() -> None:
    assert who("Karl Ross sells the boat that sank Abel Marsh. He said no.", "He").name == "Karl Ross"


def test_a_pronoun_is_no_place() -> None:
    assert who("Karl Ross spoke in Las Vegas. He said no.", "He").name == "Karl Ross"


def test_who_goes_on_is_whoever_was_credited_last() -> None:
    text = f"Karl Ross said no. {'It rained all day. ' * 30}Abel Marsh held the rope. “Never again,” he added."
    sources = Sources(Article(id="a", text=text), known())
    sources.who((0, len("Karl Ross")), "said")
    assert sources.who((text.rindex("he added"), text.rindex(" added")), "added").name == "Karl Ross"
