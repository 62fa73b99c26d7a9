import base64
import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from releases.content.files import csv_tables
from releases.models import Address, LedgerEntry, Redirect
from releases.services.website.redirects import LEADS_NOWHERE, MAX_ROWS, why_not_redirect
from releases.services.website.redirects import load_redirects as load_rows
from tests.factories import make_agency, make_live, make_member, make_section, make_user

pytestmark = pytest.mark.django_db
TABLE = """from,to
/old/one/,/news/new/
/old/two/,
/old/one/,/news/again/
/admin/x,/news/new/
/loop/a,/loop/b
/loop/b,/loop/a
/out,javascript:alert(1)
/out,//evil.example/
/out,//[evil
/away,https://example.org/
"""


def exist(*paths):
    """There is something at each of these paths."""
    for path in paths:
        Address.objects.create(path=path, kind="file")


def load(text, **who):
    return load_rows(csv_tables.read_table(text.encode()).rows, **who)


def test_good_lines_are_kept_and_the_others_come_back_with_their_reason(client):
    make_live(permalink="/news/new/")
    made, refused = load(TABLE, actor=make_user(), at=timezone.now())
    assert made == 4
    assert [(one.line, one.source, one.reason) for one in refused] == [
        (4, "/old/one/", "This address stands in line 2 already."),
        (5, "/admin/x", "Addresses below /admin/ belong to Press Room itself."),
        (7, "/loop/b", "This redirect would lead back to itself."),
        (8, "/out", "A target starts with / or https://."),
        (9, "/out", "A target starts with one / or with https://."),
        (10, "/out", "A target starts with one / or with https://."),
    ]
    assert client.get("/old/one/")["Location"] == "/news/new/"
    assert client.get("/old/two/").status_code == 410


def test_a_line_that_leads_nowhere_is_refused_unless_another_line_makes_it_lead_on(client):
    exist("/there/")
    table = (
        "/a,/nowhere/\n/b,/c\n/c,/there/\n/d,/There\n/e,https://other.example/nowhere/\n/f,/releases/?q=x\n"
    )
    made, refused = load(table, actor=make_user(), at=timezone.now())
    assert made == 5
    assert [(one.line, one.reason) for one in refused] == [(1, LEADS_NOWHERE)]


def test_a_loop_is_found_through_the_whole_graph():
    exist("/c")
    load("/a,/b\n/b,/c\n", actor=make_user(), at=timezone.now())
    assert why_not_redirect("/c", "/a") == "This redirect would lead back to itself."
    assert why_not_redirect("/d", "/a") == ""


@pytest.mark.parametrize("query", ["?id=7", "#part", "?a=1&b=2#part"])
@pytest.mark.parametrize("site", ["", "https://www.mti.example"])
def test_an_address_whose_query_counts_is_refused_and_not_cut(settings, site, query):
    settings.SITE_URL = "https://www.mti.example"
    made, refused = load(f"{site}/news.aspx{query},/new/", actor=make_user(), at=timezone.now())
    assert (made, [one.source for one in refused]) == (0, [f"{site}/news.aspx{query}"])
    assert refused[0].reason.startswith("A redirect goes by the path alone.")
    assert not Address.objects.exists()


@pytest.mark.parametrize("target", ["/search?q=budget&page=2", "/news/#part", "https://example.org/a?b=c#d"])
def test_a_target_keeps_its_query(client, target):
    make_section("/news/"), make_section("/search")
    load(f"/old/,{target}", actor=make_user(), at=timezone.now())
    assert client.get("/old/")["Location"] == target


@pytest.mark.parametrize(
    "target", ["/a?x=1", "/a#part", "/%61", "https://www.mti.example/a", "HTTPS://WWW.MTI.EXAMPLE/a?x"]
)
def test_a_loop_is_found_whatever_way_the_address_is_written(settings, target):
    settings.SITE_URL = "https://www.mti.example"
    assert why_not_redirect("/a", target) != ""
    exist("/a")
    load(f"/b,{target.lower()}", actor=make_user(), at=timezone.now())
    assert why_not_redirect("/a", "/b?y") == "This redirect would lead back to itself."


def test_each_line_of_a_table_is_in_the_ledger_as_one_that_was_typed():
    exist("/b")
    load("/a,/b\n/旧,\n", actor=make_user(username="tan"), at=timezone.now())
    told = [
        (entry.verb, entry.subject, entry.actor.username, len(entry.after))
        for entry in LedgerEntry.objects.all()
    ]
    assert told == [("add", "redirect /a → /b", "tan", 64), ("add", "redirect /旧 → gone", "tan", 64)]
    assert LedgerEntry.objects.broken() is None


