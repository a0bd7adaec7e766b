"""The program's own source, for the tests of how the house is built."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import meiping

ROOT = Path(meiping.__file__).parent


@dataclass(frozen=True)
class Source:
    """One module: its path from ``meiping`` on, its dotted name and its tree."""

    path: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """``meiping.domains.sales.service``; of a package its own name."""
        return ".".join(("meiping", *Path(self.path).with_suffix("").parts)).removesuffix(".__init__")

    @property
    def room(self) -> str | None:
        """The business room it belongs to on the domains' floor."""
        parts = Path(self.path).parts
        return parts[1] if parts[0] == "domains" and len(parts) > 2 else None

    @property
    def part(self) -> str:
        """Which part of its room it is: ``rules``, ``models``, ``queries``, ``service`` or another name."""
        return Path(self.path).parts[2].removesuffix(".py") if self.room else ""

    def calls(self) -> list[ast.Call]:
        """Every call in it."""
        return [node for node in every_node(self) if isinstance(node, ast.Call)]

    def public(self) -> Iterator[ast.FunctionDef | ast.ClassDef]:
        """Its functions and classes that others may use."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield node


@cache
def sources() -> tuple[Source, ...]:
    """Every module of the program but the one that runs it."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(ROOT.rglob("*.py"))
        if path.name != "__main__.py"
    )


@cache
def every_node(source: Source) -> tuple[ast.AST, ...]:
    """Every node of a module's tree."""
    return tuple(ast.walk(source.tree))
