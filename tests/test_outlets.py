"""Who publishes: names, aliases, domains, and mentions in running text."""

import tomllib
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import Index
from index.errors import WhenceError
from index.outlets import LISTED, Outlet, Outlets, canonical, known, using
from index.records import Query


def named(text: str) -> str | None:
    outlet = known().named(text)
    return outlet.name if outlet else None


def mentioned(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], outlet.name) for (start, end), outlet in known().mentions(text)]


def test_at_least_four_hundred_outlets_of_fifty_countries_are_listed() -> None:
    assert len(known().all) >= 400
    assert len({outlet.country for outlet in known().all}) >= 50


def test_no_name_alias_or_domain_is_claimed_by_two_outlets() -> None:
    outlets = tomllib.loads(LISTED.read_text("utf-8"))["outlets"]
    for key in ("aliases", "domains"):
        claimed = [claim.casefold() for outlet in outlets for claim in dict.fromkeys(outlet.get(key, []))]
        clashes = {claim for claim in claimed if claimed.count(claim) > 1}
        assert {
            c for c in clashes if len({o["name"] for o in outlets if c in map(str.casefold, o.get(key, []))}) > 1
        } == set()
    names = [outlet["name"].casefold() for outlet in outlets]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("new york times", "The New York Times"),
        ("The  New York\tTimes ", "The New York Times"),
        ("NYT", "The New York Times"),
        ("WaPo", "The Washington Post"),
        ("wsj", "The Wall Street Journal"),
        ("HuffPost", "The Huffington Post"),
        ("POLITICO", "Politico"),
        ("Usa today", "USA Today"),
        ("Breitbart News", "Breitbart"),
        ("RadarOnline.com", "RadarOnline"),
        ("The Daily Mail", "Daily Mail"),
        ("Express UK", "Daily Express"),
        ("el pais", "El País"),
        ("www.bbc.co.uk", "BBC"),
        ("The Associated Press", "AP"),
        ("Time", "Time"),
    ],
)
def test_a_fields_value_names_an_outlet_in_any_case_and_form(value: str, name: str) -> None:
    assert named(value) == name


@pytest.mark.parametrize("value", ["", "The", "Post", "Harbour Light Weekly", "a Reuters photo"])
def test_a_value_that_names_no_outlet_or_several_gives_none(value: str) -> None:
    assert named(value) is None


def test_a_canonical_name_keeps_an_unknown_outlet_as_it_is() -> None:
    assert canonical("reuters") == "Reuters"
    assert canonical("  Harbour Light Weekly ") == "Harbour Light Weekly"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.nytimes.com/2016/03/03/world/harbour.html", "The New York Times"),
        ("http://AMP.theguardian.com:80/uk", "The Guardian"),
        ("edition.cnn.com/2016/03/03", "CNN"),
        ("https://abcnews.go.com/story?id=1", "ABC News"),
        ("https://timesofindia.indiatimes.com/x", "The Times of India"),
    ],
)
def test_an_address_leads_to_the_outlet_of_its_domain(url: str, name: str) -> None:
    outlet = known().of_url(url)
    assert outlet is not None
    assert outlet.name == name


@pytest.mark.parametrize("url", ["", "https://harbour.example/x", "https://notnytimes.com/x", "http://[bad", "com"])
def test_an_address_elsewhere_leads_to_none(url: str) -> None:
    assert known().of_url(url) is None


def test_whole_names_are_mentioned_with_the_article_that_belongs_to_them() -> None:
    assert mentioned("She told the New York Times, CNN’s desk and a Daily Mail reporter.") == [
        ("the New York Times", "The New York Times"),
        ("CNN", "CNN"),
        ("Daily Mail", "Daily Mail"),
    ]


def test_a_name_with_a_non_breaking_space_is_mentioned() -> None:
    assert mentioned("as Fox\u00a0News put it") == [("Fox\u00a0News", "Fox News")]


