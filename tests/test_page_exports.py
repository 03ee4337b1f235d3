"""An answer as a file: Markdown with footnotes, a page, JSON; each citation with its permalink."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from assistant import Answer, Citation
from assistant.records import Sentence
from assistant.views.exports import export
from index.records import Query

CITED = Citation(
    1, "a 1", 2, "Tanker *leaks* <b>", "The Courier", dt.date(2014, 3, 2), "stated", None, 3, 19, "Oil was\nspilled."
)
ANSWER = Answer(
    "What [was] spilled?",
    "What [was] spilled?",
    "who",
    Query("?"),
    "The Courier: “Oil was spilled.” [1]",
    short="Oil",
    sentences=(Sentence("The Courier: “Oil was spilled.” [1]", (1,), "quoted"),),
    citations=(CITED,),
)
BASE = "http://127.0.0.1:7860/"
LINK = "http://127.0.0.1:7860/article/a%201?revision=2&start=3&end=19#quote"


def test_markdown_has_a_footnote_for_each_citation_and_no_markup_of_others() -> None:
    assert export([ANSWER], "markdown", BASE).split("\n\n") == [
        "# What \\[was\\] spilled?",
        "**Oil**",
        "The Courier: “Oil was spilled.”[^1]",
        "[^1]: The Courier · 2 March 2014, as printed in the article, *Tanker \\*leaks\\* \\<b\\>*:"
        f" “Oil was spilled.”. <{LINK}>\n",
    ]


def test_a_refusal_in_markdown_offers_its_leads_without_footnotes() -> None:
    refused = replace(ANSWER, refused=True, text="The collection does not say.", sentences=(), leads=(CITED,))
    told = export([refused], "markdown", BASE)
    assert "Might be of interest, without answering the question:\n\n1. The Courier" in told
    assert "[^1]" not in told


def test_the_page_escapes_what_articles_print() -> None:
    told = export([ANSWER], "html", BASE)
    assert "Tanker *leaks* &lt;b&gt;" in told
    assert '<a href="#c1-1">[1]</a>' in told
    assert LINK.replace("&", "&amp;") in told
    assert "<script" not in told


def test_json_is_the_answers_record_with_permalinks() -> None:
    told = json.loads(export([ANSWER], "json", BASE))
    assert told["citations"][0].pop("permalink") == LINK
    assert told == ANSWER.to_dict()
