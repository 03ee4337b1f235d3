"""The demo collection: news articles in our own words, carried by the package, and questions to try on them."""

from importlib.resources import files
from pathlib import Path

from index import Added, Index
from index.stages import Watch

FOLDER = Path(str(files("assistant.sample")))


def add_sample(news: Index, progress: Watch | None = None) -> Added:
    """Take the sample articles into a collection, under ids that are the same on every machine."""
    return news.add([FOLDER / "articles"], progress, under=FOLDER)


def example_questions() -> list[str]:
    """Questions that show what the program does, the customer's own first."""
    return (FOLDER / "questions.txt").read_text(encoding="utf-8").splitlines()
