"""Every URL of the desk, asked by every kind of person: the answers are those of a table that is kept beside
this file.

A URL without a row, or a row that nobody asks for, fails. To write the table anew after a change that is
wanted: AUTHORITY=write pytest tests/admin/test_authority.py, and read what changed in it.
"""

import json
import os
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from releases.admin.accounts import urls as accounts
from releases.models import Membership
from tests.factories import make_agency, make_edition, make_member, make_user

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parent / "authority.json"
PEOPLE = ["anonymous", "no role", "writer", "approver", "administrator", "another agency", "superuser"]
METHODS = ["get", "post", "put", "delete"]


def names(resolver=None):
    """The names of all URLs of the desk."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver) and (resolver is not None or pattern.namespace == "admin"):
            yield from names(pattern)
        elif isinstance(pattern, URLPattern) and resolver is not None and pattern.name:
            yield f"admin:{pattern.name}"


def account_names(patterns=accounts.urlpatterns):
    """The names of all URLs below /accounts/ but those that sign the asker out."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from account_names(pattern.url_patterns)
        elif pattern.name and pattern.name not in ("account_logout",):
            yield pattern.name


def arguments(name, edition):
    """What stands in the URL: a draft of the agency, or any row."""
    known = {
        "admin:releases_edition_bulk": ["assign"],
        "admin:releases_edition_do": [edition.pk, "submit"],
        "admin:releases_edition_compare": [edition.pk, edition.pk],
        "admin:releases_edition_typed": [UUID(int=0)],
        "admin:releases_edition_typed_values": [UUID(int=0)],
        "admin:releases_suggestion_decide": [first(name), "accept"],
        "admin:app_list": ["releases"],
        "admin:auth_user_password_change": [first(name)],
        "admin:auth_user_confirm": [0],
        "admin:releases_membership_leave": [Membership.objects.earliest("pk").user_id],
        "admin:releases_membership_second_factor": [Membership.objects.earliest("pk").user_id],
        "admin:releases_membership_confirm": [Membership.objects.earliest("pk").pk],
        "admin:view_on_site": [1, 1],
        "invitation": ["MQ", "a-token"],
        "account_confirm_email": ["a-key"],
        "account_reset_password_from_key": ["1", "a-key"],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
        "openid_connect_login": ["openid"],
        "openid_connect_callback": ["openid"],
    }
    if name == "admin:releases_edition_file":
        return [edition.pk, edition.annexes.first().blob_id]
    if name.startswith("admin:password_change"):
        return []
    if name in known:
        return known[name]
    if name.startswith("admin:releases_edition_") and name.endswith(
        ("_page", "_links", "_ledger", "_comment", "_translate", "_beside", "_duplicate", "_remind")
    ):
        return [edition.pk]
    if not name.endswith(("_change", "_delete", "_history")):
        return []
    return [edition.pk if "_edition_" in name else edition.release_id if "_release_" in name else first(name)]


def first(name):
    """The key of the oldest row of the model that the URL of this name is about; 1 where there is none."""
    app, model, *_ = [*name.partition(":")[2].split("_"), "", ""]
    try:
        rows = apps.get_model(app, model).objects.order_by("pk")
    except LookupError:
        return 1
    return rows.values_list("pk", flat=True).first() or 1


def person(name, agency, other):
    match name:
        case "no role":
            return make_user(is_staff=True)
        case "another agency":
            return make_member(other)
        case "superuser":
            return make_user(is_staff=True, is_superuser=True)
        case "anonymous":
            return None
    return make_member(agency, role=name)


def asked(client, name, edition):
    try:
        url = reverse(name, args=arguments(name, edition))
    except Exception:  # noqa: BLE001 (a URL that takes what is not known here must get a row in `arguments`)
        pytest.fail(f"{name} has no row")
    statuses = [str(getattr(client, method)(url).status_code) for method in METHODS]
    return " ".join(statuses)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_desk_answers_everybody_as_the_table_says(client, who):
    agency, other = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    make_member(agency, role="writer")
    if user := person(who, agency, other):
        client.force_login(user)
    draft = make_edition(annexes=[("/files/a.pdf", b"%PDF-1")])
    found = {}
    for name in sorted(
        {*names(), *account_names(), "rehearsal", "markdownx_markdownify", "markdownx_upload"}
        - {"admin:logout"}
    ):
        found[name] = asked(client, name, make_edition() if name.endswith("_do") else draft)
    if os.environ.get("AUTHORITY") == "write":
        write(who, found)
    assert found == {name: row[who] for name, row in json.loads(TABLE.read_text()).items()}


def write(who, found):
    """One column of the table anew; rows of URLs that are no more go."""
    table = json.loads(TABLE.read_text())
    rows = {name: {**table.get(name, {}), who: found[name]} for name in found}
    TABLE.write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n")


def test_the_table_gives_strangers_nothing():
    table = json.loads(TABLE.read_text())
    open_to_all = {
        "admin:login",
        "admin:logout",
        "admin:jsi18n",
        "admin:index",
        "admin:password_change",
        "admin:password_change_done",
    }
    for name, row in table.items():
        if not name.startswith("admin:"):
            continue  # of their own account people see what is theirs
        for who in ("anonymous", "no role"):
            for method, status in zip(METHODS, row[who].split(), strict=True):
                assert name in open_to_all or status in ("302", "403", "404", "405"), (
                    name,
                    who,
                    method,
                    status,
                )
        if "_edition_" in name and not name.endswith(
            (
                "_add",
                "_changelist",
                "_together",
                "_from_document",
                "_link_targets",
                "_clipboard",
                "_tomorrow",
                "_dead_list",
            )
        ):
            assert set(row["another agency"].split()) <= {"302", "403", "404", "405"}, name
