"""What a server sent in place of a reply in OpenAI's protocol is told in words, over real HTTP too."""

import pytest
from model_server import Script, serve_model

from assistant.chunks import WANTED, oddity
from assistant.compose import ModelFailed
from assistant.llama import load_model

KEY = "sk-never-shown-4711"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ('{"choices": null}', '"choices" that is null'),
        ('{"choices": {"0": 1}}', '"choices" that is an object'),
        ('{"id": "a"}', 'an object without "choices"'),
        ('{"type": "content_block_delta", "delta": {"text": "She"}}', 'an object without "choices"'),
        ("[1, 2]", "a list"),
        ('"She resigned."', "text"),
        ("5", "a number"),
        ("null", "null"),
        ('{"choices": ["She"]}', "a choice that is text"),
        ('{"choices": [{"index": 0, "text": "She"}]}', 'a choice without "delta"'),
        ('{"choices": [{"index": 0, "delta": "She"}]}', '"delta" that is text'),
        ('{"choices": [{"index": 0, "delta": {"content": ["She"]}}]}', '"content" that is a list'),
        ('{"choices": [{"index": 0, "delta": {"content": 5}}]}', '"content" that is a number'),
    ],
)
def test_a_chunk_in_another_form_is_told_with_the_form_that_was_expected(event: str, said: str) -> None:
    with serve_model(Script(events=(event,))) as server, pytest.raises(ModelFailed) as failed:
        list(load_model("openai-like:scribe", server.url, KEY).stream("Who?", 20))
    assert str(failed.value) == f"scribe sent {said}, where {WANTED} was expected"


def test_chunks_that_hold_no_text_are_passed_over() -> None:
    empty = '{"choices": []}', '{"choices": [{"delta": null}]}', '{"choices": [{"delta": {"content": null}}]}'
    with serve_model(Script(("She resigned.",), events=empty)) as server:
        assert "".join(load_model("openai-like:scribe", server.url, KEY).stream("Who?", 20)) == "She resigned."


def test_an_error_in_place_of_a_chunk_is_told_without_its_words() -> None:
    error = f'{{"error": {{"message": "no {KEY}"}}}}'
    with serve_model(Script(events=(error,))) as server, pytest.raises(ModelFailed) as failed:
        list(load_model("openai-like:scribe", server.url, KEY).stream("Who?", 20))
    assert str(failed.value) == "scribe reported an error in the middle of its reply"


@pytest.mark.parametrize("end", ["length", "error"])
def test_a_whole_reply_that_was_cut_short_is_told_so(end: str) -> None:
    script = Script(("She",), streams=False, finish=end)
    with serve_model(script) as server, pytest.raises(ModelFailed, match="broke off in the middle of its reply"):
        list(load_model("openai-like:scribe", server.url, KEY).stream("Who?", 20))


@pytest.mark.parametrize(
    ("body", "odd"),
    [
        ('{"choices": []}', f'no "choices", where {WANTED} was expected'),
        ('{"choices": [{"message": null}]}', f'"message" that is null, where {WANTED} was expected'),
        ('{"error": {"message": "overloaded"}}', f"an error, where {WANTED} was expected"),
        ('{"choices": [{"message": {"content": "She"}}]}', None),
        ("Hello there", "text that is no event of a stream"),
        ('s": [{"delta": {"content": "cut at the beginning"}}]}\n\ndata: [DONE]\n', None),
        ("", None),
        (": keep-alive\n\n", None),
        ("event: ping\nid: 7\nretry: 5\n\n", None),
        (': keep-alive\n\ndata: {"choices": null}\n\n', f'"choices" that is null, where {WANTED} was expected'),
    ],
)
def test_what_is_odd_about_a_whole_reply_is_told(body: str, odd: str | None) -> None:
    assert oddity(body) == odd


def test_nothing_is_odd_about_the_end_of_what_was_cut_unless_an_event_is_in_it() -> None:
    assert oddity('d."}, "finish_reason": "stop"}]}', cut=True) is None
    assert oddity('}\n\ndata: {"choices": null}\n', cut=True) == f'"choices" that is null, where {WANTED} was expected'


def test_of_a_reply_too_long_to_keep_or_packed_no_oddity_is_told() -> None:
    spaces = " " * 5_000
    for script in (Script((spaces,), streams=False), Script((" ",), streams=False, packed=True)):
        with serve_model(script) as server, pytest.raises(ModelFailed) as failed:
            list(load_model("openai-like:scribe", server.url, KEY).stream("Who?", 20))
        assert str(failed.value) == "scribe gave an empty reply"
