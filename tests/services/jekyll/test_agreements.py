"""The register of agreements leaves with an export and comes back around the releases that it is tied to."""

import datetime as dt
import json

import pytest

from releases.content.jekyll.record import locate_bytes, locate_newsroom
from releases.models import (
    Agreement,
    AgreementEvent,
    AgreementText,
    Mention,
    Party,
    PartyAction,
    Relation,
    Release,
    Signatory,
)
from releases.services.editions.digests import digest_site
from releases.services.jekyll.exporter import export_site
from releases.services.jekyll.importer import import_site
from tests.factories import NOON, make_agency, make_blob, make_edition, make_live
from tests.sites import AT, load_agencies
from tests.stories.emptying import empty_newsroom

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 3, 1)


def all_rows(rows, title):
    return rows


def read_files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read_record(out):
    return json.loads((out / locate_newsroom()).read_bytes())


def write_record(out, record):
    (out / locate_newsroom()).write_text(json.dumps(record))


def of_register(report):
    return [row["reason"] for row in report.warnings if row.get("post") == locate_newsroom()]


@pytest.fixture
def register(old_site):
    """Two agreements with all that one can have, around an old release, one of the desk and one not yet public."""
    old_site.post("2024-03-01-a.md", "The Pact was signed today.\n")
    old_site.load(at=AT)
    old = Release.objects.get()
    make_agency("mti")
    pact = Agreement.objects.create(
        slug="pact",
        title="Pact on Tides",
        short_title="Tide Pact",
        acronyms=["TP"],
        former_titles=["Accord on Tides"],
        instrument_type="treaty",
        binding="binding",
        subjects=["Tides"],
        contact="Treaty office\n+65 6123 4567",
        expires_on=dt.date(2044, 3, 1),
        source_url="https://treaties.example/1",
    )
    older = Agreement.objects.create(slug="accord", title="Accord on Buoys")
    live = make_live(title="In force", permalink="/news/in-force/")
    live_release = live.release
    draft = make_edition(title="Not yet", permalink="/news/not-yet/")
    agency = make_agency("tides", "Tide Office", "TO")
    state = Party.objects.create(agreement=pact, position=2, country="NO")
    office = Party.objects.create(agreement=pact, position=1, kind="agency", agency=agency)
    body = Party.objects.create(agreement=pact, position=3, kind="organisation", name="Sea League")
    Signatory.objects.create(agreement=pact, party=state, person="A. Person", office="Minister")
    Signatory.objects.create(agreement=pact, person="B. Person")
    PartyAction.objects.create(party=office, kind="signature", action_on=DAY, release=old)
    PartyAction.objects.create(
        party=body,
        kind="accession",
        action_on=DAY,
        effective_on=DAY,
        statement="With a *reservation*.",
        source="Register",
        source_url="https://treaties.example/2",
        public_from=NOON,
    )
    AgreementEvent.objects.create(agreement=pact, kind="signed", date=DAY, place="Oslo", release=old)
    AgreementEvent.objects.create(
        agreement=pact, kind="entry-into-force", date=dt.date(2024, 5, 1), release=live_release
    )
    AgreementEvent.objects.create(
        agreement=pact, kind="suspended", date=dt.date(2024, 6, 1), release=draft.release
    )
    AgreementEvent.objects.create(agreement=older, kind="terminated", date=DAY, note="Hidden.")
    text = b"%PDF-1.4 the text"
    AgreementText.objects.create(agreement=pact, kind="copy", language="no", blob=make_blob(text))
    Relation.objects.create(agreement=pact, kind="supersedes", other=older)
    Mention.objects.create(agreement=older, release=live_release)
    return pact


@pytest.fixture
def bring_back(tmp_path, settings):
    def bring_back(out, *, into_empty=True):
        if into_empty:
            empty_newsroom()
            load_agencies()
            settings.MEDIA_ROOT = tmp_path / "another store"
            settings.MEDIA_ROOT.mkdir(exist_ok=True)
        return import_site(out, at=AT, dry_run=False, progress=all_rows)

    return bring_back


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def public_events():
    events = AgreementEvent.objects.public(NOON + dt.timedelta(days=1))
    return sorted(events.values_list("agreement__slug", "kind"))


