"""OpenAI's own client against the compatible paths."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam
from serving import collection, serving

from assistant.api import application
from assistant.footnotes import footnoted
from assistant.records import Turn
from assistant.service.openai import Message, conversation

QUESTION = "Who said the repairs would take 9 weeks?"
SAID = (
    "Ines Calder, according to Harbour Light (30 May 2024):"
    " “Harbour master Ines Calder said the repairs would take 9 weeks.”[^1]"
)
NOTE = "\n\n[^1]: Harbour Light, 2024-05-30, Swing bridge is shut: “Harbour master Ines Calder said the repairs"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[openai.OpenAI]:
    with (
        collection(tmp_path_factory.mktemp("openai")) as assistant,
        serving(application(assistant)) as url,
        openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=30) as one,
    ):
        yield one


def asked(*texts: str) -> list[ChatCompletionMessageParam]:
    """A conversation, the user's text first."""
    said: list[ChatCompletionMessageParam] = []
    for i, text in enumerate(texts):
        said.append({"role": "assistant", "content": text} if i % 2 else {"role": "user", "content": text})
    return said


def test_there_is_one_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["whence"]
    assert client.models.retrieve("whence").owned_by == "whence"
    with pytest.raises(openai.NotFoundError, match="The only model is 'whence'"):
        client.models.retrieve("another")


def test_citations_are_footnotes_and_annotations(client: openai.OpenAI) -> None:
    message = client.chat.completions.create(model="whence", messages=asked(QUESTION)).choices[0].message
    assert message.content is not None
    assert message.content.startswith(SAID + NOTE)
    assert message.content.endswith("<https://light.example/bridge>")
    assert message.annotations is not None
    [cited] = [annotation.url_citation for annotation in message.annotations]
    assert message.content[cited.start_index : cited.end_index] == "[^1]"
    assert (cited.url, cited.title) == ("https://light.example/bridge", "Swing bridge is shut")


def test_the_answers_own_record_comes_along(client: openai.OpenAI) -> None:
    told = client.chat.completions.create(model="whence", messages=asked(QUESTION)).model_extra
    assert told is not None
    assert told["whence"]["short"] == "Ines Calder"


def test_a_stream_joined_is_the_answer(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="whence", messages=asked(QUESTION)).choices[0].message
    chunks = list(client.chat.completions.create(model="whence", messages=asked(QUESTION), stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_an_article_without_an_address_is_cited_by_its_path_here(client: openai.OpenAI) -> None:
    message = (
        client.chat.completions.create(
            model="whence", messages=asked("Which outlet reported that ferries carry the cars?")
        )
        .choices[0]
        .message
    )
    assert message.annotations is not None
    assert message.annotations[0].url_citation.url.endswith("/api/articles/notes%2F2?revision=1")


def test_what_an_article_holds_stays_text_in_markdown() -> None:
    assert footnoted("“![x](http://e.example) <b> \\[y](z) [1]” [2][3]") == (
        "“!\\[x](http://e.example) \\<b> \\\\\\[y](z) \\[1]”[^2][^3]"
    )


def test_a_follow_up_leans_on_the_conversation_as_it_was_sent(client: openai.OpenAI) -> None:
    messages = asked("Who is Ines Calder?", "The harbour master.", "What did she say?")
    told = client.chat.completions.create(model="whence", messages=messages).model_extra
    assert told is not None
    assert told["whence"]["standalone"] == "What did she say? (Ines Calder)"


def test_that_the_collection_does_not_say_is_an_answer(client: openai.OpenAI) -> None:
    message = client.chat.completions.create(model="whence", messages=asked("zzz qqq?")).choices[0].message
    assert message.content is not None
    assert message.content.startswith("The collection does not say.")
    assert message.annotations == []


def test_a_conversation_without_a_question_is_refused_in_words(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="The last message has to be a user's"):
        client.chat.completions.create(model="whence", messages=asked("hello", "hello to you"))


def test_turns_are_pairs_without_instructions_and_footnotes() -> None:
    messages = [
        Message.model_validate({"role": "system", "content": "You are a pirate."}),
        Message.model_validate({"role": "user", "content": [{"type": "text", "text": "Who?"}]}),
        Message(role="assistant", content="A said so.[^1]\n\n[^1]: Harbour Light: “A said so.”"),
        Message(role="user", content="When?"),
    ]
    assert conversation(messages) == ("When?", [Turn("Who?", "A said so. [1]")])
