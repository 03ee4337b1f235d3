"""A run of suites: what each case is worth, how a run is kept and resumed, and that it says the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import CountingEncoder
from model_server import Script, serve_model

from assistant import Assistant
from assistant.evaluation import Asked, BadSuite, Case, Evidence, Extras, Price, Results, Suite, Way, evaluate
from assistant.evaluation.marking import entailed, marks, reasons
from assistant.evaluation.results import LeftOut, Outcome, Quotation, Reply, Sentenced
from assistant.llama import load_model
from index import Index

FERRY = "Divers found a crack of 14 centimetres in the hull of the ferry Marigold at Salt Quay."
STRIKE = "The harbour pilots of Salt Quay will strike on Tuesday, their union chair Ines Holm said."
ARTICLES = (
    {"id": "ferry", "outlet": "The Harbour Gazette", "published": "2021-03-04", "title": "Ferry held",
     "text": f"{FERRY} The ferry stays in port until the crack is welded."},
    {"id": "strike", "outlet": "Quay Post", "published": "2021-03-06", "title": "Pilots to strike",
     "text": f"{STRIKE} It would be the first strike of pilots in nine years."},
)  # fmt: skip
CRACK = Case(
    id="crack",
    question="How long is the crack in the hull of the ferry Marigold?",
    type="number",
    answer="14 centimetres",
    evidence=(Evidence("ferry", FERRY),),
)
CHESS = Case(id="chess", question="Which violinist won the chess tournament in Vienna?", type="none", answer=None)
STRIKES = Case(
    id="strike",
    question="When will the harbour pilots of Salt Quay strike?",
    type="when",
    answer="on Monday",  # not what the article says: a case that comes out wrong
    evidence=(Evidence("strike", STRIKE),),
)


def suite(*cases: Case, name: str = "quay.jsonl") -> Suite:
    return Suite(name, "ab" * 32, cases)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("news")
    (folder / "articles.jsonl").write_text("".join(json.dumps(article) + "\n" for article in ARTICLES))
    with Index.open(folder / "index", encoder=CountingEncoder()) as index:
        index.add([folder / "articles.jsonl"])
        yield index


def untimed(results: Results) -> list[Outcome]:
    """The outcomes without what differs from run to run."""
    return [
        replace(o, values={name: value for name, value in o.values.items() if name not in ("seconds", "search")})
        for o in results.outcomes
    ]


def test_a_right_answer_with_the_gold_quote_scores_on_everything(news: Index) -> None:
    (done,) = evaluate(Assistant(news), [suite(CRACK)]).outcomes
    perfect = ("right", "contains", "found@1", "recall@10", "mrr", "ndcg@10", "article-mrr", "cited", "spans")
    assert {name: done.values[name] for name in perfect} == dict.fromkeys(perfect, 1.0)
    assert (done.right, done.values["citation-recall"], done.values["self-consistency"]) == (True, 1.0, 1.0)


def test_a_refusal_of_what_the_collection_does_not_say_is_right(news: Index) -> None:
    results = evaluate(Assistant(news), [suite(CHESS, CRACK)])
    assert results.outcomes[0].reply.refused
    told = [(score.name, score.value, score.n) for score in results.scores if score.name.startswith("refusal")]
    assert told == [("refusal-precision", 1.0, 1), ("refusal-recall", 1.0, 1), ("refusal-f1", 1.0, 1)]


def test_a_wrong_answer_says_why(news: Index) -> None:
    (done,) = evaluate(Assistant(news), [suite(STRIKES)]).outcomes
    assert (done.right, done.why) == (False, ("It does not say the gold answer.",))


def test_a_citation_is_shown_in_its_passage(news: Index) -> None:
    (done,) = evaluate(Assistant(news), [suite(CRACK)]).outcomes
    cited = done.reply.citations[0]
    assert cited.passage[slice(*cited.at)] == cited.quote
    assert (cited.gold, cited.exact, cited.outlet) == (True, True, "The Harbour Gazette")


def test_cases_whose_evidence_the_collection_lacks_are_named_and_left_out(news: Index) -> None:
    gone = replace(CRACK, id="gone", evidence=(Evidence("barge", FERRY),))
    other = replace(CRACK, id="other", evidence=(Evidence("ferry", "A quote of something else."),))
    unheld = replace(CRACK, id="unheld", evidence=(Evidence("", "Nobody ever printed a word of this anywhere."),))
    results = evaluate(Assistant(news), [suite(gone, other, unheld, CRACK)])
    assert [outcome.case.id for outcome in results.outcomes] == ["crack"]
    assert results.left_out == (
        LeftOut("quay.jsonl", "gone", "its article 'barge' is not in the collection"),
        LeftOut("quay.jsonl", "other", "the article 'ferry' does not hold its evidence 'A quote of something else.'"),
        LeftOut("quay.jsonl", "unheld", "no article holds its evidence 'Nobody ever printed a word of this anywhere.'"),
    )


def test_evidence_without_an_article_is_given_the_one_that_holds_it(news: Index) -> None:
    (done,) = evaluate(Assistant(news), [suite(replace(CRACK, evidence=(Evidence("", FERRY),)))]).outcomes
    assert done.case.evidence == (Evidence("ferry", FERRY),)


def test_a_suite_of_which_no_case_can_be_asked_is_refused(news: Index) -> None:
    gone = replace(CRACK, evidence=(Evidence("barge", FERRY),))
    with pytest.raises(BadSuite, match=r"No case can be asked .* its article 'barge' is not in the collection"):
        evaluate(Assistant(news), [suite(gone)])


def test_a_conversation_is_asked_turn_by_turn_after_its_own_answers(news: Index) -> None:
    first = Asked(question=CRACK.question, answer="14 centimetres")
    last = Asked(question="Who found the crack in it?", answer="Divers")
    talk = Case(id="talk", type="followup", question=last.question, answer=last.answer, turns=(first, last))
    (done,) = evaluate(Assistant(news), [suite(talk)]).outcomes
    assert [earlier.question for earlier in done.earlier] == [CRACK.question]
    assert "Marigold" in done.reply.standalone
    assert done.values["turns"] == 1.0


def test_a_run_says_the_same_each_time_and_however_many_cases_are_asked_at_once(news: Index) -> None:
    asked = [suite(CRACK, CHESS, STRIKES, *(replace(CRACK, id=f"crack {n}") for n in range(20)))]
    once, again, side_by_side = (evaluate(Assistant(news), asked, Way(jobs=jobs)) for jobs in (1, 1, 3))
    assert untimed(once) == untimed(again) == untimed(side_by_side)
    assert [s for s in once.scores if s.name == "right"] == [s for s in side_by_side.scores if s.name == "right"]


def test_an_interrupted_run_goes_on_where_it_stopped(news: Index, tmp_path: Path) -> None:
    asked = [suite(CRACK, CHESS, STRIKES)]
    way = Way(journal=tmp_path)

    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(Assistant(news), asked, way, interrupt)
    (journal,) = tmp_path.iterdir()
    with journal.open("a") as file:
        file.write('{"suite": "quay.jsonl", "case"')  # the line that the interruption cut off
    told: list[tuple[int, int]] = []
    resumed = evaluate(Assistant(news), asked, way, lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]
    assert untimed(resumed) == untimed(evaluate(Assistant(news), asked))
    assert list(tmp_path.iterdir()) == []


def test_another_suite_does_not_go_on_from_the_journal_of_the_first(news: Index, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(Assistant(news), [suite(CRACK, CHESS)], Way(journal=tmp_path), interrupt)
    told: list[int] = []
    edited = replace(suite(CRACK, CHESS), sha256="cd" * 32)
    evaluate(Assistant(news), [edited], Way(journal=tmp_path), lambda done, total: told.append(done))
    assert told == [0, 1, 2]


def test_a_run_records_what_it_ran_on(news: Index) -> None:
    on = evaluate(Assistant(news), [suite(CRACK), suite(CHESS)], Way(settings={"precision": "fp32"})).on
    assert [(s.name, s.cases) for s in on.suites] == [("quay.jsonl", 1), ("quay.jsonl (2)", 1)]
    assert (on.fingerprint, on.articles, on.model, on.settings["precision"]) == (news.fingerprint, 2, None, "fp32")
    assert on.encoder.startswith("counting")
    assert {len(hash) for hash in on.prompts.values()} == {12}


# -- with a model ----------------------------------------------------------------------------------------------------


def test_a_models_tokens_are_counted_and_priced(news: Index) -> None:
    with serve_model(Script(("The crack is 14 centimetres long. [1]",))) as server:
        assistant = Assistant(news, load_model("openai-like:writer", server.url, None))
        (done,) = evaluate(assistant, [suite(CRACK)], Way(extras=Extras(price=Price(1.0, 2.0)))).outcomes
    assert done.reply.model == "writer"
    assert done.values["tokens-out"] >= 7
    assert done.values["cost"] == pytest.approx((done.values["tokens-in"] + 2 * done.values["tokens-out"]) / 1e6)


@pytest.mark.parametrize(
    ("verdict", "value"), [("RIGHT", 1.0), ("**Wrong.** It lacks the number.", 0.0), ("Perhaps", None)]
)
def test_a_judges_verdict_is_a_score_of_its_own(news: Index, verdict: str, value: float | None) -> None:
    with serve_model(Script((verdict,))) as server:
        judge = load_model("openai-like:judge", server.url, None)
        (done,) = evaluate(Assistant(news), [suite(CRACK)], Way(extras=Extras(judge=judge))).outcomes
        prompt = server.requests[0]["messages"][0]["content"]
    assert done.values.get("judge") == value
    assert all(text in prompt for text in (CRACK.question, "14 centimetres"))
    assert (done.reply.notices == ()) is (value is not None)


def test_a_judge_that_fails_is_noticed_and_scores_nothing(news: Index) -> None:
    with serve_model(Script(status=401)) as server:
        judge = load_model("openai-like:judge", server.url, None)
        results = evaluate(Assistant(news), [suite(CRACK)], Way(extras=Extras(judge=judge)))
    assert results.score("judge") is None
    assert results.notices == ("The judge gave no verdict: judge refused the key: HTTP 401. (1 case)",)


# -- marks without a collection --------------------------------------------------------------------------------------


def reply(
    said: str, cited: Sequence[tuple[str, str]] = (), short: str | None = None, origin: str | None = None
) -> Reply:
    quotations = tuple(
        Quotation(n, id, None, None, None, None, 0, len(q), q, q, (0, len(q)), gold=False, exact=True)
        for n, (id, q) in enumerate(cited, 1)
    )
    numbers = tuple(range(1, len(cited) + 1))
    return Reply("?", "?", said, short, False, None, (Sentenced(said, numbers, "quoted", None),), quotations, origin)


def test_citations_are_measured_against_the_gold_quotes() -> None:
    case = replace(CRACK, evidence=(Evidence("ferry", FERRY), Evidence("strike", STRIKE)))
    values = marks(case, reply("It is long.", [("ferry", FERRY), ("barge", FERRY), ("ferry", "Nothing of it")]), [])
    measured = [values[name] for name in ("cited", "citation-precision", "citation-recall")]
    assert measured == pytest.approx([1.0, 1 / 3, 0.5])


def test_the_origin_named_is_held_against_gold_in_cases_about_origins() -> None:
    case = replace(CRACK, type="provenance", answer="Quay Post")
    assert marks(case, reply("…", origin="The Quay Post"), [])["origin"] == 1.0
    assert marks(case, reply("…", origin="The Harbour Gazette", short="Quay Post"), [])["origin"] == 0.0
    assert marks(case, reply("…", short="Quay Post"), [])["origin"] == 1.0
    assert "origin" not in marks(CRACK, reply("…", short="Quay Post"), [])
    assert "origin" in marks(replace(CRACK, tags={"origin": True}), reply("…"), [])


def test_an_answer_that_lacks_a_part_says_which() -> None:
    case = replace(CRACK, parts=(("14 centimetres",), ("Salt Quay", "the quay")), evidence=())
    assert reasons(case, reply("It is 14 centimetres long."), []) == ("It lacks 'Salt Quay'.",)


def test_where_the_gold_quote_stood_is_told_when_it_was_not_cited() -> None:
    hits = [("barge", "Another text altogether"), ("ferry", FERRY)]
    told = reasons(CRACK, reply("It is 14 centimetres long."), hits)
    assert told == ("No citation overlaps a gold quote, which stands in hit 2 of the search.",)


@pytest.mark.parametrize(
    ("quotes", "recall", "precision"),
    [
        (["whale"], 1.0, 1.0),
        (["cat"], 0.0, 0.0),
        (["whale", "cat"], 1.0, 0.5),  # the second alone entails nothing, and without it the rest still does
        (["wha", "le"], 1.0, 1.0),  # neither alone, but both are needed
        ([], 0.0, None),
    ],
)
def test_entailed_citations_count_as_in_alce(quotes: list[str], recall: float, precision: float | None) -> None:
    values = entailed(
        reply("whale", [("x", quote) for quote in quotes]), lambda premise, text: text in premise.replace(" ", "")
    )
    assert (values["alce-recall"], values.get("alce-precision")) == (recall, precision)


def test_two_hundred_cases_take_less_than_a_minute_where_an_answer_takes_no_time(news: Index) -> None:
    """The run's own part of it: scores, intervals and groups of 200 cases."""
    cases = [replace(CRACK, id=f"crack {n}", tags={"half": n % 2}) for n in range(200)]
    results = evaluate(Assistant(news), [suite(*cases)], Way(jobs=2))
    assert len(results.outcomes) == 200
    assert results.seconds < 60
