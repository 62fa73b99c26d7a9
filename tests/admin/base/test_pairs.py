"""Two people at once at every kind of object: no word, row, file or choice of either is lost without being
shown."""

import datetime as dt
import hashlib
import html
import itertools
import os
import random
import re
from dataclasses import dataclass, field

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from releases.admin.base.kept_files import read_signed_files
from releases.models import (
    Address,
    AgencyName,
    Agreement,
    AgreementEvent,
    AgreementText,
    Mention,
    Party,
    PartyAction,
    Redirect,
    Relation,
    Signatory,
    Suggestion,
    Upload,
)
from tests.admin.browsing import sent
from tests.factories import (
    NOON,
    counter,
    make_agency,
    make_blob,
    make_edition,
    make_file_address,
    make_member,
    make_section,
)

pytestmark = pytest.mark.django_db
PAIRS = int(os.environ.get("PAIRS", "30"))
BODY = "1. The first paragraph.\n\n2. The second paragraph.\n\n3. The third paragraph.\n"


@dataclass
class Kind:
    """How to make one, and what somebody may do in its form: type in `texts`, choose among `choices`, add or
    take out rows.

    `adds`: {prefix of the rows: values of a new one, in which `{word}` stands for the word typed}.
    """

    make: object
    texts: tuple = ()
    choices: dict = field(default_factory=dict)
    adds: dict = field(default_factory=dict)
    files: tuple = ()


def a_number():
    return next(counter)


def an_edition(**more):
    files = [
        (f"/files/{a_number()}.pdf", f"%PDF-1.4 {name}".encode(), f"Annex {name}", "A title") for name in "AB"
    ]
    return make_edition(
        title="A title", summary="A line", body=BODY, contacts="A line", annexes=files, **more
    )


def an_edition_of_three():
    others = [make_agency(name, f"Agency {name}", name.upper()) for name in ("imda", "csa")]
    return an_edition(issuers=[make_agency(), *others])


def an_edition_with_pictures():
    paths = [f"/files/{a_number()}/picture.png" for _ in "ab"]
    for path in paths:
        Upload.objects.create(address=make_file_address(path), blob=make_blob(path.encode(), "image/png"))
    images = [(path, path.encode()) for path in paths]
    return make_edition(body="\n\n".join(f"![A picture]({path})" for path in paths), images=images)


def an_agency():
    number = a_number()
    agency = make_agency(
        f"agency-{number}", f"Agency {number}", "AA", hosts=["a.example"], aliases=["An agency"]
    )
    AgencyName.objects.create(agency=agency, name="A name", acronym="AN", valid_from=dt.date(2020, 1, 1))
    return agency


def an_agreement():
    agreement = Agreement.objects.create(
        slug=f"agreement-{a_number()}", title="A title", summary="A line", contact="A line", acronyms=["AAA"]
    )
    other = Agreement.objects.create(slug=f"other-{a_number()}", title="Another")
    parties = [
        Party.objects.create(agreement=agreement, kind="organisation", name=f"Union {name}") for name in "AB"
    ]
    Signatory.objects.create(agreement=agreement, party=parties[0], person="A person", office="An office")
    AgreementEvent.objects.create(
        agreement=agreement, kind="signed", date=dt.date(2024, 1, 1), place="A place", note="A line"
    )
    AgreementText.objects.create(agreement=agreement, blob=make_blob(b"%PDF-1.4 text"), language="en")
    Relation.objects.create(agreement=agreement, kind="related", other=other)
    Mention.objects.create(agreement=agreement, release=make_edition().release)
    return agreement


def a_party():
    party = an_agreement().parties.first()
    PartyAction.objects.create(
        party=party, kind="signature", action_on=dt.date(2024, 1, 1), statement="A line"
    )
    return party


def a_redirect():
    address = Address.objects.create(path=f"/old-{a_number()}/", kind=Address.Kind.REDIRECT)
    return Redirect.objects.create(address=address, target="https://example.org/", valid_from=NOON)


def a_suggestion():
    name = f"A name {a_number()}"
    return Suggestion.objects.create(release=make_edition().release, rule="new", title=name, key=name)


def agencies():
    return [str(make_agency(f"a-{a_number()}", f"Agency {a_number()}", f"A{a_number()}").pk) for _ in "ab"]


def agreements():
    return [[str(Agreement.objects.create(slug=f"a-{a_number()}", title=f"T {a_number()}").pk)] for _ in "ab"]


def sections():
    return [str(make_section(f"/section-{a_number()}/", "A section").pk) for _ in "ab"]


