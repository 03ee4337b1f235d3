"""Which sentences an answer quotes: the best, not too many; for a summary one lead of each article, by date."""

import datetime as dt
from dataclasses import replace

from assistant.extract import LENGTH, days_meant, supporting
from assistant.quoting import added, attributed
from assistant.records import Kind, Question
from assistant.sentences import Pick
from index.records import Article, Copy, Credit, Hit, Passage, Query


def pick(id_: str, day: int, sentence: str, score: float, start: int = 0, copies: tuple[Copy, ...] = ()) -> Pick:
    text = " " * start + sentence
    article = Article(id_, text, outlet="CNN", published=dt.date(2016, 3, day))
    passage = Passage(1, id_, 1, 0, start, len(text), sentence, ((start, len(text)),))
    hit = Hit(passage, article, 1.0, "words", (), copies)
    return Pick(hit, start, len(text), score, {"opening": float(start <= 200)})


def asked(kind: Kind) -> Question:
    return Question("q", "q", kind, Query("q"))


def test_a_summary_takes_one_lead_of_each_article_in_order_of_time() -> None:
    late = pick("late", 9, "The ferry stops for good.", 3.0)
    deep = pick("early", 2, "Tickets cost nine pounds.", 2.5, start=300)
    lead = pick("early", 2, "The ferry may stop, the trust says.", 1.5)
    assert supporting(asked("summary"), [late, deep, lead]) == [lead, late]


def test_a_summary_of_what_one_article_tells_goes_on_with_that_article_in_its_order() -> None:
    def told(sentence: str, start: int, meaning: float) -> Pick:
        one = pick("only", 2, sentence, 3.0, start)
        return replace(one, signals={"meaning": meaning, "opening": float(not start)})

    first, quoted = told("The ferry stops for good.", 0, 0.6), told("“No excuses,” said Marsh.", 400, 0.55)
    later = told("Its crew of nine will be paid until May.", 700, 0.5)
    aside = replace(pick("aside", 1, "A barge sank.", -9.0), signals={"meaning": 0.6})
    assert supporting(asked("summary"), [quoted, later, first, aside]) == [first, quoted, later]


def test_a_summary_opens_with_what_tells_of_its_topic_and_not_with_a_mere_quotation() -> None:
    quoted = replace(pick("one", 2, "“There are no excuses,” he said of it.", 3.0), signals={"meaning": 0.5})
    lead = replace(pick("one", 2, "The ferry stops for good.", 1.0, start=900), signals={"meaning": 0.5})
    other = replace(pick("two", 9, "The ferry stopped.", 2.0), signals={"meaning": 0.55})
    told = supporting(asked("summary"), [quoted, other, lead])
    assert told[0].quote == "The ferry stops for good."


def test_a_summary_leaves_out_copies() -> None:
    copy = Copy("copied", 1, "NPR", dt.date(2016, 3, 3), 0, 10)
    first = pick("first", 2, "The ferry stops for good.", 3.0, copies=(copy,))
    second = pick("copied", 3, "The ferry will stop for good.", 2.9)
    assert supporting(asked("summary"), [first, second]) == [first]


def test_an_answer_stays_short_but_for_its_first_sentence() -> None:
    long = pick("long", 1, " ".join(f"word{i}" for i in range(LENGTH)), 3.0)
    more = pick("more", 2, "The ferry stops for good.", 2.9)
    assert supporting(asked("who"), [long, more]) == [long]


def test_a_speaker_is_told_where_the_quote_does_not_name_him() -> None:
    article = Article("a", "“It will not last,” he said.", outlet="CNN", published=dt.date(2016, 3, 2))
    told = attributed(article, None, article.text, "Peter Quince")
    assert told == "CNN (2 March 2016), quoting Peter Quince: “It will not last,” he said."
    assert attributed(article, None, "Quince left.", "Peter Quince") == "CNN (2 March 2016): “Quince left.”"


def test_a_sentence_opens_with_the_short_answer_and_the_speaker_is_told_once() -> None:
    article = Article("a", "“It will not last,” he said.", outlet="CNN", published=dt.date(2016, 3, 2))
    told = attributed(article, None, article.text, "Peter Quince", opening="Peter Quince")
    assert told == "Peter Quince, according to CNN (2 March 2016): “It will not last,” he said."


def test_an_outlet_that_is_the_short_answer_is_not_told_twice() -> None:
    article = Article("a", "CNN was there.", outlet="CNN", published=dt.date(2016, 3, 2))
    assert attributed(article, None, article.text, opening="CNN") == "CNN (2 March 2016): “CNN was there.”"


def test_a_further_sentence_of_the_same_article_is_added_with_whom_it_credits() -> None:
    credit = Credit("a", 1, (), (), (), "Politico", "outlet", "relay")
    assert added(credit, "The ferry stops.") == "It adds, crediting Politico: “The ferry stops.”"


def test_the_day_that_a_weekday_means_is_counted_from_a_sure_day_of_publication() -> None:
    quote = "The ferry stopped on Tuesday."
    thursday = Article("a", quote, published=dt.date(2016, 5, 5), dated="metadata")
    inferred = Article("a", quote, published=dt.date(2016, 5, 5), dated="inferred")
    assert [day for _, day in days_meant(thursday, quote)] == ["3 May 2016"]
    assert days_meant(inferred, quote) == []
