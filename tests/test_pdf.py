"""PDF files in, an article of their text layer out."""

import dataclasses
import datetime as dt
import io
import sys
from pathlib import Path

import pypdf
import pytest
from fakes import CountingEncoder

from index import Index, readers
from index.records import Article, Refusal

Line = tuple[int, int, str] | tuple[int, int, str, int]


def pdf(*pages: list[Line], information: str = "") -> bytes:
    """A PDF whose pages hold lines of text: where each stands (x, y in points), its words, and 12 or another size."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, lines in enumerate(pages):
        drawn = "".join(
            f"BT /F1 {size[0] if size else 12} Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET\n" for x, y, words, *size in lines
        )
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {5 + 2 * number} 0 R>>"
        )
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}endstream")
    objects.append(f"<<{information}>>")
    raw, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(raw))
        raw += f"{number} 0 obj{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    raw += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R/Info {size - 1} 0 R>>\n"
    return f"{raw}startxref\n{raw.index('xref')}\n%%EOF".encode("cp1252")


FERRY: list[Line] = [
    (72, 740, "Old ferry sinks in quiet bay", 20),
    (72, 700, "The ferry left the harbour at dawn with two hundred people on"),
    (72, 686, "board, the port said. It was old and slow."),
    (72, 662, "Nobody was hurt when it sank, and the tram took all of them to"),
    (72, 648, "the town."),
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(raw: bytes) -> list[Article | Refusal]:
    Path("ferry.pdf").write_bytes(raw)
    return list(readers.read(["ferry.pdf"]))


def one(raw: bytes) -> Article:
    (found,) = read(raw)
    assert isinstance(found, Article), found
    return found


def refusals(raw: bytes) -> list[str]:
    return [str(found) for found in read(raw) if isinstance(found, Refusal)]


def test_a_pdf_is_one_article_whose_lines_are_paragraphs_again() -> None:
    found = one(pdf(FERRY))
    assert found.text == (
        "Old ferry sinks in quiet bay\n\n"
        "The ferry left the harbour at dawn with two hundred people on board, the port said. It was old and slow.\n\n"
        "Nobody was hurt when it sank, and the tram took all of them to the town."
    )
    assert (found.id, found.origin.path) == ("ferry.pdf", "ferry.pdf")


def test_an_indented_line_after_a_full_stop_begins_a_paragraph() -> None:
    lines: list[Line] = [
        (72, 700, "The ferry sank at dawn, the port said, and nobody was hurt."),
        (90, 686, "The tram took all of them to the town, where they had tea,"),
        (72, 672, "and a bun."),
    ]
    assert one(pdf(lines)).text.split("\n\n") == [
        "The ferry sank at dawn, the port said, and nobody was hurt.",
        "The tram took all of them to the town, where they had tea, and a bun.",
    ]


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    columns: list[Line] = [
        (72, 700, "The ferry sank at dawn and"),
        (72, 686, "the port said that all of the"),
        (320, 700, "people on board were safe"),
        (320, 686, "when the tram took them to"),
    ]
    assert one(pdf(columns, [(72, 700, "the town.")])).text == (
        "The ferry sank at dawn and the port said that all of the people on board were safe when the tram took them to"
        " the town."
    )


def test_a_word_broken_at_a_lines_end_is_mended_where_the_document_spells_it_whole() -> None:
    lines: list[Line] = [
        (72, 700, "The old har-"),
        (72, 686, "bour closed. The harbour was a well-"),
        (72, 672, "known one."),
    ]
    assert one(pdf(lines)).text == "The old harbour closed. The harbour was a well-known one."


def test_every_character_stands_on_its_page() -> None:
    found = one(
        pdf(
            [(72, 700, "The ferry sank at dawn in the old har-")],
            [],
            [(72, 700, "bour. The harbour was closed.")],
            [(72, 700, "Nobody was hurt.")],
        )
    )
    assert found.text == "The ferry sank at dawn in the old harbour. The harbour was closed.\n\nNobody was hurt."
    words = ("ferry", "harbour", "closed", "Nobody")
    assert [found.origin.page(found.text.index(word)) for word in words] == [1, 3, 3, 4]
    assert dataclasses.replace(found.origin, pages=()).page(0) is None


def test_the_pages_of_an_article_are_kept_with_it() -> None:
    raw = pdf([(72, 700, "The ferry sank at dawn.")], [(72, 700, "Nobody was hurt.")])
    Path("ferry.pdf").write_bytes(raw)
    with Index.open("news", CountingEncoder()) as news:
        news.add(["ferry.pdf"])
        assert news.article("ferry.pdf").origin == one(raw).origin
        assert news.article("ferry.pdf").origin.pages == (0, 25)


def test_the_heads_and_numbers_of_pages_are_no_part_of_the_text() -> None:
    pages: list[list[Line]] = [
        [(72, 760, f"Harbour Light, page {number}"), (72, 700, words), (300, 40, str(number))]
        for number, words in enumerate(("The ferry sank", "in the bay", "at dawn."), 1)
    ]
    assert one(pdf(*pages)).text == "The ferry sank in the bay at dawn."


def test_the_documents_information_gives_title_author_and_date() -> None:
    found = one(pdf(FERRY, information="/Title(Ferry lost)/Author(Ada Moss)/CreationDate(D:20160303120000Z)"))
    assert (found.title, found.author) == ("Ferry lost", "Ada Moss")
    assert (found.published, found.dated) == (dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC), "metadata")


def test_a_printed_date_goes_before_the_day_on_which_the_pdf_was_made() -> None:
    lines: list[Line] = [FERRY[0], (72, 720, "March 3, 2016"), *FERRY[1:]]
    found = one(pdf(lines, information="/CreationDate(D:20200101)"))
    assert (found.published, found.dated) == (dt.date(2016, 3, 3), "stated")


@pytest.mark.parametrize("title", ["Microsoft Word - ferry_final.docx", "ferry.indd", "Untitled-1"])
def test_a_title_that_is_a_file_name_gives_way_to_the_printed_one(title: str) -> None:
    assert one(pdf(FERRY, information=f"/Title({title})")).title == "Old ferry sinks in quiet bay"


def test_a_date_of_creation_that_is_none_is_left_out() -> None:
    assert one(pdf(FERRY, information="/CreationDate(some day)")).published is None


def test_a_pdf_without_text_is_refused_and_the_remedy_named() -> None:
    assert refusals(pdf([])) == ["ferry.pdf: no text layer; scanned pages need OCR (ocrmypdf adds the layer)"]


def encrypted(password: str) -> bytes:
    writer, held = pypdf.PdfWriter(io.BytesIO(pdf(FERRY))), io.BytesIO()
    writer.encrypt(password, "owner", algorithm="RC4-128")
    writer.write(held)
    return held.getvalue()


def test_a_pdf_with_a_password_is_refused_and_one_that_needs_none_to_be_read_is_not() -> None:
    assert refusals(encrypted("moss")) == ["ferry.pdf: encrypted; save the PDF without its password"]
    assert one(encrypted("")).text.startswith("Old ferry sinks")


@pytest.mark.parametrize("raw", [b"%PDF-1.4\n%%EOF", b"no pdf at all", bytes(range(256)), pdf(FERRY)[:400]])
def test_a_broken_pdf_is_refused(raw: bytes) -> None:
    (refusal,) = refusals(raw)
    assert refusal.startswith("ferry.pdf: not a PDF that can be read (")


def test_an_empty_file_is_refused() -> None:
    assert refusals(b"") == ["ferry.pdf: empty"]


def test_a_pdf_too_long_for_one_article_is_refused_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.pdf.LONGEST", 2**20)
    assert refusals(b"%PDF" * 2**19) == ["ferry.pdf: a PDF of more than 1 MB; expected one article"]


def test_more_text_than_one_article_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.pdf._MOST", 100)
    assert refusals(pdf(FERRY)) == ["ferry.pdf: more text than one article holds"]


def test_without_its_library_a_pdf_is_refused_and_the_extra_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert refusals(pdf(FERRY)) == ["ferry.pdf: reading PDF files needs a library more; run: pip install 'whence[pdf]'"]