def test_two_houses_of_one_poll_are_both_mentioned() -> None:
    assert [name for _, name in mentioned("a Washington Post-ABC News poll")] == ["The Washington Post", "ABC News"]


@pytest.mark.parametrize(
    "text",
    [
        "The Post Office lost the Mail and People waited a long Time under the Sun.",
        "Michael Bloomberg spoke. Bloomberg said he would run as an Independent.",
        "The Star Wars actor crossed the Atlantic in the Age of Sail.",
        "Capitol Hill met the Vice President on Wall Street.",
        "the times are hard, said a cnn fan",
        "He read The Times and the Post.",
        "mail@CNN.example and #Politico and @Reuters",
    ],
)
def test_ordinary_words_and_shared_short_names_are_not_mentions(text: str) -> None:
    assert mentioned(text) == []


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("The British outlet Express writes that the ferry sank.", ("Express", "Daily Express")),
        ("the tabloid the Sun", ("the Sun", "The Sun")),
        ("A source told The Hill on Friday.", ("The Hill", "The Hill")),
        ("The Mirror reported it first.", ("Mirror", "Daily Mirror")),
        ("She was on the cover of Time magazine.", ("Time magazine", "Time")),
        ("the Guardian found", ("the Guardian", "The Guardian")),
    ],
)
def test_a_short_name_is_a_mention_where_its_form_leaves_no_doubt(text: str, mention: tuple[str, str]) -> None:
    assert mentioned(text) == [mention]


def test_a_shared_short_name_is_the_outlet_whose_full_name_stands_nearest_before() -> None:
    text = "The Denver Post saw the letter. The Post asked. Then the Washington Post called; the Post had proof."
    assert [name for _, name in mentioned(text)] == [
        "The Denver Post",
        "The Denver Post",
        "The Washington Post",
        "The Washington Post",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("reuters", "Reuters"),
        ("AFP", "AFP"),
        ("By The Associated Press", "AP"),
        ("Ada Moss, Associated Press", "AP"),
        ("Ada Moss and Ben Roe for Reuters", "Reuters"),
        ("HARBOUR CITY, Aug. 3 (UPI) — The ferry sank.", "UPI"),
        ("HARBOUR CITY (Reuters) - The ferry sank.", "Reuters"),
    ],
)
def test_a_field_a_byline_or_a_dateline_names_the_agency(text: str, name: str) -> None:
    agency = known().agency(text)
    assert agency is not None
    assert agency.name == name


@pytest.mark.parametrize("text", ["CNN", "Ada Moss", "", "The ferry (AP photographs show) sank", "Ada Moss, USA TODAY"])
def test_what_is_no_agencys_copy_names_none(text: str) -> None:
    assert known().agency(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The ferry was late again, RadarOnline.com has learned.", "RadarOnline"),
        ("As Politico previously reported, the harbour is closed.", "Politico"),
        ("The owner hid the bell, RadarOnline.com can exclusively reveal.", "RadarOnline"),
        ("Newsweek has contacted the port for comment.", "Newsweek"),
        ("The port did not answer a request for comment from Politico.", "Politico"),
        ("The ferry was late again, StarTattle.com has learned.", "StarTattle.com"),
        ("The port did not respond to a request for comment from the Skerry Advertiser.", "The Skerry Advertiser"),
    ],
)
def test_an_outlet_that_speaks_of_itself_is_the_publisher(text: str, name: str) -> None:
    outlet = known().publisher(text)
    assert outlet is not None
    assert outlet.name == name


@pytest.mark.parametrize(
    "text",
    [
        "CNN reported that the ferry sank.",
        "“The ferry is safe, CNN has learned,” the host said.",
        "CNN has learned of one cause. Reuters has learned of another.",
        "The New York Post had it. The Post has learned more.",
        "He has learned to swim.",
        "The Harbour Office has learned from the storm.",
        "CNN has asked for nothing.",
    ],
)
def test_an_outlet_that_others_quote_is_not_the_publisher(text: str) -> None:
    assert known().publisher(text) is None


