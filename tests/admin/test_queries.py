"""What a page of the desk asks the database: nothing twice, nothing huge, and no more than a limit."""

import datetime as dt
import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from releases.models import (
    Address,
    Agreement,
    AgreementEvent,
    AgreementText,
    Edition,
    Mention,
    Party,
    PartyAction,
    Redirect,
    Relation,
    Signatory,
    Suggestion,
)
from releases.services.publishing import takedown, workflow
from tests.admin.browsing import sent
from tests.admin.test_authority import arguments, names
from tests.factories import (
    NOON,
    make_agency,
    make_blob,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_user,
)

pytestmark = pytest.mark.django_db
LARGEST_STATEMENT = 3_300  # bytes, but for the instants that it asks for
NEIGHBOURS = (
    "SELECT 'newer', newer.*"  # one statement of the public page, which the desk shows within its own
)
INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(\+00:00)?")


@pytest.fixture
def agencies():
    return make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")


@pytest.fixture
def pact(agencies):
    """An agreement with two of everything that its form shows: of each one that is public and one that is
    not."""
    mti, imda = agencies
    pact = Agreement.objects.create(slug="sea", title="Agreement on the Sea", lead_agency=mti)
    older = Agreement.objects.create(slug="land", title="Agreement on the Land", lead_agency=imda)
    state = Party.objects.create(agreement=pact, country="SG")
    agency = Party.objects.create(agreement=pact, kind="agency", agency=imda)
    live, hidden = make_live(issuers=[mti, imda]), make_edition(issuers=[mti])
    for number, release in enumerate([live.release, hidden.release]):
        day = dt.date(2024, 1, 1 + number)
        AgreementEvent.objects.create(agreement=pact, kind="signed", date=day, release=release)
        PartyAction.objects.create(party=state, kind="signature", action_on=day, release=release)
        Mention.objects.create(agreement=pact, release=release)
        Signatory.objects.create(agreement=pact, party=agency, person=f"Minister {number}")
        Suggestion.objects.create(
            release=release, rule="new", title="A treaty", sentence="A treaty was signed.", key=str(number)
        )
    AgreementEvent.objects.create(agreement=pact, kind="concluded", date=NOON.date(), public_from=NOON)
    AgreementText.objects.create(agreement=pact, blob=make_blob())
    for kind in ("amends", "related"):
        Relation.objects.create(agreement=pact, kind=kind, other=older)
    return pact


@pytest.fixture
def draft(agencies, pact):
    """A joint draft with annexes and a picture, whose text names an agreement and links to a page."""
    draft = make_edition(
        issuers=agencies,
        body="The Agreement on the Sea was signed by Dr Anna Lim on 3 January 2024. See [it](/agreements/sea/).",
        annexes=[(f"/files/{name}.pdf", f"%PDF-1.4 {name}".encode()) for name in ("a", "b")],
        images=[("/images/a.png", b"a picture")],
        author=make_member(agencies[0]),
    )
    draft.agreements.add(pact)
    return draft


@pytest.fixture
def newsroom(draft, agencies):
    """What else the pages of the desk list: a withdrawn release, a next edition, a redirect."""
    live = make_live(at=timezone.now())
    takedown.withdraw(live.release, actor=make_user(), reason="Why", at=timezone.now())
    make_next(make_live(issuers=agencies))
    address = Address.objects.create(path="/old/", kind="redirect")
    Redirect.objects.create(address=address, release=live.release, valid_from=timezone.now())


def statements(client, path, data=None):
    """The SQL with its values of everything that a request asks; the second request, which notes nobody's
    arrival."""
    client.get(reverse("admin:password_change_done"))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path) if data is None else client.post(path, data)
        if hasattr(response, "streaming_content"):
            list(response.streaming_content)
    found = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in found if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))]


def repeated(asked):
    """Statements that came twice with the same values, whatever instant each asked for."""
    counted = Counter(INSTANT.sub("…", sql) for sql in asked)
    return {sql: number for sql, number in counted.items() if number > 1}


def pages(edition):
    """The address of every page of the desk, and of the forms of what readers see already."""
    for name in sorted({*names(), "rehearsal"} - {"admin:logout"}):
        if "django_tasks" not in name:  # pages of a library
            yield reverse(name, args=arguments(name, edition))
    for verb in workflow.VERBS:
        yield reverse("admin:releases_edition_do", args=[edition.pk, verb])
    for other in Edition.objects.exclude(pk=edition.pk):
        yield reverse("admin:releases_edition_change", args=[other.pk])
    yield f"{reverse('admin:releases_edition_together')}?editions={edition.pk}"
    yield f"{reverse('admin:autocomplete')}?app_label=releases&model_name=relation&field_name=other&term="
    yield f"{reverse('rehearsal')}?at={timezone.localdate() + dt.timedelta(days=9)}T09:00"


def who(role, agency):
    return (
        make_user(is_staff=True, is_superuser=True) if role == "superuser" else make_member(agency, role=role)
    )


@pytest.mark.parametrize("role", ["approver", "administrator", "superuser"])
def test_no_page_of_the_desk_asks_the_same_twice_or_something_huge(client, newsroom, draft, agencies, role):
    client.force_login(who(role, agencies[0]))
    found = {}
    for path in pages(draft):
        asked = statements(client, path)
        # Django's page that asks before a deletion writes the name of each row twice.
        most = 2 if path.endswith("/delete/") else 1
        again = [sql for sql, number in repeated(asked).items() if number > most]
        huge = [
            sql
            for sql in asked
            if len(INSTANT.sub("", sql).replace("::timestamptz", "").encode()) > LARGEST_STATEMENT
            and not sql.startswith(NEIGHBOURS)
        ]
        if again or huge:
            found[path] = again + huge
    assert not found


@pytest.fixture
def approver(client, agencies):
    user = make_member(agencies[0])
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", ["edition", "agreement"])
def test_a_form_takes_few_queries(client, approver, draft, pact, model):
    row = draft if model == "edition" else pact
    path = reverse(f"admin:releases_{model}_change", args=[row.pk])
    client.get(path)  # a process asks for the types of content once
    assert len(statements(client, path)) <= 33


def test_saving_a_draft_takes_few_queries(client, approver, draft):
    path = reverse("admin:releases_edition_change", args=[draft.pk])
    typed = sent(client.get(path), title="Another title")
    asked = statements(client, path, typed)
    draft.refresh_from_db()
    assert draft.title == "Another title" and len(asked) <= 60


def test_whoever_takes_their_agency_out_submits_nothing_with_the_same_save(client, approver, agencies):
    draft = make_edition(issuers=agencies)
    path = reverse("admin:releases_edition_change", args=[draft.pk])
    client.post(path, sent(client.get(path), **{"issuers-0-DELETE": "on", "_submit": "Save and submit"}))
    draft.refresh_from_db()
    assert [issuer.agency for issuer in draft.issuers.all()] == [agencies[1]]
    assert draft.state == Edition.State.DRAFT
