"""Archives in, the articles of their members out."""

import bz2
import gzip
import io
import json
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from index import readers
from index.records import Article, Refusal

STORY = "The lighthouse will be lit again in June, the harbour master said."
LINES = b'{"id": "a", "text": "One"}\n{"id": "b", "text": ""}\n{"id": "c", "text": "Three"}\n'


def read(path: str) -> list[Article | Refusal]:
    return list(readers.read([path]))


def articles(path: str) -> list[Article]:
    return [found for found in read(path) if isinstance(found, Article)]


def refusals(path: str) -> list[str]:
    return [str(found) for found in read(path) if isinstance(found, Refusal)]


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def tarred(members: Mapping[str, object]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            raw = content if isinstance(content, bytes) else str(content).encode()
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return held.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """A link, a device or a pipe."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# What is read


@pytest.mark.parametrize(
    ("path", "pack"),
    [
        ("news.zip", zipped),
        ("news.ZIP", zipped),
        ("news.tar", tarred),
        ("news.tar.gz", lambda members: gzip.compress(tarred(members))),
        ("news.tgz", lambda members: gzip.compress(tarred(members))),
        ("news.tar.bz2", lambda members: bz2.compress(tarred(members))),
        ("news.tar.xz", lambda members: lzma.compress(tarred(members))),
    ],
)
def test_members_are_read_by_the_readers_of_their_suffixes(path: str, pack: object) -> None:
    assert callable(pack)
    members = {
        "light.txt": STORY,
        "north/lines.jsonl": LINES,
        "table.csv": "id,text\nd,Four\n",
        "x.json": '{"text": "Five"}',
    }
    Path(path).write_bytes(pack(members))
    assert [
        (found.id, found.text, found.origin.path, found.origin.member, found.origin.line) for found in articles(path)
    ] == [
        (f"{path}/light.txt", STORY, path, "light.txt", None),
        ("a", "One", path, "north/lines.jsonl", 1),
        ("c", "Three", path, "north/lines.jsonl", 3),
        ("d", "Four", path, "table.csv", 2),
        (f"{path}/x.json", "Five", path, "x.json", None),
    ]
    assert refusals(path) == [f"{path}/north/lines.jsonl:2: 'text' is empty; expected the article's text"]


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_a_packed_file_is_read_as_what_it_holds_under_its_own_path(suffix: str, pack: object) -> None:
    assert callable(pack)
    Path(f"light.txt{suffix}").write_bytes(pack(STORY.encode()))
    Path(f"lines.jsonl{suffix}").write_bytes(pack(LINES))
    (found,) = articles(f"light.txt{suffix}")
    assert (found.id, found.text, found.origin.member) == (f"light.txt{suffix}", STORY, None)
    assert [(entry.id, entry.origin.line) for entry in articles(f"lines.jsonl{suffix}")] == [("a", 1), ("c", 3)]


def test_archives_inside_archives_are_read_and_named_by_their_whole_path() -> None:
    inner = zipped({"a.txt": STORY, "list.json": '[{"id": "l", "text": "One"}]'})
    Path("news.tar.gz").write_bytes(gzip.compress(tarred({"old/in.zip": inner, "b.txt.gz": gzip.compress(b"Two")})))
    assert [(found.id, found.origin.path, found.origin.member) for found in articles("news.tar.gz")] == [
        ("news.tar.gz/old/in.zip/a.txt", "news.tar.gz", "old/in.zip/a.txt"),
        ("l", "news.tar.gz", "old/in.zip/list.json/[0]"),
        ("news.tar.gz/b.txt.gz", "news.tar.gz", "b.txt.gz"),
    ]


def test_parquet_inside_an_archive_is_read() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    held = io.BytesIO()
    parquet.write_table(pyarrow.table({"id": ["a"], "text": ["One"]}), held)
    Path("news.zip").write_bytes(zipped({"news.parquet": held.getvalue()}))
    assert [(found.id, found.origin.member) for found in articles("news.zip")] == [("a", "news.parquet")]


def test_hidden_members_and_those_of_a_mac_are_passed_over() -> None:
    names = [".x.txt", "a/.git/b.txt", "__MACOSX/._a.txt", "./a.txt", "b\\c.txt", "d/"]
    Path("news.zip").write_bytes(zipped(dict.fromkeys(names, "One")))
    assert [found.origin.member for found in articles("news.zip")] == ["a.txt", "b/c.txt"]
    assert refusals("news.zip") == []


def test_members_are_given_while_the_archive_is_still_read() -> None:
    packed = gzip.compress(tarred({f"{number}.txt": f"{number} {STORY}" for number in range(3000)}))
    Path("news.tgz").write_bytes(packed[: len(packed) // 2])
    found = readers.read(["news.tgz"])
    assert [entry.id for entry in (next(found) for _ in range(50)) if isinstance(entry, Article)][
        -1
    ] == "news.tgz/49.txt"


# What is refused


@pytest.mark.parametrize("name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt"])
def test_a_name_that_leads_out_of_the_archive_is_refused_and_the_rest_goes_on(name: str) -> None:
    plain = name.replace("\\", "/").lstrip("/")
    for path, pack in (("news.zip", zipped), ("news.tar", tarred)):
        Path(path).write_bytes(pack({name: "One", "b.txt": "Two"}))
        assert [found.origin.member for found in articles(path)] == ["b.txt"]
        assert refusals(path) == [f"{path}/{plain}: its name leads out of the archive"]


def test_links_and_devices_are_refused() -> None:
    Path("news.tar").write_bytes(
        tarred(
            {
                "a": special("a.txt", tarfile.SYMTYPE, "/etc/passwd"),
                "b": special("b.txt", tarfile.LNKTYPE, "c.txt"),
                "d": special("d.txt", tarfile.CHRTYPE),
                "e": special("e.txt", tarfile.FIFOTYPE),
                "c.txt": "Three",
            }
        )
    )
    assert refusals("news.tar") == [f"news.tar/{name}.txt: a link or a device, not a file" for name in "abde"]
    assert [found.origin.member for found in articles("news.tar")] == ["c.txt"]


def test_a_link_in_a_zip_archive_is_refused() -> None:
    info = zipfile.ZipInfo("a.txt")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile("news.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert refusals("news.zip") == ["news.zip/a.txt: a link or a device, not a file"]


def test_an_encrypted_member_is_refused_and_the_rest_goes_on() -> None:
    raw = bytearray(zipped({"a.txt": "One", "b.txt": "Two"}))
    raw[raw.index(b"PK\x03\x04") + 6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    Path("news.zip").write_bytes(raw)
    assert refusals("news.zip") == ["news.zip/a.txt: encrypted; save it without a password"]
    assert [found.origin.member for found in articles("news.zip")] == ["b.txt"]


def test_members_that_no_reader_takes_are_named_up_to_a_hundred_and_then_counted() -> None:
    Path("news.zip").write_bytes(
        zipped({**{f"{number}.jpg": b"x" for number in range(250)}, "a.txt": STORY, "Makefile": ""})
    )
    found = refusals("news.zip")
    assert found[0] == "news.zip/0.jpg: no reader for '.jpg' files"
    assert len(found) == 101
    assert found[-1] == (
        "news.zip: 151 more members are left out; with the 100 named: "
        "no reader for '.jpg' files (250), no suffix, so no reader (1)"
    )
    assert [entry.origin.member for entry in articles("news.zip")] == ["a.txt"]


def test_an_archive_of_a_hundred_thousand_members_is_read_and_those_left_out_are_counted() -> None:
    with zipfile.ZipFile("news.zip", "w") as archive:
        for number in range(99_999):
            archive.writestr(str(number), b"")
        archive.writestr("a.txt", STORY)
    found = read("news.zip")
    assert len(found) == 102
    assert [entry.text for entry in found if isinstance(entry, Article)] == [STORY]
    assert str(found[-1]).startswith("news.zip: 99899 more members are left out")


def test_a_refusal_names_the_archive_the_member_and_the_line() -> None:
    Path("news.zip").write_bytes(zipped({"in/b.jsonl": LINES}))
    assert refusals("news.zip") == ["news.zip/in/b.jsonl:2: 'text' is empty; expected the article's text"]


def test_a_member_without_a_name_is_refused() -> None:
    Path("news.zip").write_bytes(zipped({"Q": "One", "a.txt": "Two"}).replace(b"Q", b"\x00"))
    assert refusals("news.zip") == ["news.zip/: its name leads out of the archive"]
    assert [found.origin.member for found in articles("news.zip")] == ["a.txt"]


@pytest.mark.parametrize("path", ["news.zip", "news.tar"])
def test_an_archive_without_files_is_refused(path: str) -> None:
    Path(path).write_bytes(zipped({"empty/": ""}) if path == "news.zip" else tarred({}))
    assert refusals(path) == [f"{path}: the archive holds no files"]


@pytest.mark.parametrize("path", ["news.zip", "news.tar", "news.tgz", "light.txt.gz", "light.txt.bz2", "light.txt.xz"])
@pytest.mark.parametrize("raw", [b"", b"The light is lit.", b"\x00" * 100, b"PK\x03\x04", b"\x1f\x8b\x08\x00"])
def test_what_is_no_archive_is_refused(path: str, raw: bytes) -> None:
    Path(path).write_bytes(raw)
    assert [type(found) for found in read(path)] == [Refusal]
    assert [refusal.startswith(f"{path}: ") for refusal in refusals(path)] == [True]


def test_a_member_whose_bytes_are_damaged_is_refused_and_the_rest_goes_on() -> None:
    raw = bytearray(zipped({"a.txt": STORY, "b.txt": "Two"}))
    at = raw.index(b"a.txt") + 20
    raw[at] ^= 0xFF
    Path("news.zip").write_bytes(raw)
    assert [refusal.startswith("news.zip/a.txt: damaged") for refusal in refusals("news.zip")] == [True]
    assert [found.origin.member for found in articles("news.zip")] == ["b.txt"]


def test_a_cut_archive_gives_what_stands_before_the_cut_and_says_so() -> None:
    packed = gzip.compress(tarred({"a.txt": "One", "b.txt": json.dumps(list(range(9999)))}))
    Path("news.tgz").write_bytes(packed[: len(packed) // 2])
    assert [found.origin.member for found in articles("news.tgz")] == ["a.txt"]
    assert [refusal.partition(": ")[0] for refusal in refusals("news.tgz")] == ["news.tgz/b.txt", "news.tgz"]


def test_a_broken_header_in_the_middle_is_not_taken_for_the_end() -> None:
    raw = bytearray(tarred({"a.txt": "One", "b.txt": "Two", "c.txt": "Three"}))
    raw[1024 + 150] ^= 0xFF
    Path("news.tar").write_bytes(raw)
    assert [found.origin.member for found in articles("news.tar")] == ["a.txt"]
    assert refusals("news.tar") == [
        "news.tar: damaged, or not what its name says: a broken header; what follows was not read"
    ]


def test_a_damaged_member_that_is_packed_itself_does_not_stop_the_archive() -> None:
    Path("news.tar").write_bytes(
        tarred({"a.txt.gz": gzip.compress(STORY.encode())[:-12], "b.zip": b"no", "c.txt": "Three"})
    )
    assert [refusal.partition(": ")[0] for refusal in refusals("news.tar")] == ["news.tar/a.txt.gz", "news.tar/b.zip"]
    assert [found.origin.member for found in articles("news.tar")] == ["c.txt"]


def test_a_bomb_is_refused_by_the_member_that_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.archives._FREE", 2**20)
    bomb = gzip.compress(b'{"text": "One"}\n' + b" " * 2**23)
    members: dict[str, bytes | str] = {"a.txt": STORY, "b.jsonl": b" " * 2**23, "c.txt": "Three"}
    for path, raw, member in (
        ("news.zip", zipped(members), "news.zip/b.jsonl"),
        ("news.tgz", gzip.compress(tarred(members)), "news.tgz/b.jsonl"),
        ("news.jsonl.gz", bomb, "news.jsonl.gz"),
        ("in.zip", zipped({"b.zip": zipped({"b.jsonl": b" " * 2**23})}), "in.zip/b.zip/b.jsonl"),
    ):
        Path(path).write_bytes(raw)
        (refusal,) = refusals(path)
        assert refusal.startswith(f"{member}: unpacks to more than 200 times the archive's size"), path
        assert "c.txt" not in {found.origin.member for found in articles(path)}


def test_an_archive_that_unpacks_to_too_much_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.archives._TOTAL", 100)
    Path("news.zip").write_bytes(zipped({"a.txt": STORY, "b.txt": STORY}))
    assert [found.origin.member for found in articles("news.zip")] == ["a.txt"]
    assert [refusal.startswith("news.zip/b.txt: unpacks to more than") for refusal in refusals("news.zip")] == [True]


def test_a_tar_header_that_asks_for_more_than_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.archives._HELD", 2**20)
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2**21
    Path("news.tar.gz").write_bytes(gzip.compress(info.tobuf() + b"x" * 2**21))
    assert [refusal.startswith("news.tar.gz: damaged") for refusal in refusals("news.tar.gz")] == [True]


def test_an_archive_inside_another_that_is_too_large_to_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.archives._HELD", 2**20)
    with zipfile.ZipFile("news.zip", "w") as archive:
        archive.writestr("in.zip", b"x" * 2**21)
        archive.writestr("a.txt", STORY)
    assert [refusal.partition(": ")[0] for refusal in refusals("news.zip")] == ["news.zip/in.zip"]
    assert [found.origin.member for found in articles("news.zip")] == ["a.txt"]


def test_archives_nested_too_deep_are_refused() -> None:
    raw = zipped({"a.txt": STORY})
    for _ in range(6):
        raw = zipped({"in.zip": raw, "b.txt": "Two"})
    Path("news.zip").write_bytes(raw)
    assert len(articles("news.zip")) == 5
    assert [refusal.endswith("more than 5 archives inside one another") for refusal in refusals("news.zip")] == [
        True,
        True,
    ]


def test_reading_an_archive_writes_nothing() -> None:
    Path("news.zip").write_bytes(zipped({"a.txt": STORY, "in.tgz": gzip.compress(tarred({"b.txt": "Two"}))}))
    assert len(articles("news.zip")) == 2
    assert [path.name for path in Path().iterdir()] == ["news.zip"]
