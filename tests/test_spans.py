"""The bare answer: which spans are candidates, and which one is best."""

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest

from assistant import forms, spans
from assistant.question import understand
from assistant.reader import Bounds
from assistant.sentences import Pick
from index.records import Article, Hit, Passage
from index.splitter import sentences


def quotes(sentence: str) -> dict[str, str]:
    return {sentence[start:end]: form for start, end, form in forms.candidates(sentence)}


def chosen(
    question: str, text: str, said: str, words: Mapping[str, float], bounds: Mapping[int, Bounds] = MappingProxyType({})
) -> list[spans.Candidate]:
    """The candidates of the sentence of the text that begins with `said`, best first."""
    asked = understand(question, lambda _: [], [])
    article = Article(id="a", text=text, outlet="Meridian Post", published=dt.date(2021, 3, 5))
    parts = tuple(sentences(text))
    passage = Passage(1, "a", 1, 0, 0, len(text), text, parts)
    hit = Hit(passage, article, 10.0, "both", (), (), {})
    start, end = next(part for part in parts if text[slice(*part)].startswith(said))
    return spans.choose(asked, [Pick(hit, start, end, 5.0, {})], words, bounds)


def best(question: str, text: str, said: str, **words: float) -> str | None:
    """The short answer from the sentence of the text that begins with `said`."""
    found = chosen(question, text, said, words)
    return found[0].short if found else None


@pytest.mark.parametrize(
    ("sentence", "span", "form"),
    [
        ("The pier cost $2.5 million to mend.", "$2.5 million", "money"),
        ("The pier cost £31m to mend.", "£31m", "money"),
        ("Some 43 percent agreed.", "43 percent", "percent"),
        ("It opens on Dec. 28, 2015, in Salt Quay.", "Dec. 28, 2015", "date"),
        ("They sank 31 boats.", "31", "number"),
        ("Sen. Ada Marsh objected.", "Ada Marsh", "name"),
        ("It was towed by the U.S. Coast Guard.", "U.S. Coast Guard", "name"),
        ("The report is by J.D. Vale.", "J.D. Vale", "name"),
        ("She called it “a floating hotel” twice.", "a floating hotel", "quotation"),
        ("Ada Marsh, Tom Vale and Ines Roy signed.", "Ada Marsh, Tom Vale and Ines Roy", "list"),
    ],
)
def test_each_form_of_answer_is_a_candidate(sentence: str, span: str, form: str) -> None:
    assert quotes(sentence)[span] == form


def test_what_reading_takes_for_the_answer_is_a_candidate_whatever_its_form() -> None:
    text = "Tom Vale joined the harbour team. He is its catcher in away games."
    starts = [text.index(word) for word in ("He", "is", "its", "cat", "cher", "in", "away", "games")]
    ends = [start + length for start, length in zip(starts, (2, 2, 3, 3, 4, 2, 4, 5), strict=True)]
    chances = np.full((8, 2), -9.0, np.float32)
    chances[3, 0] = chances[4, 1] = -0.1  # it begins at "cat" and ends at "cher"
    found = chosen(
        "What position does Tom Vale play?", text, "He is", {"vale": 3.0}, {1: Bounds(starts, ends, chances)}
    )
    assert ("catcher", "phrase") in [(one.quote, one.form) for one in found]
    assert not any(one.quote.endswith("cat") for one in found)


def read_as(text: str, begin: str, end: str) -> Bounds:
    """Reading that takes the answer to begin and to end at those words or marks."""
    tokens = list(re.finditer(r"\w+|[^\w\s]", text))
    chances = np.full((len(tokens), 2), -9.0, np.float32)
    for column, word in enumerate((begin, end)):
        chances[[token[0] for token in tokens].index(word), column] = -0.1
    return Bounds([token.start() for token in tokens], [token.end() for token in tokens], chances)


def test_what_reading_takes_for_the_answer_is_whole_words_and_whole_amounts() -> None:
    text = "Omar Vale-Said left. Latin costs $48,000 a year."
    double = chosen("Who left the harbour?", text, "Omar", {"left": 3.0}, {1: read_as(text, "Omar", "-")})
    assert not any(one.quote.endswith("-") for one in double)
    assert double[0].quote == "Omar Vale-Said"
    amount = chosen("latin yearly price", text, "Latin", {"latin": 3.0}, {1: read_as(text, "48", "000")})
    assert amount[0].quote.startswith("$48,000")
    assert not any(one.quote == "48,000" for one in amount)


