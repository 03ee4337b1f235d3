"""The whole path of a question, over articles written here and an encoder that counts words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import CountingEncoder, collection

from assistant import Answer, Assistant
from assistant.compose import Model, ModelFailed
from assistant.records import Turn
from index import BadQuery, Index

ARTICLES = [
    {
        "id": "ferry-gazette",
        "outlet": "The Harbour Gazette",
        "published": "2021-03-04",
        "title": "Ferry held at Salt Quay",
        "text": "The ferry Marigold was held at Salt Quay on Thursday after divers found a crack of 14 centimetres in"
        " her hull, The Harbour Gazette has learned.\n\nAda Marsh, who runs the line, said the ship would stay in port"
        " for nine days.",
    },
    {
        "id": "ferry-post",
        "outlet": "Meridian Post",
        "published": "2021-03-05",
        "title": "Marigold out of service",
        "text": "The ferry Marigold will not sail before mid-March. The crack in her hull was first reported by The"
        " Harbour Gazette.\n\nReportedly, a second ferry may be hired from Norway.",
    },
    {
        "id": "ferry-undated",
        "outlet": "Skerry Daily",
        "title": "Travellers stranded",
        "text": "Some 300 travellers were stranded on the island when the ferry Marigold stayed away, according to"
        " Meridian Post.",
    },
    {
        "id": "bakery",
        "outlet": "Meridian Post",
        "published": "2021-05-01",
        "title": "Bakery wins prize",
        "text": "The bakery of Olga Brandt won the county's bread prize of $2,500 on Saturday.",
    },
]


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Index]:
    with collection(tmp_path, ARTICLES) as index:
        yield index


@pytest.fixture
def assistant(news: Index) -> Assistant:
    return Assistant(news)


def check(answer: Answer, news: Index) -> None:
    """Every citation's span is its quote, and every marker in the text has its citation."""
    for citation in (*answer.citations, *answer.leads):
        article = news.article(citation.article, citation.revision)
        assert article.text[citation.start : citation.end] == citation.quote
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for sentence in answer.sentences for n in sentence.citations} == set(numbers)


def test_an_answer_quotes_exactly_and_names_outlet_and_date(assistant: Assistant, news: Index) -> None:
    answer = assistant.ask("How large a crack did divers find in the hull of the ferry Marigold?")
    check(answer, news)
    assert answer.sentences[0].text.startswith(
        "14 centimetres, according to The Harbour Gazette (4 March 2021): “The ferry"
    )
    assert answer.citations[0].article == "ferry-gazette"
    assert answer.sentences[0].support == "quoted"


def test_an_answer_names_the_outlet_that_the_article_credits(assistant: Assistant) -> None:
    answer = assistant.ask("How many travellers were stranded on the island?")
    assert answer.text.startswith(
        "Some 300 travellers, according to Skerry Daily (undated), crediting Meridian Post: “Some"
    )


def test_what_the_collection_does_not_say_is_refused_with_leads(assistant: Assistant, news: Index) -> None:
    answer = assistant.ask("Which violinist won the Vienna chess tournament?")
    check(answer, news)
    assert (answer.refused, answer.citations, answer.sentences) == (True, (), ())
    assert answer.text.startswith("The collection does not say.")


@pytest.mark.parametrize("question", ["", "   ", "?!", "🙂", "NEAR(", "title:", '" OR 1=1 --', "*"])
def test_a_question_without_words_is_refused_not_an_error(question: str, assistant: Assistant) -> None:
    assert assistant.ask(question).refused


def test_an_empty_collection_says_that_it_is_empty(tmp_path: Path) -> None:
    with Index.open(tmp_path / "none", encoder=CountingEncoder()) as news:
        answer = Assistant(news).ask("Who won the bread prize?")
    assert (answer.refused, answer.refusal) == (True, "empty")


def test_the_trail_names_whom_a_credit_calls_the_first(assistant: Assistant, news: Index) -> None:
    answer = assistant.ask("Which outlet first reported the crack in the hull of the ferry Marigold?")
    check(answer, news)
    assert answer.short == "The Harbour Gazette"
    assert answer.text.startswith("Meridian Post (5 March 2021) credits The Harbour Gazette with the first report:")
    by_id = {report.id: report for report in answer.reports}
    assert (by_id["ferry-gazette"].role, by_id["ferry-gazette"].earliest) == ("origin", True)
    assert (by_id["ferry-post"].role, by_id["ferry-post"].of) == ("repeat", ("ferry-gazette",))


def test_without_a_credit_for_the_first_report_nobody_is_called_first(assistant: Assistant, news: Index) -> None:
    answer = assistant.ask("Which outlet first reported the 300 travellers stranded on the island?")
    check(answer, news)
    assert answer.short is None
    assert answer.text.startswith("The collection does not establish who reported this first;")
    assert "credits Meridian Post" in answer.text


def test_filters_leave_other_outlets_aside(assistant: Assistant) -> None:
    answer = assistant.ask("When will the ferry Marigold sail?", outlets=["meridian post"])
    assert {citation.outlet for citation in answer.citations} == {"Meridian Post"}


