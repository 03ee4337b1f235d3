"""The collection within LlamaIndex: retriever, query engine and node parser, and LlamaIndex's evaluators on them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import CountingEncoder
from llama_index.core import Document
from llama_index.llms.openai_like import OpenAILike
from model_server import Script, serve_model

from assistant import Assistant
from assistant.pipeline import WhenceNodeParser, WhenceQueryEngine, WhenceRetriever
from index import Index

DOCS = Path(__file__).parent.parent / "docs" / "models.md"
QUESTION = "Who reported that mayor Ada Lund resigned?"
TEXT = "Mayor Ada Lund resigned on Monday, the Courier reported. She blamed the harbour dispute for it."


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Index]:
    file = tmp_path / "articles.jsonl"
    article = {"id": "mayor", "outlet": "The Daily Post", "published": "2021-03-04", "title": "Mayor", "text": TEXT}
    file.write_text(json.dumps(article), encoding="utf-8")
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as index:
        index.add([file])
        yield index


def test_a_source_node_is_the_exact_span_that_the_answer_cites(news: Index) -> None:
    response = WhenceQueryEngine(Assistant(news)).query(QUESTION)
    answer = Assistant(news).ask(QUESTION)
    assert str(response) == answer.text
    assert len(response.source_nodes) == len(answer.citations) > 0
    for place, node in enumerate(response.source_nodes, 1):
        told = node.metadata
        assert node.text == TEXT[told["start"] : told["end"]]
        assert (told["article"], told["number"], told["outlet"]) == ("mayor", place, "The Daily Post")


def test_a_refusal_has_no_source_nodes(news: Index) -> None:
    response = WhenceQueryEngine(Assistant(news)).query("Which violinist won the Vienna chess tournament?")
    assert response.source_nodes == []
    assert str(response).startswith("The collection does not say.")


def test_the_parsed_nodes_are_exact_spans_even_where_a_text_repeats_itself() -> None:
    text = "It rained.\n\nThe mayor resigned. " * 80
    nodes = WhenceNodeParser(limit=120).get_nodes_from_documents([Document(text=text, metadata={"outlet": "Post"})])
    spans = [(node.metadata["start"], node.metadata["end"]) for node in nodes]
    assert len(nodes) > 10
    assert spans == sorted(set(spans))
    assert all(node.get_content() == text[start:end] for node, (start, end) in zip(nodes, spans, strict=True))
    assert {node.metadata["outlet"] for node in nodes} == {"Post"}


def test_the_example_in_the_documentation_runs_llama_index_s_evaluators(news: Index) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    with serve_model(Script(("YES",))) as server:
        llm = OpenAILike(model="judge", api_base=server.url, api_key="none", is_chat_model=True)
        names: dict[str, object] = {"news": news, "question": QUESTION, "llm": llm, "documents": [Document(text=TEXT)]}
        exec(example, names)
    assert names["scores"] == {"hit_rate": 1.0, "mrr": 1.0}
    assert names["faithful"].passing is True  # type: ignore[attr-defined]
    assert names["spans"][0][0] == "mayor"  # type: ignore[index]
    assert WhenceRetriever(news).retrieve(QUESTION)