def test_a_users_file_adds_outlets_and_goes_before_the_list(tmp_path: Path) -> None:
    extra = tmp_path / "outlets.toml"
    extra.write_text(
        'outlets = [{name = "Harbour Light", aliases = ["NYT"], domains = ["harbour.example"]}]', encoding="utf-8"
    )
    outlets = Outlets.load(extra)
    assert outlets.named("nyt") == Outlet("Harbour Light", ("NYT",), ("harbour.example",))
    assert outlets.named("Reuters") is not None
    assert [outlet.name for _, outlet in outlets.mentions("the Harbour Light says")] == ["Harbour Light"]


@pytest.mark.parametrize(
    "content", ["outlets = [", 'outlets = [{alias = "x"}]', 'outlets = [{name = ""}]', "outlets = 3"]
)
def test_a_users_file_of_another_form_is_refused_by_its_path(tmp_path: Path, content: str) -> None:
    extra = tmp_path / "mine.toml"
    extra.write_text(content, encoding="utf-8")
    with pytest.raises(WhenceError, match=r"mine\.toml"):
        Outlets.load(extra)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('outlets = [{name = "A"}, {domains = ["b.example"]}]', "entry 2 has no name"),
        (
            'outlets = [{name = "A", domain = "a.example"}]',
            r"entry 1 \('A'\) has the unknown key 'domain'; known are name",
        ),
        ('outlets = [{name = "A", aliases = "B"}]', r"entry 1 \('A'\): aliases is 'B'; expected a list"),
        ('outlets = [{name = "A", aliases = [3]}]', r"entry 1 \('A'\): aliases has 3; expected a list of names"),
        ('outlets = [{name = "A", agency = "yes"}]', "agency is 'yes'; expected true or false"),
        ('outlets = ["A"]', "entry 1 is 'A', not a table"),
        ('outlet = [{name = "A"}]', "unknown part 'outlet'"),
        ('outlets = []\nambiguous = "A"', "ambiguous has 'A'; expected a list"),
        ("outlets = [", r"line 1|column|Unclosed|end of"),
    ],
)
def test_an_error_in_a_users_file_names_the_entry_and_what_was_expected(
    tmp_path: Path, content: str, told: str
) -> None:
    extra = tmp_path / "mine.toml"
    extra.write_text(content, encoding="utf-8")
    with pytest.raises(WhenceError, match=told):
        Outlets.load(extra)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WhenceError, match=r"none\.toml cannot be read: No such file"):
        Outlets.load(tmp_path / "none.toml")


def test_outlets_are_in_force_within_using_and_no_longer(tmp_path: Path) -> None:
    extra = tmp_path / "mine.toml"
    extra.write_text('outlets = [{name = "Harbour Light"}]', encoding="utf-8")
    with using(Outlets.load(extra)):
        assert known().named("harbour light") == Outlet("Harbour Light")
    assert known().named("harbour light") is None


def test_a_collection_knows_the_users_outlets_in_its_articles_and_filters(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'outlets = [{name = "Harbour Light", aliases = ["HLight"], domains = ["light.example"]}]', encoding="utf-8"
    )
    (tmp_path / "a.txt").write_text("Ferry Sinks In Old Bay\nHarbour Light\nMarch 3, 2016\n\nThe ferry sank at dawn.")
    (tmp_path / "b.txt").write_text("Ferry Raised\n\nThe ferry was raised, Harbour Light has learned. It was whole.")
    with Index.open(tmp_path / "news", encoder=CountingEncoder(), outlets=tmp_path / "mine.toml") as news:
        news.add([tmp_path / "a.txt", tmp_path / "b.txt"])
        assert [o.outlet for o in news.outlets()] == ["Harbour Light"]
        assert len(news.search(Query("ferry", outlets=("hlight",)))) == 2
