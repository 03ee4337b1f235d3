"""Whom a reader is told that an article credits."""

import pytest

from assistant.records import CitedCredit, CreditSpans


@pytest.mark.parametrize(
    ("source", "printed", "called"),
    [
        ("Karl Ross", "he", "Karl Ross"),
        (None, "It", None),
        (None, "they", None),
        (None, "", None),
        (None, "Officials", "Officials"),
        (None, "three of the sailors", "three of the sailors"),
    ],
)
def test_a_pronoun_that_nobody_resolved_is_no_source(source: str | None, printed: str, called: str | None) -> None:
    assert CitedCredit(source, printed, "person", "quote", CreditSpans((), (), ())).called == called
