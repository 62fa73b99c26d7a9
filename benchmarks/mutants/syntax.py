"""Targets in a syntax tree: where each stands, and modules with the mutants or with probes put in."""

import ast
import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent
PROBE = "mutants_probe"
SWITCH = f"{PROBE}_is_on"
HIT = f"{PROBE}_hit"


@dataclasses.dataclass(frozen=True)
class Target:
    """One mutant, as `targets.json` has it."""

    id: str
    group: str
    function: str
    expression: str
    replacement: str
    nth: int | None = None
    tests: tuple[str, ...] = ()
    installs: str = ""
    at_start: bool = False
    databases: tuple[str, ...] = ("sqlite",)


@dataclasses.dataclass(frozen=True)
class Site:
    """Where a target stands in a tree: `statement` is the line of the statement that it is part of."""

    path: str
    node: ast.expr
    statement: int


@dataclasses.dataclass(frozen=True)
class Names:
    """What the new tree calls things."""

    functions: dict[str, str]
    words: dict[str, str]

    def function(self, name: str) -> str:
        fitting = [old for old in self.functions if name == old or name.startswith(f"{old}.")]
        old = max(fitting, key=len, default="")
        return self.functions[old] + name.removeprefix(old) if old else name

    def expression(self, text: str) -> str:
        tree = ast.parse(text, mode="eval")
        for node in ast.walk(tree):
            for field in ("id", "attr", "arg"):
                if (word := getattr(node, field, None)) in self.words:
                    setattr(node, field, self.words[word])
        return ast.unparse(tree)


FIELDS = {field.name for field in dataclasses.fields(Target)}


class NotFound(Exception):
    """A target that the tree does not have, or has more than once."""


class Tree:
    """The modules of a tree by their dotted names, and the functions in them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.modules: dict[str, tuple[str, ast.Module]] = {}
        for path in sorted((root / "releases").rglob("*.py")):
            name = path.relative_to(root).as_posix()
            dotted = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            self.modules[dotted] = name, ast.parse(path.read_text())

    def find(self, target: Target) -> Site:
        """Where `target` stands. Raises NotFound."""
        path, scope = self.scope(target.function)
        wanted = ast.dump(_parsed(target.expression))
        same = [node for node in ast.walk(scope) if isinstance(node, ast.expr) and ast.dump(node) == wanted]
        if not same or (target.nth is None and len(same) > 1) or (target.nth or 0) >= len(same):
            raise NotFound(f"{path} has {len(same)} of {target.expression!r} in {target.function}")
        node = sorted(same, key=lambda one: (one.lineno, one.col_offset))[target.nth or 0]
        inside = [one for one in ast.walk(scope) if isinstance(one, ast.stmt) and _holds(one, node)]
        return Site(path, node, max((one.lineno for one in inside), default=node.lineno))

    def scope(self, function: str) -> tuple[str, ast.AST]:
        """(path, node) of a function or module.

        One that has moved is found by its own name, if no other has it.
        """
        module, _, own = function, "", ""
        while module and module not in self.modules:
            module, _, last = module.rpartition(".")
            own = f"{last}.{own}".rstrip(".")
        if module:
            path, tree = self.modules[module]
            found = [(path, node) for node in _functions(tree, own)] if own else [(path, tree)]
            if len(found) == 1:
                return found[0]
        own = _own_name(function)
        moved = [(path, node) for path, tree in self.modules.values() for node in _functions(tree, own)]
        if len(moved) != 1:
            raise NotFound(f"{len(moved)} functions are called {own} ({function})")
        return moved[0]


def _holds(statement: ast.stmt, node: ast.expr) -> bool:
    return any(one is node for one in ast.walk(statement))


def _functions(tree: ast.AST, own: str) -> Iterator[ast.AST]:
    """The functions or classes of a module that are called `own`, "Class.method" for a method."""
    first, _, rest = own.partition(".")
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == first:
            yield from _functions(node, rest) if rest else [node]


def _own_name(function: str) -> str:
    """`Class.method` or `function`, without the modules: these alone begin in lower case before another
    name."""
    parts = function.split(".")
    classes = [number for number, part in enumerate(parts) if part.lstrip("_")[:1].isupper()]
    return ".".join(parts[classes[0] if classes else -1 :])


def read_targets(suite: str, left_out: bool = False) -> list[Target]:
    """The mutants as the tree of this suite ("old" or "new") calls them; on demand with those that are left
    out."""
    names = Names(**json.loads((DATA / "names.json").read_text()))
    groups: dict[str, list[dict[str, Any]]] = json.loads((DATA / "targets.json").read_text())
    facts = [
        (group, {key: value for key, value in function.items() if key != "mutants"} | mutant)
        for group, functions in groups.items()
        for function in functions
        for mutant in function["mutants"]
    ]
    return [
        _target(group, one, suite, names)
        for group, one in facts
        if one.get("only", suite) == suite and (left_out or "left_out" not in one)
    ]


def _target(group: str, facts: dict[str, Any], suite: str, names: Names) -> Target:
    told: dict[str, Any] = {"group": group, "replacement": ""}
    told |= {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in facts.items()
        if key in FIELDS
    }
    target = Target(**told)
    if suite == "old" or facts.get("only") == "new":
        return target
    renamed = dataclasses.replace(
        target,
        function=names.function(target.function),
        expression=names.expression(target.expression),
        replacement=names.expression(target.replacement) if target.replacement else "",
        installs=names.function(target.installs),
    )
    return dataclasses.replace(renamed, **facts.get("new", {}))


def with_mutants(module: ast.Module, mutants: list[tuple[Target, Site]]) -> str:
    """The module with each mutant in it, asleep: `(replacement if is_on(id) else expression)`.

    Changes `module`.
    """
    places: dict[int, list[Target]] = defaultdict(list)
    for target, site in mutants:
        places[id(site.node)].append(target)
    return _with_import(Switches(places).visit(module), "is_on")


class Switches(ast.NodeTransformer):
    def __init__(self, places: dict[int, list[Target]]) -> None:
        self.places = places

    def visit(self, node: ast.AST) -> Any:
        answer = super().visit(node)
        for target in self.places.get(id(node), []):
            test, replacement = _parsed(f"{SWITCH}({target.id!r})"), _parsed(target.replacement)
            answer = ast.IfExp(test, replacement, answer)
        return answer


def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _with_import(tree: ast.Module, name: str) -> str:
    """As text, with a function of the probe imported first."""
    first = [isinstance(one, ast.Expr) or getattr(one, "module", "") == "__future__" for one in tree.body]
    line = f"from {PROBE} import {name} as {PROBE}_{name}"
    tree.body.insert((*first, False).index(False), ast.parse(line).body[0])
    return ast.unparse(ast.fix_missing_locations(tree))


def with_probes(source: str, name: str, statements: list[tuple[str, int]]) -> str:
    """The module with `hit(n)` before each statement of its functions; adds each to `statements`."""
    tree = ast.parse(source)
    bodies = [
        body
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for inner in ast.walk(function)
        for body in (getattr(inner, part, None) for part in ("body", "orelse", "finalbody"))
        if isinstance(body, list) and body
    ]
    for body in {id(one): one for one in bodies}.values():
        docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        for place in range(len(body) - 1, docstring - 1, -1):
            body.insert(place, ast.parse(f"{HIT}({len(statements)})").body[0])
            statements.append((name, body[place + 1].lineno))
    return _with_import(tree, "hit") if bodies else source
