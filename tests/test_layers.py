"""Data flows one way, and each foreign library is met in one file: asserted by every module's imports."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "assistant", "prompts")

HOMES = {
    "anyio": ["assistant/service/", "assistant/api.py"],
    "chromadb": ["index/vectors.py"],
    "click": ["assistant/cli.py", "assistant/commands/"],
    "fastapi": ["assistant/api.py", "assistant/service/", "assistant/commands/serving.py", "ui.py"],
    "filelock": ["index/locks.py"],
    "ftfy": ["index/folding.py"],
    "gradio": ["ui.py", "assistant/page/"],
    "httpx": ["assistant/llama.py", "index/readers/fetch.py", "index/readers/public.py"],
    "llama_index": ["assistant/llama.py", "assistant/pipeline.py"],
    "lxml": ["index/readers/"],
    "onnx": ["index/graphs.py", "index/building.py"],
    "onnxruntime": ["index/encoders.py", "index/building.py"],
    "openvino": ["index/bulk.py"],
    "pydantic": ["assistant/"],
    "rich": ["assistant/commands/", "assistant/cli.py"],
    "safetensors": ["index/building.py", "index/encoders.py", "assistant/reader.py"],
    "sentence_transformers": ["index/encoders.py", "assistant/entailment.py"],
    "sqlite3": ["index/database.py", "assistant/ledger.py"],
    "starlette": ["assistant/service/", "assistant/api.py"],
    "tantivy": ["index/words.py"],
    "tokenizers": ["index/encoders.py"],
    "torch": ["index/encoders.py"],
    "uvicorn": ["assistant/service/port.py", "assistant/api.py"],
    "yaml": ["assistant/evaluation/"],
}
"""Where libraries may be met; any other in one file, whichever it is."""

EVERYWHERE = {"numpy"}


def modules() -> dict[str, Path]:
    """Every module of the program by its dotted name."""
    files = [ROOT / "ui.py", *(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))]
    dotted = (".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files)
    return {name.removesuffix(".__init__"): file for name, file in zip(dotted, files, strict=True)}


MODULES = modules()

DOORS = {
    "assistant.cli": 0,
    **{name: 1 for name in MODULES if name.startswith("assistant.commands")},
    "ui": 2,
    "assistant.api": 3,
}
"""A door imports only doors below it; commands stand beside one another."""


def imports(module: str) -> Iterator[str]:
    """What a module imports anywhere in it, dotted; from a package, the module that is meant."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively; modules are named in full"
            of = node.module or ""
            yield from (f"{of}.{alias.name}" if f"{of}.{alias.name}" in MODULES else of for alias in node.names)


IMPORTS = {module: set(imports(module)) for module in MODULES}


def package(module: str) -> str:
    return module.partition(".")[0]


def own(module: str) -> set[str]:
    """The modules of the program that it imports."""
    return {name for name in IMPORTS[module] if package(name) in (*PACKAGES, "ui")}


def test_the_program_was_found() -> None:
    assert {"index.index", "index.readers", "assistant.ask", "prompts", "ui"} <= set(MODULES)


@pytest.mark.parametrize("module", [module for module in MODULES if package(module) == "index"])
def test_the_index_knows_nothing_of_questions_prompts_and_doors(module: str) -> None:
    assert {package(name) for name in own(module)} <= {"index"}


@pytest.mark.parametrize("module", [module for module in MODULES if package(module) == "prompts"])
def test_prompts_know_only_how_to_say_what_went_wrong(module: str) -> None:
    assert own(module) <= {"index.errors"}


@pytest.mark.parametrize("module", sorted(set(MODULES) - set(DOORS)))
def test_nothing_but_a_door_imports_a_door(module: str) -> None:
    assert own(module).isdisjoint(DOORS)


@pytest.mark.parametrize("door", sorted(set(DOORS) & set(MODULES)))
def test_doors_import_one_another_in_order(door: str) -> None:
    beside = {name for name in DOORS if DOORS[name] == DOORS[door]}
    assert all(DOORS[other] > DOORS[door] for other in own(door) & set(DOORS) - beside)


def test_no_module_of_the_index_imports_itself_in_a_circle() -> None:
    def reached(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join([*path, module])
        if module not in clear:
            for name in own(module) & set(MODULES) - {package(module)}:  # packages import lazily
                reached(name, (*path, module))
            clear.add(module)

    clear: set[str] = set()
    for module in MODULES:
        reached(module, ())


def homes() -> dict[str, set[str]]:
    """The files that import each library which is neither ours nor Python's; of Python's, SQLite."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, names in IMPORTS.items():
        for library in {package(name) for name in names} - {*PACKAGES, "ui"} - EVERYWHERE:
            if library == "sqlite3" or library not in sys.stdlib_module_names:
                found[library].add(MODULES[module].relative_to(ROOT).as_posix())
    return found


FILES = homes()


@pytest.mark.parametrize("library", sorted(FILES))
def test_a_foreign_library_is_met_in_one_file(library: str) -> None:
    allowed = HOMES.get(library) or list(FILES[library])[:1]
    assert {file for file in FILES[library] if not file.startswith(tuple(allowed))} == set()


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_that_has_its_place_is_there(library: str) -> None:
    assert any(file.startswith(HOMES[library][0]) for file in FILES.get(library, ()))