def test_a_line_that_is_refused_keeps_no_other_out():
    exist("/b", "/d", "/e", "/x")
    load("/a,/b\n/c,/d\n", actor=make_user(), at=timezone.now())
    _, refused = load("/c,/e\n,/x\n", actor=make_user(), at=timezone.now())
    assert [one.reason for one in refused] == [
        "This address is taken by a redirect.",
        "The old address is missing.",
    ]


def test_old_addresses_may_have_the_site_s_own_host(settings):
    exist("/new/")
    settings.SITE_URL = "https://www.mti.example"
    made, refused = load(
        "https://www.mti.example/old/,/new/\nhttps://other.example/x,/new/\n",
        actor=make_user(),
        at=timezone.now(),
    )
    assert (made, Address.objects.get(kind="redirect").path) == (1, "/old/")
    assert refused[0].reason == "The old address is on another site than https://www.mti.example."


def test_what_is_too_much_is_told_and_not_dropped(django_assert_max_num_queries):
    exist("/new/")
    text = "from,to\n" + "".join(f"/old/{number}/,/new/\n" for number in range(MAX_ROWS + 2))
    with django_assert_max_num_queries(500):
        made, refused = load(text, actor=make_user(), at=timezone.now())
    assert made == MAX_ROWS
    assert [one.source for one in refused] == [f"/old/{MAX_ROWS}/", f"/old/{MAX_ROWS + 1}/"]
    assert refused[0].reason == "Only 20,000 lines are taken at once. Load this one with another file."


@pytest.fixture
def send(client):
    client.force_login(make_member(make_agency(), role="administrator"))

    def post(data, name="table.csv"):
        place = reverse("admin:releases_redirect_load")
        return client.post(place, {"file": SimpleUploadedFile(name, data)}, follow=True)

    return post


def error_file(response):
    found = response.context["error_file"].partition("base64,")[2]
    return base64.b64decode(found)


def test_the_desk_shows_what_it_refused_and_gives_an_error_file(send):
    exist("/news/new/")
    response = send(TABLE.encode())
    page = response.content.decode()
    assert "6 lines could not be imported" in page and "This redirect would lead back to itself." in page
    assert "Redirects made: 4. Refused: 6." in page
    lines = error_file(response).decode("utf-8-sig").splitlines()
    assert lines[0] == "from,to,reason,line"
    assert lines[3] == "/loop/b,/loop/a,This redirect would lead back to itself.,7"
    assert Redirect.objects.count() == 4


def test_an_error_file_can_be_mended_and_loaded_again(send):
    exist("/b", "/d")
    mended = error_file(send(b"/a;/b\n/c;javascript:1\n")).replace(b"javascript:1", b"/d")
    assert b"/c;/d;" in mended
    assert "Redirects made: 1. Refused: 0." in send(mended).content.decode()


def test_no_cell_of_an_error_file_is_a_formula(send):
    data = error_file(send(b'=HYPERLINK("https://evil.example"),@SUM(1)\n+1,-2\n'))
    for line in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)


@pytest.mark.parametrize(
    "data, words",
    [
        (b"PK\x03\x04rest", "table.csv: This is a workbook. Save it as CSV"),
        (b"/a\x00,/b", "table.csv: This is no text."),
        (b"/\x81\xff,/b", "table.csv: This is no text."),
        (b"x" * 5_000_001, "5,000,000 are allowed."),
        (b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_table_is_told_at_the_field(send, data, words):
    assert words in send(data).content.decode()
    assert not Redirect.objects.exists()


def test_a_field_that_is_too_long_spoils_no_other_line(send):
    exist("/b", "/e")
    data = b"/a,/b\n/" + b"x" * 200_000 + b",/b\n/c,/" + b"y" * 3_000 + b'\n"/open quote,/b\n/d,/e\n'
    page = send(data).content.decode()
    assert "The line has 200,004 characters; 10,000 are allowed." in page
    assert "The target has 3,001 characters; 2,000 are allowed." in page
    assert set(Address.objects.filter(kind="redirect").values_list("path", flat=True)) >= {"/a", "/d"}


@pytest.mark.parametrize(
    "address", ["https://[bad/x", "https://", "https:///x", "https://:splat/", "https://news.example:splat"]
)
def test_what_is_no_web_address_is_told_and_spoils_no_other_line(client, address):
    made, refused = load(f"/old/*,{address}\n{address},/\n/good,/", actor=make_user(), at=timezone.now())
    assert (made, [one.line for one in refused]) == (1, [1, 2])
    assert refused[0].reason == "The target is no web address."
    assert client.get("/good")["Location"] == "/"
