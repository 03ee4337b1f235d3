"""Which sentence answers: signals and choice, from hand-made hits."""

import datetime as dt

from assistant.extract import article_date, evidence, in_marks, supporting
from assistant.question import understand
from assistant.quoting import attributed
from assistant.records import Question
from assistant.sentences import Pick, choose, signals
from index.records import Article, Credit, Hit, Passage, SentenceScore
from index.splitter import sentences


def hit(id_: str, text: str, score: float = 10.0, words: float = 0.5, meaning: float = 0.5, **known: str) -> Hit:
    spans = tuple(sentences(text))
    article = Article(
        id=id_, text=text, outlet="Meridian Post", published=dt.date(2021, 3, 5), title=known.get("title")
    )
    passage = Passage(1, id_, 1, 0, 0, len(text), text, spans)
    scored = tuple(SentenceScore(a, b, (words + meaning) / 2, words, meaning) for a, b in spans)
    told = {"cosine": meaning, "covered_setting": words, "sentence_cosine": meaning}
    return Hit(passage, article, score, "both", scored, (), told)


def asked(question: str) -> Question:
    return understand(question, lambda _: [], [])


def best(question: str, *hits: Hit) -> str:
    weights = {"ferri": 1.0, "marigold": 3.0, "crew": 2.0}
    return choose(asked(question), hits, weights)[0].quote


def test_a_question_for_a_number_prefers_the_sentence_with_a_figure_that_it_does_not_hold_itself() -> None:
    text = "The ferry Marigold has a crew of many. The ferry Marigold has a crew of 31 people."
    assert (
        best("How many crew has the ferry Marigold?", hit("a", text)) == "The ferry Marigold has a crew of 31 people."
    )


def test_a_figure_of_the_question_is_no_new_figure() -> None:
    told = signals(asked("How many of the 60 crew left?"), [hit("a", "The 60 crew were tired of the long wait.")], {})
    assert told[0][2]["figure"] == 0.0


def test_a_question_for_a_person_prefers_the_sentence_that_names_one() -> None:
    text = (
        "The ferry Marigold is led by a captain of long standing. The ferry Marigold is led by Ada Marsh of Salt Quay."
    )
    assert "Ada Marsh" in best("Who leads the ferry Marigold?", hit("a", text))


def test_the_sentences_around_lend_their_words() -> None:
    told = signals(asked("How old is the ferry?"), [hit("a", "The Marigold sailed in. She is old.")], {"marigold": 1.0})
    assert [values["around"] for _, _, values in told] == [1.0, 1.0]


def test_the_headline_lends_its_words() -> None:
    told = signals(asked("How old is she?"), [hit("a", "She is old.", title="The Marigold")], {"marigold": 1.0})
    assert told[0][2]["around"] == 1.0


def pick(text: str, score: float) -> Pick:
    return Pick(hit("a", text), 0, len(text), score, {})


def test_a_sentence_that_says_the_same_again_is_not_quoted() -> None:
    first = pick("The ferry Marigold was held at Salt Quay with a crack in her hull.", 9.0)
    again = pick("The ferry Marigold, with a crack in her hull, was held at Salt Quay.", 8.9)
    other = pick("Divers will come from Norway on Sunday morning.", 8.5)
    assert supporting(asked("Why was the ferry held?"), [first, again, other]) == [first, other]


def test_a_sentence_far_below_the_best_is_not_quoted() -> None:
    first, far = pick("The ferry Marigold was held.", 9.0), pick("Divers will come from Norway.", 5.0)
    assert supporting(asked("Why was the ferry held?"), [first, far]) == [first]


def test_thin_evidence_is_told_with_what_comes_nearest() -> None:
    told = evidence([hit("a", "The ferry was held.", words=0.1, meaning=0.1, title="Ferry held")])
    assert told == "“Ferry held” comes nearest, but no passage tells what is asked."


def test_no_hits_are_no_evidence() -> None:
    assert evidence([]) == "No article matches the question."


def test_good_evidence_lacks_nothing() -> None:
    assert evidence([hit("a", "The ferry was held.", words=0.8, meaning=0.8)]) is None


def test_a_quote_with_marks_of_its_own_gets_no_more() -> None:
    assert in_marks("“We are tired,” she said.") == "“We are tired,” she said."
    assert in_marks("We are tired,\nshe said.") == "“We are tired, she said.”"


def test_an_attribution_names_what_is_known_and_says_what_is_not() -> None:
    unknown = Article(id="a", text="It rained.")
    credit = Credit("a", 1, (), (), (), "Politico", "outlet", "relay")
    assert (
        attributed(unknown, None, "It rained.") == "An article that does not state its outlet (undated): “It rained.”"
    )
    assert ", crediting Politico: " in attributed(unknown, credit, "It rained.")


def test_an_inferred_date_is_called_so() -> None:
    article = Article(id="a", text="x", published=dt.date(2021, 3, 5), dated="inferred")
    assert article_date(article) == "5 March 2021, inferred"
