"""Language models over real HTTP, with everything that can go wrong, and the collection as LlamaIndex's retriever."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from pathlib import Path

import pytest
from fakes import CountingEncoder
from llama_index.core.evaluation import RetrieverEvaluator
from llama_index.core.llms import MockLLM
from llama_index.llms.openai_like import OpenAILike
from model_server import Script, serve_model

from assistant.compose import Model, ModelFailed
from assistant.llama import load_model, probe, wrap
from assistant.pipeline import WhenceRetriever
from assistant.settings import Settings
from index.errors import WhenceError
from index.index import Index

KEY = "sk-never-shown-4711"


def failure(*scripts: Script, timeout: float = 20) -> str:
    """What the model's failure says."""
    with serve_model(*scripts) as server:
        model = load_model("openai-like:scribe", server.url, KEY)
        with pytest.raises(ModelFailed) as failed:
            list(model.stream("Who?", timeout))
        return str(failed.value)


def pieces(model: Model, prompt: str = "Who?") -> list[str]:
    """What comes of the model, without the signs of life in between."""
    return [piece for piece in model.stream(prompt, 20) if piece]


# -- models ------------------------------------------------------------------------------------------------------------


def test_a_reply_comes_in_its_pieces_from_the_model_asked_for() -> None:
    with serve_model(Script(("Mayor Ada Lund ", "resigned", "."))) as server:
        model = load_model("openai-like:scribe", server.url, KEY)
        assert pieces(model, "Who resigned?") == ["Mayor Ada Lund ", "resigned", "."]
        (request,) = server.requests
        assert (model.name, request["model"], request["temperature"]) == ("scribe", "scribe", 0.0)
        assert request["messages"] == [{"role": "user", "content": "Who resigned?"}]
        assert server.keys == [KEY]


def test_without_a_key_the_environment_s_own_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serve_model(Script(("Yes.",))) as server:
        list(load_model("openai-like:scribe", server.url, None).stream("Who?", 20))
        assert server.keys == ["none"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (Script(status=401), "scribe refused the key: HTTP 401"),
        (Script(status=400), "scribe refused the request, which may be too long for it: HTTP 400"),
        (Script(status=404), "scribe is not known at WHENCE_MODEL_URL: HTTP 404"),
        (Script(status=429), "scribe has too many requests, or the account is used up: HTTP 429"),
        (Script(status=500), "scribe failed: HTTP 500"),
        (Script(("She ",), end="cut"), "scribe broke off in the middle of its reply: connection lost"),
        (Script(("She ",), end="unfinished"), "scribe broke off in the middle of its reply: connection closed"),
        (Script(("She ",), finish="length"), "scribe broke off in the middle of its reply: it used up its tokens"),
        (
            Script(("She ",), finish="content_filter"),
            "scribe broke off in the middle of its reply: its own filter stopped it",
        ),
        (Script(status=402), "scribe wants its account to be paid: HTTP 402"),
        (Script(("<think>Was it she? ", "Or he?")), "scribe gave an empty reply"),
        (Script(("She ",), end="malformed"), "scribe sent something that is not JSON"),
        (Script(()), "scribe gave an empty reply"),
        (Script((" ", "\n")), "scribe gave an empty reply"),
    ],
)
def test_every_failure_has_its_reason(script: Script, said: str) -> None:
    assert failure(script) == said


def test_a_server_that_is_down_is_told_with_its_address_in_bounded_time() -> None:
    with serve_model(Script()) as server:
        gone = server.url
    began = time.monotonic()
    with pytest.raises(ModelFailed, match=r"scribe cannot be reached at 127\.0\.0\.1:\d+$"):
        list(load_model("openai-like:scribe", gone, KEY).stream("Who?", 20))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "script",
    [Script(("She ", "resigned."), delay=30), Script(("word ",) * 1000, delay=0.05)],
    ids=["silent", "never ending"],
)
def test_the_time_allowed_is_in_all_not_for_each_piece(script: Script) -> None:
    began = time.monotonic()
    assert failure(script, timeout=1) == "scribe took longer than 1 s"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_refusal_is_asked_again_twice(status: int) -> None:
    with serve_model(Script(status=status), Script(status=status), Script(("She resigned.",))) as server:
        assert pieces(load_model("openai-like:scribe", server.url, KEY)) == ["She resigned."]


