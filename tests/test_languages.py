"""Which language a text is in, and that articles of any are found by their words."""

import io
import json
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import Index
from index.building import DEFAULT
from index.languages import canonical, detect, name
from index.words import stems, stems_in

FERRY = "Die Regierungen beider Länder einigten sich am Freitag auf neue Fähren, teilte der Hafen mit."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry left the harbour at dawn with two hundred people on board, the port said, and sank.", "en"),
        (FERRY, "de"),
        ("Le port restera fermé jusqu’à lundi après la tempête, a annoncé la capitainerie.", "fr"),
        ("El puerto permanecerá cerrado hasta el lunes tras la tormenta, dijo la autoridad.", "es"),
        ("Порт закрыт до понедельника из-за шторма, сообщила администрация города.", "ru"),
        ("Порт буде закрито до понеділка через шторм, повідомила адміністрація міста.", "uk"),
        ("Ferry sinks off old town; divers find bell, captain; no deaths reported overnight.", "en"),
    ],
)
def test_a_language_is_told_from_a_few_words(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "1077", "The ferry sank."])
def test_of_too_little_no_language_is_told(text: str) -> None:
    assert detect(text) is None


def test_the_same_text_is_always_told_alike() -> None:
    assert {detect(FERRY) for _ in range(5)} == {"de"}


@pytest.mark.parametrize("given", ["en", "EN", "en-US", "en_GB", "English"])
def test_a_given_language_becomes_its_code(given: str) -> None:
    assert canonical(given) == "en"


def test_a_language_that_is_not_listed_stays_as_it_is_given() -> None:
    assert canonical(" Klingon ") == "Klingon"
    assert (name("de"), name("xx")) == ("German", "xx")


def test_words_lose_the_endings_of_their_language() -> None:
    assert stems_in("Regierungen", "de") == stems_in("Regierung", "de") == ["regier"]
    assert stems("Regierungen") != stems("Regierung")
    assert stems_in("governments", "en") == stems_in("政府", "zh") == []


class EnglishEncoder(CountingEncoder):
    """An encoder that bears the default's name."""

    def __init__(self) -> None:
        super().__init__(DEFAULT)


def lines(*articles: dict[str, str]) -> io.BytesIO:
    return io.BytesIO("\n".join(json.dumps(article) for article in articles).encode())


def test_an_article_is_found_by_another_ending_of_its_words(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as news:
        news.add(["-"], stdin=lines({"id": "a", "title": "Neue Fähren", "text": FERRY}))
        assert news.article("a").language == "de"
        assert [hit.article.id for hit in news.scan("Regierung")] == ["a"]
        assert news.search("Regierung")[0].found in ("words", "both")
        assert news.status().languages == ("de",)
        assert news.status().notice is None


def test_a_given_language_goes_before_what_is_told(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as news:
        news.add(["-"], stdin=lines({"id": "a", "title": "Neue Fähren", "text": FERRY, "language": "nl-BE"}))
        assert news.article("a").language == "nl"


def test_the_user_is_told_of_languages_that_the_encoder_does_not_know(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Index.open(tmp_path / "news", encoder=EnglishEncoder()) as news:
        news.add(
            ["-"], stdin=lines({"id": "b", "title": "Ferry", "text": "The ferry of the port sank on Friday, it said."})
        )
        assert news.notice() is None
        news.add(["-"], stdin=lines({"id": "a", "title": "Neue Fähren", "text": FERRY}))
        assert "articles in German" in (news.notice() or "")
        assert "articles in German" in caplog.text
        assert news.status().notice == news.notice()
