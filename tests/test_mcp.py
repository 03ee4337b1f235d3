"""The official MCP client against the tools: over HTTP beside the rest of the service, and over stdio."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent
from serving import collection, serving

from assistant.api import application
from assistant.sample import add_sample
from index import Index

T = TypeVar("T")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with collection(tmp_path_factory.mktemp("mcp")) as assistant, serving(application(assistant)) as address:
        yield f"{address}/mcp"


def talk(server: str | StdioServerParameters, said: Callable[[Client], Awaitable[T]]) -> T:
    """A conversation of the client with a server, at most a minute long."""

    async def whole() -> T:
        with anyio.fail_after(60):
            async with Client(server) as client:
                return await said(client)

    return anyio.run(whole)


def call(server: str | StdioServerParameters, tool: str, **arguments: Any) -> CallToolResult:
    return talk(server, lambda client: client.call_tool(tool, arguments))


def text(result: CallToolResult) -> str:
    [block] = result.content
    assert isinstance(block, TextContent)
    return block.text


def test_every_tool_says_what_it_does_takes_and_gives(url: str) -> None:
    tools = talk(url, lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == ["ask", "search", "trace", "check", "read_article"]
    for tool in tools:
        assert tool.description
        assert tool.input_schema["required"]
        assert tool.output_schema is not None
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint


def test_an_answer_is_text_with_footnotes_and_the_record(url: str) -> None:
    result = call(url, "ask", question="Who said the repairs would take 9 weeks?")
    assert "said the repairs would take 9 weeks.”[^1]\n\n[^1]: Harbour Light, 2024-05-30" in text(result)
    assert result.structured_content["short"] == "Ines Calder"
    assert result.structured_content["citations"][0]["article"] == "light-1"


def test_filters_are_obeyed(url: str) -> None:
    result = call(url, "search", query="swing bridge", since="2024-06-01", limit=5)
    assert [hit["article"]["id"] for hit in result.structured_content["hits"]] == ["notes/2"]
    assert text(result).startswith("Estuary Notes · 2024-06-02 · Ferries carry the cars\nnotes/2 ")


def test_a_quotation_is_checked(url: str) -> None:
    result = call(url, "check", text="Harbour master Ines Calder said the repairs would take 9 weeks.")
    assert result.structured_content["verdict"] == "verbatim"


def test_a_report_is_traced(url: str) -> None:
    assert call(url, "trace", question="swing bridge").structured_content["question"] == "swing bridge"


def test_an_article_is_read_to_the_character(url: str) -> None:
    result = call(url, "read_article", id="undated-3")
    assert result.structured_content["text"] == "Crabs cross the mud at low tide, and nobody counts them."
    assert text(result).endswith("\n\nCrabs cross the mud at low tide, and nobody counts them.")


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("read_article", {"id": "nothing"}, "There is no article 'nothing' in this collection."),
        ("ask", {"question": "Who?", "outlets": ["Nobody's News"]}, "The collection has no outlet"),
    ],
)
def test_an_error_reaches_the_model_in_words(url: str, tool: str, arguments: dict[str, Any], told: str) -> None:
    result = call(url, tool, **arguments)
    assert result.is_error
    assert told in text(result)


def test_the_tools_work_over_stdio(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news") as news:
        add_sample(news)
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "WHENCE_INDEX": str(tmp_path / "news")}
    command = StdioServerParameters(command=sys.executable, args=["-m", "assistant.cli", "mcp"], env=environment)
    result = call(command, "ask", question="Who first reported the refusal of about 60 men to return to Ukraine?")
    assert result.structured_content["short"] == "The Baltic Courier"
