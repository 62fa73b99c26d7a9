"""Rows of an edition are written in one place; who else touches them is listed here with the reason."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "releases"
PARTS = {"Issuer", "Annex", "Illustration"}
WRITTEN = PARTS | {"Edition"}
RELATED = {"issuers", "annexes", "illustrations", "editions"}
WRITER = {
    "services/editing/draft_writer.py": "writes what was typed",
    "services/editions/derivation.py": "gives an import that nobody has touched the issuers that a rule finds now",
    "services/editing/drafts.py": "names issuers anew before an approval, and deletes a draft that is discarded",
}
STATES = {
    "services/publishing/approval.py": "approves, takes back what is scheduled, ends the one before",
    "services/publishing/review.py": "moves between draft, submitted and rejected",
    "services/publishing/new_editions.py": "says which edition a restored draft will succeed",
    "services/publishing/erasure.py": "empties what the law wants erased, parts included",
    "services/editions/rendering.py": "stores another rendering of the same text",
    "services/jekyll/writer.py": "approves what an old site had published, and gives up a draft that nobody saw",
}
SAVES = {
    "save",
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "bulk_update",
    "update",
    "delete",
}
INSERTS = {"insert", "insert_all", "bulk_create"}


def root_of(node):
    """The name with which a chain of attributes and calls begins: Edition of
    `Edition.objects.filter(…).update`."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def steps_of(node):
    """The attributes of such a chain."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
        node = node.func if isinstance(node, ast.Call) else node.value


def annotated(tree):
    """Names that a module says are rows of an edition: arguments and what is made by calling a model or a
    query of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation and set(named_in(node.annotation)) & WRITTEN:
            yield node.arg
        if isinstance(node, ast.Assign | ast.For | ast.comprehension):
            value = node.value if isinstance(node, ast.Assign) else node.iter
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if root_of(value) in WRITTEN or set(steps_of(value)) & RELATED:
                yield from (name for target in targets for name in named_in(target))


def named_in(node):
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]


def rows_in(argument):
    """What is given to an insertion: one row, or those of a list."""
    if isinstance(argument, ast.List | ast.Tuple):
        return argument.elts
    return [argument.elt] if isinstance(argument, ast.ListComp | ast.GeneratorExp) else [argument]


def writes(tree):
    """Lines that create, save, change or delete rows of an edition, by a model, a relation, a name or an
    insertion."""
    rows = set(annotated(tree)) | {"edition"}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        of, verb = node.func.value, node.func.attr
        related = RELATED & set(steps_of(of))
        if verb in SAVES and (
            root_of(of) in WRITTEN or related or (isinstance(of, ast.Name) and of.id in rows)
        ):
            yield node.lineno
        given = {root_of(row) for argument in node.args for row in rows_in(argument)}
        if verb in INSERTS and given & (WRITTEN | rows):
            yield node.lineno


def modules():
    for path in sorted(ROOT.rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def test_no_other_module_writes_an_edition_or_its_parts():
    found = {name for name, tree in modules() if any(writes(tree))}
    assert found == WRITER.keys() | STATES.keys()


def test_only_the_writer_makes_editions_and_their_parts():
    """But for who says of a new edition what is not typed; its rows are the writer's too."""
    made = {
        (name, node.func.id)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITTEN
    }
    assert {name for name, model in made if model in PARTS} <= WRITER.keys()
    assert {name for name, model in made if model == "Edition"} == {
        "services/editing/new_releases.py",
        "services/editing/duplicates.py",
        "services/editing/translations.py",
        "services/jekyll/record_importer.py",
        "services/jekyll/writer.py",
        "services/publishing/new_editions.py",
        "services/samples/newsroom.py",
    }


@pytest.mark.parametrize(
    "line",
    [
        "Edition.objects.create(title='')",
        "Edition.objects.filter(pk=1).update(title='')",
        "Issuer.objects.bulk_create([])",
        "def f(one: Annex): one.save()",
        "for picture in edition.illustrations.all(): picture.save()",
        "edition.annexes.all().delete()",
        "fast_insert.insert(Edition(title=''))",
        "fast_insert.insert_all([Annex(title=title) for title in titles])",
        "edition.save()",
        "release.editions.update(title='')",
    ],
)
def test_each_way_to_write_is_seen(line):
    assert any(writes(ast.parse(line)))


def test_nothing_is_hung_on_a_form_or_a_request():
    """State goes by return values; what a form holds again when it is shown (`data`) is Django's own."""
    allowed = {"data", "POST"}
    hung = [
        (name, target.value.id, target.attr)
        for name, tree in modules()
        if name.startswith(("admin/agreements/", "admin/base/", "admin/editions/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
        if target.value.id in ("form", "formset", "request") and target.attr not in allowed
    ]
    assert hung == []
