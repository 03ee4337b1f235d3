"""Tables in, an article a row out."""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import readers
from index.readers import draft, tables
from index.records import Article, Refusal

STORY = "The mill by the river closed on Monday after ninety years, its owner said."


def read(path: str = "news.csv") -> list[Article | Refusal]:
    return list(readers.read([path]))


def articles(path: str = "news.csv") -> list[Article]:
    return [found for found in read(path) if isinstance(found, Article)]


def refusals(path: str = "news.csv") -> list[str]:
    return [str(found) for found in read(path) if isinstance(found, Refusal)]


def write(text: str, path: str = "news.csv", encoding: str = "utf-8") -> None:
    Path(path).write_bytes(text.encode(encoding))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# CSV and TSV


def test_a_row_is_an_article_with_its_fields() -> None:
    write(
        "id,url,title,outlet,author,published,wire,language,text\n"
        f'mill-1,https://example.com/mill,Old mill closes,WaPo,By Ada Moss,2016-03-03,reuters,en,"{STORY}"\n'
    )
    (found,) = read()
    assert isinstance(found, Article)
    assert (found.id, found.url, found.title) == ("mill-1", "https://example.com/mill", "Old mill closes")
    assert (found.outlet, found.author, found.wire) == ("The Washington Post", "Ada Moss", "Reuters")
    assert (found.published, found.dated) == (dt.date(2016, 3, 3), "metadata")
    assert (found.language, found.text) == ("en", STORY)
    assert (found.origin.path, found.origin.member, found.origin.line) == ("news.csv", None, 2)


@pytest.mark.parametrize(
    "header", ["ID,Headline,Source,Byline,Published At,Body", "\ufeffid, headline ,PUBLISHER,byline,Date,content"]
)
def test_columns_are_known_by_their_other_names_in_any_case(header: str) -> None:
    write(f"{header}\nm,Old mill closes,Harbour Light,Ada Moss,2016-03-03,The mill closed.\n")
    (found,) = articles()
    assert (found.id, found.title, found.outlet) == ("m", "Old mill closes", "Harbour Light")
    assert (found.author, found.day, found.text) == ("Ada Moss", dt.date(2016, 3, 3), "The mill closed.")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("path", ["news.csv", "news.tsv"])
def test_the_delimiter_is_the_one_that_parts_the_names(delimiter: str, path: str) -> None:
    write(f"id{delimiter}text\na{delimiter}The mill closed\nb{delimiter}The mill opened\n", path)
    assert [(found.id, found.text) for found in articles(path)] == [("a", "The mill closed"), ("b", "The mill opened")]


def test_a_text_keeps_quotes_delimiters_and_line_ends_within_quotes() -> None:
    write('id,text\r\na,"One, ""two""\r\n\r\nthree; four"\r\nb,five\r\n')
    assert [(found.id, found.text, found.origin.line) for found in articles()] == [
        ("a", 'One, "two"\n\nthree; four', 2),
        ("b", "five", 5),
    ]


def test_quotes_escaped_by_a_backslash_are_understood() -> None:
    write('id,text\na,"She said \\"no\\", twice."\nb,"He left."\n')
    assert [found.text for found in articles()] == ['She said "no", twice.', "He left."]


def test_quotes_in_a_table_that_quotes_no_cell_stay_as_they_stand() -> None:
    write('id\ttext\na\t"No," she said.\nb\tThe "old" mill\n', "news.tsv")
    assert [found.text for found in articles("news.tsv")] == ['"No," she said.', 'The "old" mill']


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_detected(encoding: str) -> None:
    write("id,text\n" + "a,The mill closed.\n" * 3 + "é,Café Zoë closed.\n", encoding=encoding)
    last = articles()[-1]
    assert (last.id, last.text) == ("é", "Café Zoë closed.")


def test_a_letter_cut_between_two_pieces_does_not_change_the_encoding() -> None:
    raw = ("id,text\n" + "a,The mill\n" * 5 + "b,Café\n").encode()
    pieces = iter([raw[: raw.index(b"\xc3") + 1], raw[raw.index(b"\xc3") + 1 :]])
    assert [found.text for found in tables.read("news.csv", pieces) if isinstance(found, draft.Draft)][-1] == "Café"


def test_the_rows_of_a_file_with_bare_carriage_returns_are_read() -> None:
    write("id,text\ra,one\rb,two\r")
    assert [(found.id, found.origin.line) for found in articles()] == [("a", 2), ("b", 3)]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("b,", "'text' is empty; expected the article's text"),
        ("b", "1 cells; the first row names 2"),
        ("b,one,two", "3 cells; the first row names 2"),
        ("b,The mill\x00closed", "NUL bytes; expected text"),
        ('b,"The mill" closed', "cannot be read (',' expected after '\"'); left out up to the next row that fits"),
    ],
)
def test_a_row_without_an_article_is_refused_by_its_line_and_the_rest_goes_on(broken: str, reason: str) -> None:
    write(f'id,text\na,"one\ntwo"\n\n{broken}\nc,three\nd,"four"\n')
    assert [found.id for found in articles()] == ["a", "c", "d"]
    assert refusals() == [f"news.csv:5: {reason}"]


