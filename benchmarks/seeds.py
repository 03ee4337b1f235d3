"""The customer's question over the three articles that the project began with: what must be in the answer, and not.

python benchmarks/seeds.py      (exits with 1 when a claim fails)
"""

from __future__ import annotations

import tempfile

import material

from assistant import Assistant
from index import Index

QUESTION = "Which outlet first reported the Pskov paratroopers?"


def main() -> None:
    seeds = material.folder() / "seeds"
    with tempfile.TemporaryDirectory() as folder, Index.open(folder) as news:
        news.add([seeds])
        answer = Assistant(news).ask(QUESTION)
        quotes = [c.quote for c in answer.citations]
        credited = [c.source or "" for citation in answer.citations for c in citation.credits]
        exact = all(news.article(c.article).text[c.start : c.end] == c.quote for c in answer.citations)
    claims = {
        "it answers": not answer.refused,
        "it cites the passage on the 60 paratroopers": any("60 paratroopers" in quote for quote in quotes),
        "it names Express as whom the article credits": any("Express" in name for name in credited)
        and "credits Daily Express" in answer.text,
        "it says that the collection does not establish who was first": "does not establish" in answer.text,
        "it calls nobody the first": answer.short is None,
        "every quote is its span": exact,
    }
    print(answer.text, end="\n\n")
    for claim, holds in claims.items():
        print(f"{'yes' if holds else 'NO '}  {claim}")
    raise SystemExit(0 if all(claims.values()) else 1)


if __name__ == "__main__":
    main()
