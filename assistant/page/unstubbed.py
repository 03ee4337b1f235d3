"""Imported before Gradio, has it write no type stubs of its components, as it does for its developers whenever it is
imported: a third of the 3.3 s of processor time that this takes (6.31), and so of what the page needs to be there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Final

MODULE: Final = "gradio.component_meta"


class Unstubbed(PathFinder):
    """Finds that one module, and leaves every other to the next finder."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = super().find_spec(fullname, path, target) if fullname == MODULE else None
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        vars(module).update(create_or_modify_pyi=_nothing)


def _nothing(*_: object) -> None: ...


sys.meta_path.insert(0, Unstubbed)