def test_an_unknown_outlet_is_named_with_those_there_are(assistant: Assistant) -> None:
    with pytest.raises(BadQuery, match=r"no outlet 'Daily Nothing'. It has: .*Meridian Post"):
        assistant.ask("What is known?", outlets=["Daily Nothing"])


def test_a_day_filter_tells_how_many_undated_articles_it_leaves_aside(assistant: Assistant) -> None:
    answer = assistant.ask("What is reported of the ferry Marigold since March 2021?")
    assert "1 undated article was left aside by the dates." in answer.notices


def test_a_greeting_is_answered_without_citations(assistant: Assistant) -> None:
    answer = assistant.ask("hello")
    assert (answer.refused, answer.citations, answer.kind) == (False, (), "chat")


def test_questions_about_the_collection_are_answered_from_its_archive(assistant: Assistant) -> None:
    answer = assistant.ask("How many articles are there?")
    assert answer.text.startswith(
        "The collection holds 4 articles, published 2021-03-04 to 2021-05-01: Meridian Post (2)"
    )
    assert answer.sentences[0].support == "collection"


def test_pieces_of_a_stream_are_the_answers_text(assistant: Assistant) -> None:
    *pieces, answer = assistant.stream("What happened to the ferry Marigold?")
    assert isinstance(answer, Answer)
    assert "".join(map(str, pieces)) == answer.text


def test_a_follow_up_is_answered_as_it_was_understood(assistant: Assistant) -> None:
    before = Turn("Who runs the line of the ferry Marigold at Salt Quay?", "Ada Marsh.")
    answer = assistant.ask("How long will she stay in port?", history=[before])
    assert "Marigold" in answer.standalone
    assert answer.citations[0].article == "ferry-gazette"


def test_the_same_question_gives_the_same_answer_but_for_timings(assistant: Assistant) -> None:
    first, second = (assistant.ask("Who won the bread prize?").to_dict() for _ in range(2))
    assert first | {"timings": 0} == second | {"timings": 0}


def test_an_explanation_tells_what_was_understood_found_and_scored(assistant: Assistant) -> None:
    explained = assistant.explain("Who won the bread prize?")
    assert [step.name for step in explained.steps] == ["understood", "found", "scored"]


class Script:
    """A model that plays what it is given."""

    name = "script"

    def __init__(self, *pieces: str, fails: str | None = None) -> None:
        self.pieces, self.fails = pieces, fails
        self.prompts: list[str] = []

    def stream(self, prompt: str, timeout: float) -> Iterator[str]:
        self.prompts.append(prompt)
        yield from self.pieces
        if self.fails:
            raise ModelFailed(self.fails)


def asked(news: Index, model: Model, question: str = "How big is the crack in the hull of the Marigold?") -> Answer:
    answer = Assistant(news, model).ask(question, outlets=["The Harbour Gazette"])  # whose article is passage 1
    check(answer, news)
    return answer


def test_a_models_sentence_that_its_passage_bears_out_is_kept(news: Index) -> None:
    answer = asked(news, Script("The Marigold was held after divers found a crack of 14 centimetres [1]."))
    assert answer.text == "The Marigold was held after divers found a crack of 14 centimetres. [1]"
    assert (answer.model, answer.sentences[0].support) == ("script", "supported")


def test_a_models_wrong_figure_never_reaches_the_reader(news: Index) -> None:
    answer = asked(news, Script("Divers found a crack of 14 centimetres [1]. The ship cost 90 million dollars [1]."))
    assert "90" not in answer.text
    assert [dropped.why for dropped in answer.dropped] == ["the figure 90 is not in the passage"]


def test_a_marker_that_names_no_passage_is_dropped_and_counted(news: Index) -> None:
    answer = asked(news, Script("Divers found a crack of 14 centimetres in the hull [1]. It rained [77]."))
    assert (len(answer.sentences), len(answer.dropped)) == (1, 1)


def test_a_model_that_is_down_gives_the_extractive_answer_and_a_notice(news: Index) -> None:
    answer = asked(news, Script(fails="connection refused"))
    assert answer.sentences[0].support == "quoted"
    assert "connection refused" in answer.notices[0]


def test_a_model_that_refuses_is_a_refusal(news: Index) -> None:
    assert asked(news, Script("The collection does not say.")).refused


def test_without_evidence_no_model_is_called(news: Index) -> None:
    model = Script("Anything [1].")
    answer = Assistant(news, model).ask("Which violinist won the Vienna chess tournament?")
    assert (answer.refused, model.prompts) == (True, [])


def test_an_outlet_spoken_of_that_has_nothing_on_it_does_not_hide_the_others(assistant: Assistant) -> None:
    answer = assistant.ask("What did Skerry Daily report about the bread prize of Olga Brandt's bakery?")
    assert answer.citations[0].article == "bakery"
    assert answer.notices == ("Nothing by Skerry Daily itself answers this; all outlets were searched.",)
