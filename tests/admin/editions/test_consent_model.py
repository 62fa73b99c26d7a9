"""Three agencies and everybody's hands on one release, against a model of whose consent each step needs: by
the services and by forged posts to the desk.

More runs: CONSENT_RUNS=2000 pytest --timeout 0 tests/admin/editions/test_consent_model.py
"""

import datetime as dt
import os
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from releases.models import Clearance, Edition, LedgerEntry, PastIssuer, Release
from releases.services.editing.draft_values import IssuerValues
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import workflow
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_member, make_user, save

pytestmark = pytest.mark.django_db
RUNS = int(os.environ.get("CONSENT_RUNS", "5"))
HOUR = dt.timedelta(hours=1)
CHIEFS = ("chief", "second chief")
PEOPLE = {
    "a writer": ("a", "writer", False),
    "a approver": ("a", "approver", True),
    "a second": ("a", "approver", False),
    "b writer": ("b", "writer", False),
    "b approver": ("b", "approver", True),
    "b second": ("b", "approver", False),
    "c writer": ("c", "writer", False),
    "outsider": ("d", "approver", True),
}
"""Agency, role, the right to publish urgently. For c nobody approves here."""
anybody = st.sampled_from([*PEOPLE, *CHIEFS])
issuers = st.lists(st.sampled_from("abc"), unique=True, max_size=3)
hours = st.sampled_from([None, 1, 2, 3])
by_post = st.booleans()


@dataclass
class Cleared:
    content: tuple
    shown: dt.datetime | None
    at: dt.datetime
    spoken_by: str = ""


@dataclass
class Text:
    """What the model knows of an edition. `led`: by agency that issued an earlier state, whether it led."""

    pk: int
    author: str
    issuers: list
    led: dict = field(default_factory=dict)
    excused: set = field(default_factory=set)
    writers: set = field(default_factory=set)
    cleared: dict = field(default_factory=dict)
    body: int = 0
    wanted: dt.datetime | None = None
    starts: dt.datetime | None = None
    is_urgent: bool = False
    by_import: bool = False
    state: str = "draft"

    @property
    def content(self):
        return (self.body, *self.issuers)

    @property
    def passed(self):
        """Agencies that led it and do not any more."""
        return {one for one, led in self.led.items() if led and one not in self.issuers[:1]}

    @property
    def owing(self):
        gone = {one for one in self.led if one not in self.issuers}
        asked = {*self.issuers[1:], *gone} - {one for one in self.excused if one not in self.cleared}
        return asked | self.passed

    def owed(self, starts):
        return {one for one in self.owing if not self.is_cleared(one, starts)}

    def is_cleared(self, agency, starts):
        given = self.cleared.get(agency)
        return bool(
            given
            and given.content == self.content
            and given.spoken_by not in self.writers
            and (given.shown is None or given.shown <= starts)
        )


