"""Which sentences an answer quotes: the best, not too many; for a summary one lead of each article, by date."""

import datetime as dt

from assistant.extract import LENGTH, attributed, supporting
from assistant.records import Kind, Question
from assistant.sentences import Pick
from index.records import Article, Copy, Hit, Passage, Query


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