def test_a_name_does_not_run_on_to_a_figure() -> None:
    assert "Ada Marsh" in quotes("The first to ring was Ada Marsh, at 9 in the evening.")
    assert {q for q, form in quotes("The first was Ada Marsh, at 9.").items() if form == "name"} == {"Ada Marsh"}


def test_what_stands_between_two_quotations_is_none_and_no_clause_breaks_one() -> None:
    found = quotes('Vale "saw the pier," Marsh said, and still "swam to it” at night.')
    assert found["saw the pier"] == "quotation"
    assert "Marsh said, and still" not in found
    assert not any("”" in quote for quote in found)


def test_a_year_inside_a_date_is_no_number() -> None:
    assert quotes("It opens on Dec. 28, 2015, in Salt Quay.").get("2015") is None


def test_phrases_are_left_out_where_a_pattern_finds_the_answer() -> None:
    assert {form for _, _, form in forms.candidates("They sank 31 boats, in Salt Quay.", phrased=False)} == {
        "number",
        "name",
    }


def test_a_question_for_a_number_gets_the_figure_beside_its_words() -> None:
    text = "In 2014 the ferry Marigold carried 31 sailors and a cargo of timber."
    assert best("How many sailors did the Marigold carry?", text, "In 2014", sailor=3.0, marigold=3.0) == "31 sailors"


def told(sentence: str, quote: str, form: forms.Form) -> spans.Candidate:
    """That span of a sentence published on Friday 5 March 2021, as a candidate."""
    article = Article(id="a", text=sentence, published=dt.date(2021, 3, 5), dated="metadata")
    passage = Passage(1, "a", 1, 0, 0, len(sentence), sentence, ((0, len(sentence)),))
    hit = Hit(passage, article, 10.0, "both", (), (), {})
    start = sentence.index(quote)
    return spans.Candidate(Pick(hit, 0, len(sentence), 5.0, {}), start, start + len(quote), form, 0.0, {})


@pytest.mark.parametrize(
    ("sentence", "quote", "form", "short"),
    [
        ("It cost more than $2 million.", "$2 million", "money", "more than $2 million"),
        ("She found a crack of 14 centimetres.", "14", "number", "14 centimetres"),
        ("Of them 14 was the least.", "14", "number", "14"),
        ("It closed on Tuesday.", "Tuesday", "date", "Tuesday (2 March 2021)"),
        ("It closed on March 2, 2021.", "March 2, 2021", "date", "March 2, 2021"),
        ("It closed on March 2.", "March 2", "date", "March 2, 2021"),
        ("It closed on 2 March.", "2 March", "date", "2 March 2021"),
    ],
)
def test_a_short_answer_keeps_its_hedge_its_unit_and_its_day(
    sentence: str, quote: str, form: forms.Form, short: str
) -> None:
    assert told(sentence, quote, form).short == short


def test_a_sentence_opens_with_a_figure_or_a_quotation_and_with_no_clause() -> None:
    sentence = "Nearly 40 boats sank because the “weather bomb” came early."
    assert told(sentence, "40", "number").opening == "Nearly 40 boats"
    assert told(sentence, "weather bomb", "quotation").opening == "“weather bomb”"
    assert told(sentence, "came early", "clause").opening is None


def test_a_question_for_a_person_gets_a_person() -> None:
    text = "The harbour board in Norway chose Helen Okafor to lead the ferry service."
    assert best("Who leads the ferry service?", text, "The harbour", ferri=2.0, servic=2.0, lead=2.0) == "Helen Okafor"


def test_a_surname_is_told_as_the_full_name_given_before() -> None:
    text = "Helen Okafor runs the ferry. The storm was a warning, Okafor said."
    assert best("Who said the storm was a warning?", text, "The storm", storm=3.0, warn=3.0) == "Helen Okafor"


def test_what_the_question_holds_is_no_answer() -> None:
    assert (
        best("Did Okafor run the Marigold?", "Okafor will run the Marigold.", "Okafor", marigold=1.0, okafor=1.0)
        is None
    )


def test_the_figure_of_a_whole_is_told_from_that_of_its_part() -> None:
    found = chosen(
        "How many of the sailors were paid?", "Of the roughly 60 sailors, 45 were paid.", "Of", {"paid": 2.0}
    )
    assert {one.quote: one.signals["whole"] for one in found if one.form == "number"} == {"60": 1.0, "45": 0.0}
