"""The demo collection and what it is there to show."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.sample import add_sample, example_questions
from index import Index


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("sample")) as index:
        added = add_sample(index)
        assert (len(added.added), added.refused) == (22, ())
        yield index


def test_the_customers_question_comes_first() -> None:
    assert example_questions()[0] == "Which outlet first reported the Pskov paratroopers?"


def test_the_first_example_shows_a_trail_with_its_origin(news: Index) -> None:
    answer = Assistant(news).ask(example_questions()[0])
    assert answer.short == "The Baltic Courier"
    roles = {report.outlet: report.role for report in answer.reports if report.article}
    assert (roles["The Baltic Courier"], roles["Meridian Post"], roles["Skerry Daily"]) == ("origin", "repeat", "copy")
    assert "Daily Express" in {report.outlet for report in answer.reports if report.article is None}
    assert "The Baltic Courier is credited too by an article that does not state its outlet" in answer.text


def test_of_two_copies_of_an_agency_the_earlier_is_none_of_the_later(news: Index) -> None:
    reports = Assistant(news).ask(example_questions()[0]).reports
    of = {report.id: report.of for report in reports}
    assert "pskov-kestrel-skerry" not in of["pskov-kestrel-gazette"]
    assert "pskov-kestrel-gazette" in of["pskov-kestrel-skerry"]


def test_a_reprint_is_folded_into_one_hit(news: Index) -> None:
    hits = news.search("Mothers count the sons who walked away from Svatove, 41 names on a list")
    folded = [hit for hit in hits if hit.copies]
    assert (folded[0].article.id, folded[0].copies[0].article_id) == (
        "returnees-forty-one",
        "returnees-forty-one-reprint",
    )


def test_undated_articles_stay_undated(news: Index) -> None:
    undated = {article.id for article in news.articles() if article.published is None}
    assert undated == {"articles/pskov-sixty.txt", "crimea-equipment"}


def test_a_correction_is_kept_as_a_note(news: Index) -> None:
    article = news.article("articles/senior-officer-pskov.txt")
    notes = [article.text[a.start : a.end] for a in article.asides if a.kind == "note"]
    assert len(notes) == 1


@pytest.mark.parametrize("question", ["What happened in Svatove?", "tell me about svatove"])
def test_what_happened_is_told_by_leads_in_order_of_time(news: Index, question: str) -> None:
    answer = Assistant(news).ask(question)
    assert "are rebelling against the order" in answer.sentences[0].text
    assert len({one.article for one in answer.citations}) > 1
    days = [str(one.published)[:10] for one in answer.citations if one.published]
    assert days == sorted(days)


def test_the_articles_on_a_topic_are_told_with_a_sentence_of_each(news: Index) -> None:
    answer = Assistant(news).ask("Which articles mention Crimea?")
    assert {one.article for one in answer.citations} == {"kharkiv-claim-analysis", "crimea-equipment"}


def test_who_wrote_an_article_is_told_by_its_byline(news: Index) -> None:
    answer = Assistant(news).ask("who wrote the article about the cake tin")
    assert answer.short == "Odile Brandt"


def test_a_question_about_the_collection_is_not_taken_for_a_slip(news: Index) -> None:
    answer = Assistant(news).ask("What outlets are in the collection?")
    assert answer.standalone == "What outlets are in the collection?"
    assert answer.text.startswith("The collection holds articles of 8 outlets")


def test_all_that_an_outlet_has_printed_is_listed_by_headlines(news: Index) -> None:
    answer = Assistant(news).ask("What did the Baltic Courier report?")
    assert answer.text.startswith("The collection holds 3 articles of The Baltic Courier: “Sixty Pskov paratroopers")


def test_every_quote_of_every_example_is_its_span(news: Index) -> None:
    for question in example_questions():
        answer = Assistant(news).ask(question)
        for cited in (*answer.citations, *answer.leads):
            assert news.article(cited.article).text[cited.start : cited.end] == cited.quote


def test_the_sample_is_found_wherever_the_program_runs(
    news: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    again = add_sample(news)
    assert (len(again.unchanged), again.added) == (22, ())
    assert Path.cwd() == tmp_path


def test_an_answer_that_was_read_is_given_however_far_its_wording(news: Index) -> None:
    answer = Assistant(news).ask("What is the maximum sentence for desertion?")
    assert (answer.refused, answer.citations[0].article) == (False, "law-of-refusal")


@pytest.mark.parametrize(
    "question",
    [
        "Who first reported the cracks in the swing bridge at Salt Quay?",
        "Who first reported the theft of the crown jewels in Vienna?",
        "Which outlet broke the news of Shoigu's divorce?",
        "who was first to report the flood in the Riga opera house",
        "Which agency first reported the merger of two shipyards in Odense?",
        "What is the earliest article here on the eruption of Mount Hekla?",
    ],
)
def test_who_was_first_with_what_no_article_tells_of_is_refused(news: Index, question: str) -> None:
    assistant = Assistant(news)
    answer = assistant.ask(question)
    assert (answer.refused, answer.citations, answer.reports) == (True, (), ())
    assert assistant.trace(question).refused


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which outlet first reported that the refusers from Pskov lost their jobs?", "The Baltic Courier"),
        ("who first reported the 60 men of pskov who would not go back", "The Baltic Courier"),
    ],
)
def test_who_was_first_is_told_in_other_words_too(news: Index, question: str, first: str) -> None:
    answer = Assistant(news).ask(question)
    assert (answer.refused, answer.short) == (False, first)