def test_pieces_before_a_failure_are_given() -> None:
    with serve_model(Script(("Mayor Ada Lund ", "resigned."), end="cut")) as server:
        coming = filter(None, load_model("openai-like:scribe", server.url, KEY).stream("Who?", 20))
        assert [next(coming), next(coming)] == ["Mayor Ada Lund ", "resigned."]
        with pytest.raises(ModelFailed):
            next(coming)


@pytest.mark.parametrize(
    "script", [Script(("Yes.",)), Script(status=401), Script(status=500), Script(("She ",), end="malformed")]
)
def test_the_key_is_in_no_error_log_or_repr(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serve_model(script) as server:
        model = load_model("openai-like:scribe", server.url, KEY)
        try:
            told = "".join(model.stream("Who?", 20))
        except ModelFailed as error:
            told = f"{error!r} {error.__cause__!r} {error.__context__!r}"
        assert server.keys[0] == KEY
    assert KEY not in told + repr(model) + caplog.text


@pytest.mark.parametrize("spec", ["", "scribe", "openai-like:", "oracle:scribe"])
def test_another_kind_of_model_is_told_what_kinds_there_are(spec: str) -> None:
    with pytest.raises(
        WhenceError, match="can be openai-like:NAME, openai:NAME, anthropic:NAME, ollama:NAME, google:NAME"
    ):
        load_model(spec, "http://127.0.0.1:1/v1", None)


def test_a_model_without_an_address_is_told_the_setting() -> None:
    with pytest.raises(WhenceError, match="set WHENCE_MODEL_URL"):
        load_model("openai-like:scribe", None, None)


@pytest.mark.parametrize("url", ["127.0.0.1:11434/v1", "localhost", "http://", "ftp://127.0.0.1/v1", "my server"])
def test_an_address_that_is_none_is_told_with_the_form_that_one_has(url: str) -> None:
    with pytest.raises(WhenceError, match="WHENCE_MODEL_URL must begin with http:// or https://, as http://127"):
        load_model("openai-like:scribe", url, None)


@pytest.mark.parametrize("around", ["{}/", " {} ", "{}/chat/completions", "{}/chat/completions/"])
def test_an_address_may_have_what_a_client_adds_to_it(around: str) -> None:
    with serve_model(Script(("She resigned.",))) as server:
        model = load_model("openai-like:scribe", around.format(server.url), None)
        assert (pieces(model), server.paths) == (["She resigned."], ["/v1/chat/completions"])


def test_an_address_without_v1_that_knows_no_model_is_told_where_it_mostly_ends() -> None:
    with serve_model(Script(status=404)) as server, pytest.raises(ModelFailed) as failed:
        pieces(load_model("openai-like:scribe", server.url.removesuffix("/v1"), None))
    said = "scribe is not known at WHENCE_MODEL_URL: HTTP 404 (the address mostly ends in /v1)"
    assert str(failed.value) == said


def test_a_key_is_sent_without_the_space_around_it_and_one_with_odd_characters_is_refused() -> None:
    with serve_model(Script(("Yes.",))) as server:
        pieces(load_model("openai-like:scribe", server.url, f" {KEY}\n"))
        assert server.keys == [KEY]
    with pytest.raises(WhenceError, match="WHENCE_MODEL_KEY has characters that no key has"):
        load_model("openai-like:scribe", server.url, "“sk-4711”")


def test_a_model_of_openai_that_is_newer_than_its_package_is_asked_like_the_newest() -> None:
    with serve_model(Script(("She resigned.",))) as server:
        model = load_model("openai:gpt-99", server.url, KEY)
        assert (model.name, pieces(model)) == ("gpt-99", ["She resigned."])
        (request,) = server.requests
        assert (request["model"], "max_tokens" in request, request["max_completion_tokens"]) == ("gpt-99", False, 4_000)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"status_code": 404}, "unknown is not known at WHENCE_MODEL_URL: HTTP 404"),  # ollama's, anthropic's
        ({"code": 401}, "unknown refused the key: HTTP 401"),  # google's
        ({"status_code": 418}, "unknown failed: HTTP 418"),
    ],
)
def test_an_error_of_another_maker_s_package_is_told_by_its_status(error: dict[str, int], said: str) -> None:
    class Refused(Exception):
        status_code: int | None = None
        code: int | None = None

    class Other(MockLLM):
        def stream_chat(self, *args: object, **kwargs: object) -> None:  # type: ignore[override]
            refused = Refused("in its own words")
            for name, value in error.items():
                setattr(refused, name, value)
            raise refused

    with pytest.raises(ModelFailed) as failed:
        pieces(wrap(Other(max_tokens=None)))
    assert str(failed.value) == said