def test_empty_cells_beyond_the_named_columns_do_no_harm() -> None:
    write("id,text,,\na,one,,\nb,two,,,,\n,,,\n")
    assert [found.id for found in articles()] == ["a", "b"]
    assert refusals() == []


def test_a_quote_never_closed_costs_its_line_only() -> None:
    write('id,text\na,"one"\nb,"two\nc,three\nd,four\n')
    assert [found.id for found in articles()] == ["a", "c", "d"]
    assert refusals() == ["news.csv:3: a quote is opened and never closed"]


def test_a_row_too_long_is_refused_once_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.tables._ROW", 2**20)

    def chunks() -> Iterator[bytes]:
        yield b"id,text\na,one\nb,"
        for _ in range(64):
            yield b"word " * 2**14
        yield b"\nc,three\n"

    found = list(tables.read("news.csv", chunks()))
    assert [entry.id for entry in found if isinstance(entry, draft.Draft)] == ["a", "c"]
    assert [str(entry) for entry in found if isinstance(entry, Refusal)] == [
        "news.csv:3: cannot be read (a row of more than 1 MB); left out up to the next row that fits"
    ]


def test_a_text_longer_than_131072_characters_is_read() -> None:
    write(f"id,text\na,{'word ' * 60_000}\n")
    assert [len(found.text) for found in articles()] == [300_000]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "news.csv: empty; expected a first row that names the columns"),
        ("\n\n", "news.csv: empty; expected a first row that names the columns"),
        ("id,title\na,b\n", "news.csv:1: no column for the text: found 'id', 'title'; expected a first row"),
        ("a,The mill closed\nb,It opened\n", "news.csv:1: no column for the text: found 'a', 'the_mill_closed'"),
        ("%PDF-1.7\n", "news.csv: a PDF or RTF document"),
    ],
)
def test_a_file_without_a_row_of_names_is_refused(text: str, reason: str) -> None:
    write(text)
    assert [refusal.startswith(reason) for refusal in refusals()] == [True]


def test_rows_are_given_while_the_file_is_still_read() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"id,text\n" + b"a,one\n" * 2**10
        raise AssertionError("read to its end before the first article was given")

    first = next(tables.read("news.csv", chunks()))
    assert isinstance(first, draft.Draft)
    assert first.id == "a"


# Parquet


def write_parquet(columns: dict[str, list[Any]], path: str = "news.parquet") -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table(columns), path, row_group_size=2)


def test_the_rows_of_a_parquet_file_are_articles() -> None:
    write_parquet(
        {
            "ID": [1, 2, 3],
            "Headline": ["Old mill closes", None, "Third"],
            "date": [dt.date(2016, 3, 3), None, dt.date(2016, 3, 5)],
            "body": [STORY, "Two", "Three"],
            "clicks": [[1], [2], [3]],
        }
    )
    found = articles("news.parquet")
    assert [(entry.id, entry.title, entry.day) for entry in found] == [
        ("1", "Old mill closes", dt.date(2016, 3, 3)),
        ("2", None, None),
        ("3", "Third", dt.date(2016, 3, 5)),
    ]
    assert [entry.text for entry in found] == [STORY, "Two", "Three"]
    assert [entry.origin.line for entry in found] == [1, 2, 3]


def test_a_moment_with_its_zone_and_bytes_for_text_are_taken() -> None:
    write_parquet({"published": [dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC)], "text": ["Café".encode()]})
    (found,) = articles("news.parquet")
    assert (found.published, found.text) == (dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC), "Café")


def test_a_parquet_row_without_text_is_refused_by_its_number() -> None:
    write_parquet({"id": ["a", "b", "c"], "text": ["one", None, "three"]})
    assert [found.id for found in articles("news.parquet")] == ["a", "c"]
    assert refusals("news.parquet") == [
        "news.parquet:2: no article text; expected it as 'text', 'body' or 'content', found 'id', 'text'"
    ]


def test_a_parquet_file_without_a_text_column_names_its_columns_once() -> None:
    write_parquet({"id": ["a", "b"], "lead": ["one", "two"]})
    assert refusals("news.parquet") == [
        "news.parquet: no column for the text: found 'id', 'lead'; expected 'text', 'body' or 'content'"
    ]


def test_a_broken_parquet_file_is_refused() -> None:
    pytest.importorskip("pyarrow")
    Path("news.parquet").write_bytes(b"PAR1" + b"\x00" * 64 + b"PAR1")
    assert [
        refusal.startswith("news.parquet: damaged or not a Parquet file") for refusal in refusals("news.parquet")
    ] == [True]


def test_without_its_library_a_parquet_file_is_refused_with_the_command_that_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    Path("news.parquet").write_bytes(b"PAR1")
    assert refusals("news.parquet") == [
        "news.parquet: reading Parquet files needs a library more; run: pip install 'whence[parquet]'"
    ]