def test_the_register_comes_back_whole_and_leaves_again_the_same(register, out, tmp_path, bring_back):
    before, shown = digest_site(), public_events()
    export_site(out, at=AT, progress=all_rows)
    assert of_register(bring_back(out)) == []
    assert (digest_site(), public_events()) == (before, shown)
    assert AgreementText.objects.get().blob.file.read_bytes() == b"%PDF-1.4 the text"
    export_site(tmp_path / "again", at=AT, progress=all_rows)
    assert read_files(tmp_path / "again") == read_files(out)


def test_what_people_do_with_it_then_stays(register, out, bring_back):
    export_site(out, at=AT, progress=all_rows)
    bring_back(out)
    AgreementEvent.objects.filter(kind="signed").delete()
    Agreement.objects.filter(slug="pact").update(title="Renamed")
    bring_back(out, into_empty=False)
    write_record(out, read_record(out) | {"synonyms": ["tide, flood"]})
    bring_back(out, into_empty=False)
    assert Agreement.objects.get(slug="pact").title == "Renamed"
    assert not AgreementEvent.objects.filter(kind="signed").exists()


def test_an_import_that_stopped_before_the_parts_brings_them_on_the_next_run(register, out, bring_back):
    before = digest_site()
    export_site(out, at=AT, progress=all_rows)
    record = read_record(out)
    bare = {"parties": [], "signatories": [], "events": [], "texts": [], "relations": [], "mentions": []}
    write_record(out, record | {"agreements": [one | bare for one in record["agreements"]]})
    bring_back(out)
    assert digest_site() != before
    write_record(out, record)
    bring_back(out, into_empty=False)
    assert digest_site() == before


def test_what_only_a_release_that_did_not_come_told_of_stays_hidden(register, out, bring_back):
    shown = public_events()
    export_site(out, at=AT, progress=all_rows)
    record = read_record(out)
    (pact,) = [one for one in record["agreements"] if one["slug"] == "pact"]
    pact["events"][0]["release"] = "/nowhere/"
    write_record(out, record)
    (reason,) = of_register(bring_back(out))
    assert "No release here has the address /nowhere/" in reason
    assert public_events() == [one for one in shown if one != ("pact", pact["events"][0]["kind"])]


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda pact: pact.update(slug="no slug"), "The agreement no slug did not come in"),
        (lambda pact: pact.update(instrument_type="oath"), "The agreement pact did not come in"),
        (lambda pact: pact.update(source_url="javascript:alert(1)"), "The agreement pact did not come in"),
        (lambda pact: pact["parties"][0].update(kind="planet"), "What belongs to the agreement pact"),
        (lambda pact: pact["events"][0].update(kind="feast"), "What belongs to the agreement pact"),
        (lambda pact: pact["events"][0].update(source_url="javascript:x"), "What belongs to the agreement"),
        (lambda pact: pact["events"].append(pact["events"][0]), "What belongs to the agreement pact"),
        (lambda pact: pact["texts"][0].update(sha256="0" * 64), "bytes of a text are not in this copy"),
        (lambda pact: pact["texts"][0].update(sha256="../../x"), "sha256 is no digest"),
        (lambda pact: pact["relations"][0].update(other="lost"), "No agreement here has the short name lost"),
        (lambda pact: pact["parties"][0].update(agency="lost"), "No agency here has the short name lost"),
        (lambda pact: pact.update(mentions=["/lost/"]), "No release here has the address /lost/"),
        (lambda pact: pact["events"][0].update(date="soon"), "did not come in"),
    ],
)
def test_what_nobody_could_have_typed_costs_itself_only(register, out, bring_back, change, told):
    export_site(out, at=AT, progress=all_rows)
    record = read_record(out)
    (pact,) = [one for one in record["agreements"] if one["slug"] == "pact"]
    change(pact)
    write_record(out, record)
    report = bring_back(out)
    assert told in " ".join(of_register(report))
    assert Release.objects.count() == 3 and not report.failed


def test_bytes_of_a_text_that_changed_on_the_way_do_not_come_in(register, out, bring_back):
    export_site(out, at=AT, progress=all_rows)
    place = out / locate_bytes(AgreementText.objects.get().blob_id)
    place.write_bytes(b"%PDF-1.4 another text")
    assert "bytes of a text" in " ".join(of_register(bring_back(out)))
    assert not AgreementText.objects.exists()