def test_a_server_that_another_maker_s_package_cannot_reach_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llama.WAITED", 0.01)

    class Down(MockLLM):
        def stream_chat(self, *args: object, **kwargs: object) -> None:  # type: ignore[override]
            raise ConnectionError("Failed to connect to Ollama")

    with pytest.raises(ModelFailed, match=r"unknown cannot be reached$"):
        pieces(wrap(Down(max_tokens=None)))


def test_any_language_model_of_llama_index_will_do() -> None:
    assert "".join(pieces(wrap(MockLLM()), "user")) == "user: user\nassistant: "
    with serve_model(Script(("Mayor Ada Lund ", "resigned."))) as server:
        given = wrap(OpenAILike(model="scribe", api_base=server.url, api_key=KEY, is_chat_model=True))
        assert pieces(given) == ["Mayor Ada Lund ", "resigned."]


def test_a_model_that_cannot_stream_gives_its_reply_in_one_piece() -> None:
    class Whole(MockLLM):
        def stream_chat(self, *args: object, **kwargs: object) -> None:  # type: ignore[override]
            raise NotImplementedError

    assert pieces(wrap(Whole(max_tokens=None)), "user") == ["user: user\nassistant: "]


def test_a_server_that_cannot_stream_is_asked_for_the_whole() -> None:
    with serve_model(Script(("Mayor Ada Lund ", "resigned."), streams=False)) as server:
        assert pieces(load_model("openai-like:scribe", server.url, KEY)) == ["Mayor Ada Lund resigned."]
        assert [request.get("stream", False) for request in server.requests] == [True, False]


def test_a_whole_reply_that_does_not_say_why_it_ended_is_whole() -> None:
    with serve_model(Script(("She resigned.",), streams=False, finish=None)) as server:
        assert pieces(load_model("openai-like:scribe", server.url, KEY)) == ["She resigned."]


def test_a_page_in_place_of_a_reply_is_told() -> None:
    with serve_model(Script(page="<html>Log in</html>")) as server, pytest.raises(ModelFailed) as failed:
        pieces(load_model("openai-like:scribe", server.url, KEY))
    assert str(failed.value) == "scribe sent a web page: WHENCE_MODEL_URL may be the address of something else"


def test_an_error_of_an_unknown_kind_is_named_and_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(MockLLM):
        def stream_chat(self, *args: object, **kwargs: object) -> None:  # type: ignore[override]
            raise RuntimeError(f"no luck with {KEY}")

    with pytest.raises(ModelFailed, match="unknown failed with RuntimeError"):
        list(wrap(Broken(max_tokens=None)).stream("Who?", 20))
    assert "in stream_chat" in caplog.text
    assert KEY not in caplog.text


# -- the retriever -----------------------------------------------------------------------------------------------------