class Newsroom(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.agencies = {name: make_agency(name, name.upper() * 3, name.upper()) for name in "abcd"}
        self.people = {
            name: make_member(self.agencies[agency], role=role, urgent=urgent)
            for name, (agency, role, urgent) in PEOPLE.items()
        } | {name: make_user(is_staff=True, is_superuser=True) for name in CHIEFS}
        self.client = Client()
        self.clock = pytest.MonkeyPatch()
        self.now = dt.datetime(2031, 3, 3, 9, tzinfo=dt.UTC)
        self.clock.setattr(timezone, "now", lambda: self.now)
        self.version = 0
        self.draft = self.public = None
        self.away, self.away_since, self.taken_by, self.asked_by = "", None, "", ""
        self.asked = {}
        self.ever_cleared = set()

    def teardown(self):
        self.clock.undo()

    @initialize(imported=st.booleans(), names=issuers, author=st.sampled_from(["a writer", "b writer"]))
    def begin(self, imported, names, author):
        agencies = [self.agencies[one] for one in names]
        self.release = Release.objects.create(section=make_edition().release.section)
        words = {"body": "v0", "body_html": "<p>v0</p>\n"}
        if imported and names:
            edition = make_edition(release=self.release, issuers=agencies, origin="import", **words)
            live = {"live_from": self.now - HOUR, "first_live_at": self.now - HOUR}
            Edition.objects.filter(pk=edition.pk).update(state="approved", digest="imported", **live)
            self.public = Text(edition.pk, "", names, by_import=True, state="approved")
        else:
            # Its date follows the publication: one that is set asks to be confirmed after each move.
            begun = {**words, "release_date_is_set": False, "release_date_is_confirmed": False}
            edition = make_edition(
                release=self.release, issuers=agencies, author=self.people[author], **begun
            )
            self.draft = Text(edition.pk, author, names, writers={author})

    # who may, said once more

    def works_for(self, who, agency):
        return who not in CHIEFS and PEOPLE[who][0] == agency

    def approves_for(self, who, agency):
        return self.works_for(who, agency) and PEOPLE[who][1] == "approver"

    def leads(self, who, text):
        return who in CHIEFS or any(self.approves_for(who, one) for one in text.issuers[:1])

    def writes(self, who, text):
        own = any(self.works_for(who, one) for one in text.issuers)
        return who in CHIEFS or own or (not text.issuers and who == text.author)

    def orders(self, who, old, new):
        if old == new or not old or who in CHIEFS or self.works_for(who, old[0]):
            return True
        kept = [one for one in old if one in new]
        own = all(self.works_for(who, one) for one in old if one not in new)
        return own and new[: len(kept)] == kept and new[:1] == old[:1]

    def speaks_for(self, who, waiting, text):
        own = {one for one in waiting if self.approves_for(who, one)}
        if own or not self.leads(who, text) or who in text.writers:
            return own
        return waiting & {"c"}

    def note(self, who, mine):
        """Who agreed, where somebody speaks for another agency than their own."""
        return "" if any(self.approves_for(who, one) for one in mine) else "Ms Tan, by letter"

    # what is done, by a service or by a post that no form offered

    def attempt(self, verb, who, text, expected, posted, **values):
        """Whether it was done, which must be as the model says."""
        before = LedgerEntry.objects.count()
        if posted:
            title = {"title": Edition.objects.get(pk=text.pk).title} if verb == "erase" else {}
            self.post(reverse("admin:releases_edition_do", args=[text.pk, verb]), who, **values, **title)
        else:
            edition = Edition.objects.select_related("release").get(pk=text.pk)
            with suppress(ActionRefused):
                workflow.perform_verb(verb, edition, user=self.people[who], at=self.now, **values)
        done = LedgerEntry.objects.count() > before
        assert done == bool(expected), (verb, who, values, text)
        return done

    def post(self, url, who, **values):
        self.client.force_login(self.people[who])
        typed = {
            name: timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
            if isinstance(value, dt.datetime)
            else ("" if value is None or value is False else value)
            for name, value in values.items()
        }
        act = {} if typed.get("live_from") else {"act": "now", "confirms": "on"}
        response = self.client.post(url, {"go": "on", **act, **typed})
        assert response.status_code < 500

    def stage(self):
        """Of the edition that is public, or was last."""
        return "" if self.public is None else self.away or "live"

    @precondition(lambda self: self.draft and self.draft.state != "approved")
    @rule(who=anybody, names=st.none() | issuers, writes=st.booleans(), wanted=hours, posted=by_post)
    def write(self, who, names, writes, wanted, posted):
        text = self.draft
        new = text.issuers if names is None else names
        may = self.writes(who, text) and self.orders(who, text.issuers, new)
        self.version += 1
        body = f"v{self.version if writes else text.body}"
        wanted_from = self.now + wanted * HOUR if wanted else None
        changes = {"body": body, "change_class": "update", "change_note": "Why", "wanted_from": wanted_from}
        before = LedgerEntry.objects.count(), Edition.objects.get(pk=text.pk).lock_version
        if posted:
            self.post_form(text, who, new, changes)
        elif self.writes(who, text):
            self.save(text, who, new, changes)
        entries, lock = LedgerEntry.objects.count(), Edition.objects.get(pk=text.pk).lock_version
        assert (lock > before[1]) == may, (who, text, new)
        if not may:
            assert entries == before[0]
            return
        old, text.wanted = text.issuers, wanted_from
        for place, one in enumerate(old):
            if new[place : place + 1] != [one]:
                text.led[one] = text.led.get(one, False) or place == 0
        text.issuers = list(new)
        text.body = self.version if writes else text.body
        if entries > before[0]:
            text.writers.add(who)

    def save(self, text, who, new, changes):
        rows = dict(Edition.objects.get(pk=text.pk).issuers.values_list("agency", "pk"))
        agencies = [self.agencies[one] for one in new]
        wanted = tuple(IssuerValues(agency, rows.get(agency.pk)) for agency in agencies)
        edition = Edition.objects.get(pk=text.pk)
        with suppress(ActionRefused):
            save(edition, actor=self.people[who], at=self.now, issuers=wanted, **changes)

    def post_form(self, text, who, new, changes):
        """The form as a superuser gets it, sent by somebody else."""
        url = reverse("admin:releases_edition_change", args=[text.pk])
        self.client.force_login(self.people["chief"])
        typed = sent(self.client.get(url))
        for place, one in enumerate(text.issuers):
            gone = {f"issuers-{place}-DELETE": "on"}
            typed |= {f"issuers-{place}-position": new.index(one) + 1} if one in new else gone
        added = [one for one in new if one not in text.issuers]
        for place, one in enumerate(added, len(text.issuers)):
            row = {"agency": self.agencies[one].pk, "position": new.index(one) + 1, "base": ""}
            typed |= {f"issuers-{place}-{name}": value for name, value in row.items()}
        typed["issuers-TOTAL_FORMS"] = len(text.issuers) + len(added)
        self.post(url, who, **(typed | changes))

    @precondition(lambda self: self.draft)
    @rule(who=anybody, posted=by_post, stale=st.booleans())
    def clear(self, who, posted, stale):
        text = self.draft
        wanted = text.wanted if text.wanted and text.wanted > self.now else None
        mine = self.speaks_for(who, text.owed(wanted or self.now), text)
        is_open = text.state != "approved"
        values = {"note": self.note(who, mine), "seen": "0" * 64 if stale else ""}
        if self.attempt("clear", who, text, is_open and mine and not stale, posted, **values):
            for one in mine:
                spoken = "" if self.approves_for(who, one) else who
                text.cleared[one] = Cleared(text.content, wanted, self.now, spoken)
                self.ever_cleared.add(one)

    @precondition(lambda self: self.draft)
    @rule(who=anybody, later=hours, posted=by_post, urgent=st.booleans(), stale=st.booleans())
    def publish(self, who, later, posted, urgent, stale):
        text, starts = self.draft, self.now + later * HOUR if later else self.now
        is_fit = text.state != "approved" and text.issuers and not stale
        if urgent:
            holder = who in CHIEFS or (
                PEOPLE[who][2] and any(self.works_for(who, one) for one in text.issuers[:1])
            )
            allowed = is_fit and holder and not text.passed
        else:
            allowed = is_fit and self.leads(who, text) and who not in text.writers and not text.owed(starts)
        values = {"live_from": starts if later else None, "seen": "0" * 64 if stale else ""}
        values |= {"urgent_reason": "A rumour"} if urgent else {}
        if self.attempt("publish-urgently" if urgent else "approve", who, text, allowed, posted, **values):
            text.state, text.starts, text.is_urgent = "approved", starts, urgent
            if starts == self.now:
                self.asked.pop("remove", None)
            self.go_live()

    @precondition(lambda self: self.draft)
    @rule(who=anybody, posted=by_post)
    def unschedule(self, who, posted):
        text = self.draft
        if self.attempt("unschedule", who, text, text.state == "approved" and self.leads(who, text), posted):
            text.state, text.starts = "draft", None

    @precondition(lambda self: self.draft)
    @rule(who=anybody, later=st.sampled_from([0, 1, 2, 3]), resubmits=st.booleans(), posted=by_post)
    def reschedule(self, who, later, resubmits, posted):
        text, starts = self.draft, self.now + later * HOUR
        given = {one: text.cleared[one] for one in text.owing if one in text.cleared}
        void = {one for one, it in given.items() if it.shown and it.shown > starts and not text.is_urgent}
        may = text.state == "approved" and self.leads(who, text) and who not in text.writers
        fits = later and starts != text.starts and (resubmits or not void)
        values = {"live_from": starts, "resubmits": resubmits}
        if self.attempt("reschedule", who, text, may and fits, posted, **values):
            text.starts = starts
            if void:
                text.state, text.starts, text.wanted = "submitted", None, starts
                text.cleared = {one: it for one, it in text.cleared.items() if one not in void}

    @precondition(lambda self: self.public and not self.draft)
    @rule(who=anybody, posted=by_post)
    def begin_next(self, who, posted):
        text = self.public
        allowed = self.stage() in ("live", "withdrawn") and self.writes(who, text)
        if self.attempt("next", who, text, allowed, posted):
            edition = Edition.objects.filter(release=self.release).latest("number")
            Edition.objects.filter(pk=edition.pk).update(change_class="update", change_note="Why")
            named = {one for one in text.issuers if text.by_import or one in text.excused}
            self.draft = Text(edition.pk, who, list(text.issuers), writers={who}, body=text.body)
            self.draft.led = {one: place == 0 for place, one in enumerate(text.issuers)}
            self.draft.excused = named - self.ever_cleared

    @precondition(lambda self: self.public)
    @rule(
        who=anybody,
        verb=st.sampled_from(["withdraw", "remove", "erase"]),
        posted=by_post,
        has_read=st.booleans(),
    )
    def take_away(self, who, verb, posted, has_read):
        lead, stage = self.leads(who, self.public), self.stage()
        values, is_shown = {"reason": "A reason"}, True
        if posted and verb in self.asked:
            proposal = self.release.proposals.get(verb=verb, ended_by=None)
            values["shown"], is_shown = proposal.pk if has_read else "", has_read
        later = self.away_since is None or self.now > self.away_since
        other = self.asked.get(verb) != who
        allowed = {
            "withdraw": stage == "live" and lead,
            "remove": stage in ("live", "withdrawn")
            and lead
            and other
            and (later or "remove" not in self.asked),
            "erase": stage != "erased" and who in CHIEFS and other,
        }[verb]
        if not self.attempt(verb, who, self.public, allowed and is_shown, posted, **values):
            return
        self.asked_by = self.asked.get(verb, "") if verb == "remove" else self.asked_by
        if verb == "withdraw" or self.asked.pop(verb, None):
            self.away = {"withdraw": "withdrawn", "remove": "removed", "erase": "erased"}[verb]
            self.away_since, self.taken_by = self.now, who
            self.draft = None if verb == "erase" else self.draft  # what is erased takes its drafts along
        else:
            self.asked[verb] = who

    @precondition(lambda self: self.public and self.away != "erased")
    @rule(who=anybody, posted=by_post)
    def keep(self, who, posted):
        allowed = self.leads(who, self.public) and self.asked and (who in CHIEFS or "remove" in self.asked)
        if self.attempt("keep", who, self.public, allowed, posted):
            self.asked = (
                {} if who in CHIEFS else {verb: by for verb, by in self.asked.items() if verb == "erase"}
            )

    @precondition(lambda self: self.public and self.away in ("withdrawn", "removed"))
    @rule(who=anybody, verb=st.sampled_from(["agree", "restore"]), posted=by_post)
    def bring_back(self, who, verb, posted):
        text = self.public
        asked = set(text.issuers[1:])
        named = set(text.issuers) if text.by_import else text.excused
        asked -= {one for one in named if one not in text.cleared} - text.passed
        waiting = {
            one
            for one in asked
            if one not in text.cleared
            or text.cleared[one].at <= self.away_since
            or text.cleared[one].spoken_by in text.writers
        }
        mine = self.speaks_for(who, waiting, text)
        later = self.now > self.away_since
        takers = {self.taken_by, self.asked_by if self.away == "removed" else ""}
        if verb == "agree":
            if self.attempt("agree", who, text, mine and later, posted, note=self.note(who, mine)):
                for one in mine:
                    spoken = "" if self.approves_for(who, one) else who
                    text.cleared[one] = Cleared(text.content, None, self.now, spoken)
                    self.ever_cleared.add(one)
        elif self.attempt(
            "restore",
            who,
            text,
            later and self.leads(who, text) and who not in takers and not waiting,
            posted,
        ):
            self.away, self.away_since = "", None
            self.asked.pop("remove", None)

    @rule()
    def time_passes(self):
        self.now += HOUR
        self.go_live()

    def go_live(self):
        if self.draft and self.draft.state == "approved" and self.draft.starts <= self.now:
            self.public, self.draft = self.draft, None

    @invariant()
    def is_what_the_model_says(self):
        live = Edition.objects.live(self.now).filter(release=self.release).first()
        shown = self.public.pk if self.public and self.away in ("", "withdrawn") else None
        assert (live and live.pk) == shown
        if self.draft:
            edition = Edition.objects.get(pk=self.draft.pk)
            named = list(edition.issuers.values_list("agency__slug", flat=True))
            assert (edition.state, named) == (self.draft.state, self.draft.issuers)


@pytest.mark.long
def test_nobody_concerned_is_passed_over_by_anybody_in_any_way():
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.generate],  # what failed is told at once: shrinking posts takes long
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert LedgerEntry.objects.broken() is None
    assert PastIssuer.objects.exists() or not Clearance.objects.filter(edition__number__gt=1).exists()
