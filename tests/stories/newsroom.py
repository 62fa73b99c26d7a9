"""Steps of stories: what people do at the desk and what readers see, over HTTP, at instants that the story
sets."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from releases.models import Address, Edition, Section
from tests.admin.browsing import sent
from tests.factories import SINGAPORE, make_member, make_user

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


class Newsroom:
    """One newsroom with a clock of its own.

    It stands in the future, since the rules of the database know the real time.
    """

    def __init__(self, monkeypatch):
        self.now = dt.datetime(2031, 3, 3, 9, tzinfo=SINGAPORE)
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        self.reader = Client()

    def wait(self, span):
        self.now += span

    def writer(self, *agencies):
        return Desk(self, make_member(*agencies, role="writer"))

    def approver(self, *agencies):
        return Desk(self, make_member(*agencies, role="approver"))

    def by_two(self, verb, edition, **typed):
        """What takes two people: one superuser asks for it, another confirms it."""
        self.superuser().do(verb, edition, **typed)
        return self.superuser().do(verb, edition, **typed)

    def superuser(self):
        return Desk(self, make_user(is_staff=True, is_superuser=True))

    def get(self, path, **query):
        return self.reader.get(path, query)

    def status(self, path):
        return self.get(path).status_code

    def read(self, path, **query):
        """What a reader gets there, as text."""
        return content(self.get(path, **query)).decode()

    def bytes_at(self, path):
        """The bytes of a file as a reader gets them; none where there is no file."""
        response = self.get(path)
        return content(response) if response.status_code == 200 else b""

    def item(self, permalink):
        """The release in the API, or None."""
        return next(iter(self.get("/api/releases", permalink=permalink).json()["items"]), None)

    def listed(self, permalink):
        """The lists, feeds and maps in which a reader meets the release."""
        month = f"{self.now:%Y-%m}"
        places = {
            "home": "/",
            "list": "/releases/",
            "atom": "/releases/feed.atom",
            "json": "/releases/feed.json",
            "map": f"/sitemap-{month}.xml",
            "api": "/api/releases",
        }
        return {name for name, path in places.items() if permalink in self.read(path)}

    def finds(self, words):
        """The permalinks that a search finds."""
        page = self.read("/releases/", q=words)
        return {path for path in self.permalinks() if f'href="{path}"' in page}

    def permalinks(self):
        return set(Address.objects.filter(kind=Address.Kind.RELEASE).values_list("path", flat=True))


class Desk:
    """What one person does at the desk: every step is a page opened and its form sent as it stands there."""

    def __init__(self, newsroom, user):
        self.newsroom, self.user = newsroom, user
        self.browser, self.signed_in_at = Client(), None

    @property
    def client(self):
        """Their browser, in which they sign in anew when they come back after a while."""
        if self.signed_in_at is None or self.newsroom.now - self.signed_in_at > HOUR / 2:
            self.browser.force_login(self.user)
            self.signed_in_at = self.newsroom.now
        return self.browser

    def change(self, model, row=None, **typed):
        """Open the form of a row (of none: an empty one), fill in what is typed, and save.

        Returns the answer.
        """
        name = f"admin:releases_{model}"
        url = reverse(f"{name}_change", args=[row.pk]) if row else reverse(f"{name}_add")
        answer = self.client.post(url, sent(self.client.get(url), **typed), follow=True)
        assert answer.redirect_chain, problems(answer) or answer.status_code
        return answer

    def write(self, title, body, *, section="", **typed):
        """A new draft in a section (of a folder), by the first agency that this person writes for."""
        found = Section.objects.get(folder=section) if section else Section.objects.earliest("pk")
        agencies = [membership.agency_id for membership in self.user.memberships.order_by("pk")]
        issuers = {f"issuers-{place}-agency": agency for place, agency in enumerate(agencies[:1])}
        self.change("edition", title=title, body=body, section=found.pk, **issuers, **typed)
        return Edition.objects.latest("pk")

    def begin_next(self, release):
        """Edit what is public: the draft of the next edition."""
        self.do("next", live(release, self.newsroom.now))
        return release.editions.latest("number")

    def save(self, edition, **typed):
        self.change("edition", edition, **typed)
        edition.refresh_from_db()
        return edition

    def attach(self, edition, **files):
        """Files by name ("annex_a.pdf" as annex_a): chosen together, each becomes an annex."""
        chosen = [SimpleUploadedFile(name, data) for name, data in files.items()]
        return self.save(edition, new_annexes=chosen)

    def do(self, verb, edition, **typed):
        """A step, with what its page asks. Returns the answer; a refusal fails the story."""
        answer = self.ask(verb, edition, **typed)
        refused = [str(message) for message in answer.context["messages"] if message.level_tag == "error"]
        assert not refused and answer.redirect_chain, refused or answer.content.decode()
        return answer

    def ask(self, verb, edition, **typed):
        url = reverse("admin:releases_edition_do", args=[edition.pk, verb])
        page = self.client.get(url)
        form = page.context["form"] if page.status_code == 200 and page.context else None
        values = {field.html_name: field.value() or "" for field in form} if form else {}
        values |= {"title": edition.title} if verb == "erase" else {}
        values["named"] = typed.get("live_from", "")
        values |= {} if typed.get("live_from") else {"act": "now", "confirms": "on"}
        return self.client.post(url, values | typed, follow=True)

    def publish(self, edition, at=None):
        """Approve for an instant; none: now."""
        return self.do(
            "approve", edition, live_from=f"{at.astimezone(SINGAPORE):%Y-%m-%dT%H:%M}" if at else ""
        )


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def problems(answer):
    """What a form that came back says is wrong."""
    if not (answer.context and "adminform" in answer.context):
        return {}
    form = answer.context["adminform"].form
    rows = [row for inline in answer.context["inline_admin_formsets"] for row in inline.formset.forms]
    found = {str(one.instance): one.errors for one in (form, *rows) if one.is_bound and one.errors}
    sets = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    return found | {
        one.prefix: one.non_form_errors() for one in sets if one.is_bound and one.non_form_errors()
    }


def release_at(permalink):
    return Address.objects.at(permalink).get().release


def live(release, at):
    return release.editions.live(at).get()