ARTICLES = {
    "mayor": "Mayor Ada Lund resigned on Monday, the Courier reported.\n\nShe blamed the harbour dispute.",
    "bridge": "The old bridge will be closed in April. “It is not safe,” an engineer said.",
    "festival": "The film festival opens with a documentary about whales.",
}
QUESTIONS = {
    "Who reported that mayor Lund resigned?": "mayor",
    "When will the bridge be closed?": "bridge",
    "What documentary opens the film festival?": "festival",
}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    file = tmp_path / "articles.jsonl"
    lines = [
        {"id": name, "title": name, "outlet": "The Daily Post", "published": "2021-03-04", "text": text}
        for name, text in ARTICLES.items()
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    index = Index.open(tmp_path / "index", encoder=CountingEncoder())
    index.add([file])
    return index


def test_llama_index_s_own_evaluator_finds_every_passage_first(index: Index) -> None:
    evaluator = RetrieverEvaluator.from_metric_names(["hit_rate", "mrr"], retriever=WhenceRetriever(index, limit=3))
    for question, article in QUESTIONS.items():
        expected = [str(passage.key) for passage in index.passages(article)]
        result = asyncio.run(evaluator.aevaluate(question, expected))
        assert result.metric_vals_dict == {"hit_rate": 1.0, "mrr": 1.0}


def test_a_node_is_the_exact_passage_with_where_it_stands(index: Index) -> None:
    nodes = WhenceRetriever(index).retrieve("Why did mayor Lund resign?")
    hits = index.search("Why did mayor Lund resign?")
    assert [(node.node_id, node.text, node.score) for node in nodes] == [
        (str(hit.passage.key), hit.passage.text, hit.score) for hit in hits
    ]
    for node in nodes:
        told = node.metadata
        assert node.text == index.article(told["article"]).text[told["start"] : told["end"]]
        assert node.node.get_node_info() == {"start": told["start"], "end": told["end"]}  # type: ignore[attr-defined]
    assert nodes[0].metadata == {
        "article": "mayor",
        "revision": 1,
        "start": 0,
        "end": len(ARTICLES["mayor"]),
        "outlet": "The Daily Post",
        "published": "2021-03-04",
        "title": "mayor",
        "url": None,
    }


def test_the_retriever_gives_no_more_than_its_limit(index: Index) -> None:
    assert len(WhenceRetriever(index, limit=1).retrieve("The mayor, the bridge, the festival")) == 1


# -- kinds of models, and whether they answer --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["anthropic", "google", "ollama"])
def test_a_kind_whose_package_is_missing_says_what_to_install(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = {"google": "google_genai"}.get(kind, kind)
    monkeypatch.setitem(sys.modules, f"llama_index.llms.{module}", None)
    with pytest.raises(WhenceError, match=rf"needs the package .*; install it with: pip install 'whence\[{kind}\]'"):
        load_model(f"{kind}:scribe", None, KEY)


def test_a_service_that_wants_a_key_does_not_take_one_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(WhenceError, match="'openai:gpt-4o' wants a key: set WHENCE_MODEL_KEY"):
        load_model("openai:gpt-4o", None, None)


def test_a_probe_tells_whether_the_model_answers() -> None:
    with serve_model(Script(("OK",))) as server:
        assert probe(load_model("openai-like:scribe", server.url, KEY)).startswith("answers, after ")
    with serve_model(Script(status=401)) as server:
        told = probe(load_model("openai-like:scribe", server.url, KEY))
    assert told == "does not answer (scribe refused the key: HTTP 401)"


def test_a_server_says_how_long_to_wait_and_is_not_waited_for_beyond_the_limit() -> None:
    began = time.monotonic()
    with serve_model(Script(status=429, wait="600")) as server:
        with pytest.raises(ModelFailed, match="too many requests"):
            pieces(load_model("openai-like:scribe", server.url, KEY))
        assert len(server.requests) == 1
    assert time.monotonic() - began < 10


def test_settings_show_neither_the_key_nor_a_password_in_the_address() -> None:
    told = Settings(model_key=KEY, model_url=f"https://me:{KEY}@models.example/v1")
    assert KEY not in repr(told.shown())
    assert told.shown()["model_url"] == "https://models.example/v1"
    assert f"model_key={KEY!r}" not in repr(told)
