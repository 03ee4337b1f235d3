"""A collection as LlamaIndex's retriever, query engine and node parser, with our own exact spans in every node.

Importing it takes 2.5 s: whoever needs it imports it inside the function that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.node_parser import NodeParser
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import (
    BaseNode,
    Document,
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from assistant.ask import Assistant
from assistant.records import Citation
from index.index import Index
from index.records import Article, Hit, Passage, Query
from index.splitter import passage_key, passages


class WhenceRetriever(BaseRetriever):
    """A collection as LlamaIndex's retriever: nodes are passages, exact spans of their article's text.

    A node's id is its passage's key, its score the hit's; `limit` is how many it gives at most.
    """

    def __init__(self, index: Index, limit: int = 10) -> None:
        super().__init__()
        self._index = index
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._index.search(Query(query_bundle.query_str, limit=self._limit))
        return [NodeWithScore(node=_found(hit), score=hit.score) for hit in hits]


class WhenceQueryEngine(BaseQueryEngine):
    """An assistant as LlamaIndex's query engine: each `source_node` is the span that a citation quotes.

    The response's text is the answer's, its markers numbering the source nodes from 1; its `metadata` is the whole
    answer as plain values. A refusal has no source nodes.
    """

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(callback_manager=None)
        self._assistant = assistant

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.ask(query_bundle.query_str)
        sources = [NodeWithScore(node=_cited(citation), score=1.0) for citation in answer.citations]
        return Response(answer.text, source_nodes=sources, metadata=answer.to_dict())

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


class WhenceNodeParser(NodeParser):
    """Documents into nodes of whole sentences, each `document.text[start_char_idx:end_char_idx]` to the character.

    `limit` is how many characters a node has at most.
    """

    limit: int = 1000

    @classmethod
    def class_name(cls) -> str:
        return "WhenceNodeParser"

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any) -> list[BaseNode]:
        return [
            _part(node, passage)
            for node in nodes
            for passage in passages(Article(id=node.node_id, text=_text(node)), self.limit)
        ]

    def _postprocess_parsed_nodes(self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]) -> list[BaseNode]:
        """The nodes as they are: LlamaIndex would look for their text again, and find the first that is alike."""
        return nodes


def _text(node: BaseNode) -> str:
    text: str = node.text if isinstance(node, TextNode) else node.get_content()
    return text


def _found(hit: Hit) -> TextNode:
    passage, article = hit.passage, hit.article
    told = _metadata(article.id, article.revision, passage.start, passage.end, article)
    return _node(passage.key, passage.text, told)


def _cited(citation: Citation) -> TextNode:
    key = passage_key(citation.article, citation.revision, citation.start, citation.end)
    told = _metadata(citation.article, citation.revision, citation.start, citation.end, citation)
    credited = [credit.called for credit in citation.credits if credit.called]
    return _node(key, citation.quote, {**told, "number": citation.number, "credits": credited})


def _part(node: BaseNode, passage: Passage) -> TextNode:
    made = _node(passage.key, passage.text, {**node.metadata, "start": passage.start, "end": passage.end})
    made.relationships = {NodeRelationship.SOURCE: RelatedNodeInfo(node_id=node.node_id, metadata=node.metadata)}
    return made


def _metadata(article: str, revision: int, start: int, end: int, printed: Article | Citation) -> dict[str, Any]:
    return {
        "article": article,
        "revision": revision,
        "start": start,
        "end": end,
        "outlet": printed.outlet,
        "published": printed.published.isoformat() if printed.published else None,
        "title": printed.title,
        "url": printed.url,
    }


def _node(key: int, text: str, told: dict[str, Any]) -> TextNode:
    return TextNode(id_=str(key), text=text, metadata=told, start_char_idx=told["start"], end_char_idx=told["end"])