FIRST = {"agency": agencies, "agreement": agreements, "section": sections}
KINDS = {
    "edition": Kind(
        an_edition,
        ("title", "summary", "body", "contacts", "permalink"),
        {
            "language": ["ms", "ta"],
            "release_date": ["2024-05-01", "2024-05-02"],
            "wanted_from": ["2040-01-01T09:00", "2040-01-02T09:00"],
            "form": ["file", "link"],
            "kind": ["speech", "notice"],
            "section": "section",
        },
    ),
    "annexes": Kind(
        an_edition,
        ("annexes-0-title", "annexes-0-label", "annexes-1-title", "annexes-1-language", "body"),
        {"annexes-0-position": ["3", "3"]},
        {"annexes": {}},
        ("annexes-0-file", "new_annexes"),
    ),
    "issuers": Kind(
        an_edition_of_three, ("title",), {"issuers-1-agency": "agency"}, {"issuers": {"agency": "agency"}}
    ),
    "pictures": Kind(an_edition_with_pictures, ("body",), adds={"illustrations": {}}),
    "agreements of an edition": Kind(an_edition, ("summary",), {"agreements": "agreement"}),
    "agency": Kind(
        an_agency,
        ("acronym", "names-0-name", "names-1-name", "names-1-acronym", "aliases", "hosts"),
        {"parent": "agency", "successor": "agency", "kind": ["court", "company"]},
        {"names": {"name": "{word}", "valid_from": "19{number:02}-01-01"}},
    ),
    "section": Kind(
        lambda: make_section(f"/section-{a_number()}/", "A title"),
        ("title", "path", "folder"),
        {"parent": "section", "kind": ["speech", "notice"]},
    ),
    "redirect": Kind(
        a_redirect, ("target", "path"), {"valid_from": ["2030-01-01T00:00", "2031-01-01T00:00"]}
    ),
    "agreement": Kind(
        an_agreement,
        (
            "title",
            "short_title",
            "acronyms",
            "former_titles",
            "subjects",
            "summary",
            "contact",
            "depositary",
            "registration",
            "duration",
        ),
        {
            "binding": ["binding", "non-binding"],
            "expires_on": ["2040-01-01", "2041-01-01"],
            "lead_agency": "agency",
        },
    ),
    "parts of an agreement": Kind(
        an_agreement,
        (
            "parties-0-name",
            "parties-1-name",
            "signatories-0-person",
            "signatories-0-office",
            "events-0-place",
            "events-0-note",
            "texts-0-language",
            "summary",
        ),
        {"events-0-date": ["2024-02-02", "2024-03-03"], "relations-0-kind": ["amends", "implements"]},
        {
            "parties": {"kind": "organisation", "name": "{word}", "position": "9"},
            "signatories": {"person": "{word}"},
            "events": {"kind": "amended", "date": "20{number:02}-06-01", "note": "{word}"},
            "texts": {},
            "relations": {},
            "mentions": {},
        },
    ),
    "party": Kind(
        a_party,
        ("name", "actions-0-statement"),
        {"actions-0-kind": ["approval", "acceptance"]},
        {"actions": {"kind": "notification", "action_on": "2024-06-01", "statement": "{word}"}},
    ),
    "release": Kind(lambda: an_edition().release, (), {"section": "section", "form": ["file", "link"]}),
    "account": Kind(
        lambda: make_member(make_agency()),
        ("username", "first_name", "last_name"),
        {"email": ["a@example.org", "b@example.org"]},
    ),
    "suggestion": Kind(a_suggestion, (), {"agreement": "agreement"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_of_saves_lose_nothing(client, kind):
    """PAIRS of them over all kinds; the first save goes through, the second combines both or shows what it
    can't."""
    client.force_login(make_member(make_agency(), is_superuser=True))
    chooser = random.Random(kind)  # noqa: S311
    for number in range(-(-PAIRS // len(KINDS))):
        check_pair(client, KINDS[kind], chooser, number)


def check_pair(client, kind, chooser, number):
    row = kind.make()
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    opened = client.get(url)
    first, second = (deed(kind, opened, chooser, 2 * number + person) for person in (0, 1))
    done = client.post(url, sent(opened, **first.values))
    assert done.status_code == 302, (first, evidence(done))
    between = evidence(client.get(url))
    assert first.is_in(between), first
    answer = client.post(url, sent(opened, **second.values))
    told = evidence(answer) if answer.status_code == 200 else ""
    after = evidence(client.get(url))
    if told:
        assert after == between, ("A refused save changed something.", first, second)
        assert second.is_in(told), ("Not in the form any more", second, told)
    for one in (first, second):
        assert one.is_in(after) or one.is_told(told), (one, first, second, told, after)
    if told:
        again = client.post(url, sent(answer))
        assert again.status_code == 302, evidence(again)
        assert second.is_in(evidence(client.get(url))) or second.word in told, (first, second)


@dataclass
class Deed:
    """What somebody did in a form: the values that differ, and the word (or key, or digest of a file) to look
    for."""

    values: dict
    word: str = ""
    gone: str = ""

    def is_in(self, found):
        return self.word in found if self.word else self.gone not in found

    def is_told(self, told):
        """Somebody who took a row out has done so, or is asked."""
        return self.word in told if self.word else bool(told)


def deed(kind, opened, chooser, number):
    values, word = sent(opened), f"word{number}"
    able = [("type", name) for name in kind.texts] + [("choose", name) for name in kind.choices]
    able += [("add", name) for name, row in kind.adds.items() if row] + [
        ("take out", name) for name in kind.adds
    ]
    able += [("send", name) for name in kind.files]
    what, name = chooser.choice(able)
    return DEEDS[what](kind, name, values, word, number, chooser)


def typed(kind, name, values, word, number, chooser):
    text = with_word(name, values[name], word, chooser)
    return Deed({name: text}, f"language={text}" if name.endswith("language") else word)


def with_word(name, value, word, chooser):
    """Lists get an entry, addresses a step, texts the word at the end of some line."""
    if value.startswith("["):
        return f'{value[:-1]}, "{word}"]'
    if name.endswith(("permalink", "path", "target")):
        return f"{value}{word}/"
    if name.endswith("language"):
        return f"{word[4:]:0>2}"
    if "![" in value:
        return value.replace("![A", f"![{word} A", chooser.choice([1, -1]))
    lines = value.split("\n")
    place = chooser.choice([at for at, line in enumerate(lines) if line.strip()] or [0])
    lines[place] = f"{lines[place]} {word}".strip() if name != "username" else f"{lines[place]}{word}"
    return "\n".join(lines)


def chosen(kind, name, values, word, number, chooser):
    able = kind.choices[name]
    able = FIRST[able]() if isinstance(able, str) else able
    value = able[number % 2]
    kept = values.get(name, []) if isinstance(value, list) else []
    word = f"{name.rpartition('-')[2]}={value[0] if isinstance(value, list) else value or ''}"
    if name == "annexes-0-position":
        return Deed({name: value}, gone=f"annexes {values['annexes-0-id']} before {values['annexes-1-id']};")
    return Deed({name: [*kept, *value] if isinstance(value, list) else value}, word)


def added(kind, name, values, word, number, chooser):
    at = int(values[f"{name}-TOTAL_FORMS"])
    given = {
        key: FIRST[value]()[0] if value in FIRST else value.format(word=word, number=number % 90 + 10)
        for key, value in kind.adds[name].items()
    }
    row = {f"{name}-{at}-{key}": value for key, value in given.items()}
    keyed = [f"{key}={value}" for key, value in given.items() if kind.adds[name][key] in FIRST]
    return Deed({f"{name}-TOTAL_FORMS": at + 1, **row}, keyed[0] if keyed else word)


def taken_out(kind, name, values, word, number, chooser):
    """The last row; a picture goes with its words in the text, which would bring it back."""
    at = int(values[f"{name}-INITIAL_FORMS"]) - 1
    text = {"body": values["body"].rpartition("\n\n")[0]} if name == "illustrations" else {}
    return Deed({f"{name}-{at}-DELETE": "on", **text}, gone=f"{name} row {values[f'{name}-{at}-id']};")


def posted_file(kind, name, values, word, number, chooser):
    data = f"%PDF-1.4 {word} {a_number()}".encode()
    return Deed({name: SimpleUploadedFile(f"{word}.pdf", data)}, hashlib.sha256(data).hexdigest())


DEEDS = {"type": typed, "choose": chosen, "add": added, "take out": taken_out, "send": posted_file}


def evidence(response):
    """What somebody sees: the values of every field, files, and the sentences about what is wrong."""
    page = html.unescape(response.content.decode())
    values = sent(response)
    seen = [
        f"{name.rpartition('-')[2]}={one}"
        for name, value in values.items()
        if not name.endswith("base") and name != "opened"  # one for each form that is opened
        for one in (value if isinstance(value, list) else [value])
    ]
    rows = [
        f"{form.prefix.rpartition('-')[0]} row {form.instance.pk};"
        for formset in response.context["inline_admin_formsets"]
        for form in formset.formset.initial_forms
        if values.get(f"{form.prefix}-DELETE") != "on"
    ]
    for inline in response.context["inline_admin_formsets"]:
        forms = sorted(
            inline.formset.initial_forms, key=lambda form: int(values.get(f"{form.prefix}-position") or 0)
        )
        keys = [form.instance.pk for form in forms]
        rows += [
            f"{inline.formset.prefix} {one} before {other};" for one, other in itertools.combinations(keys, 2)
        ]
    # an agency stands there by its names; a save knows it by its key
    typed = [form["agency"].value() for form in forms_of(response) if "agency" in form.fields]
    rows += [f"agency={getattr(one, 'pk', one)}" for one in typed]
    errors = [str(response.context["adminform"].form.errors)]
    for inline in response.context["inline_admin_formsets"]:
        errors += [str(inline.formset.errors), str(inline.formset.non_form_errors())]
    signed = [values.get(f"{form.prefix}-kept", "") for form in forms_of(response) if form.prefix]
    kept = [
        file.blob.pk for one in [*signed, values.get("kept_annexes", "")] for file in read_signed_files(one)
    ]
    return html.unescape(
        "\n".join([*seen, *rows, *map(_told, errors), *kept, *re.findall(r"/file/([0-9a-f]{64})/", page)])
    )


def _told(error):
    """ "kind: approval" in a sentence is the value of a field."""
    return error.replace(": ", "=")


def forms_of(response):
    yield response.context["adminform"].form
    for inline in response.context["inline_admin_formsets"]:
        yield from inline.formset.forms
