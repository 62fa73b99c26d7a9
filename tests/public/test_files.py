import re

import pytest

from releases.models import SiteFile
from tests.factories import make_blob, make_file_address, make_live

pytestmark = pytest.mark.django_db
DATA = b"%PDF-1.4 " + bytes(range(256)) * 800
PATH = "/files/Press Releases 2023/annex a: key features (final).pdf"


@pytest.fixture
def annex():
    return make_live(permalink="/news/a/", annexes=[(PATH, DATA)])


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_file_is_served_whole_at_its_exact_path(client, annex):
    response = client.get(PATH)
    assert (response.status_code, body(response)) == (200, DATA)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(DATA))
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="annex a: key features (final).pdf"'
    assert response["Link"] == '</news/a/>; rel="up"'
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "asked, first, last",
    [
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, len(DATA) - 1),
        ("bytes=-5", len(DATA) - 5, len(DATA) - 1),
        ("bytes=70000-150000", 70000, 150000),
        ("bytes=0-99999999", 0, len(DATA) - 1),
        ("bytes=-99999999", 0, len(DATA) - 1),
    ],
)
def test_a_range_is_answered_with_206(client, annex, asked, first, last):
    response = client.get(PATH, headers={"Range": asked})
    assert response.status_code == 206
    assert body(response) == DATA[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", [f"bytes={len(DATA)}-", "bytes=-0", "bytes=99999999999999999999-"])
def test_a_range_that_is_not_there_is_answered_with_416(client, annex, asked):
    response = client.get(PATH, headers={"Range": asked})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(DATA)}")


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,5-6", "items=0-1", "bytes=-", "bytes=a-b", ""])
def test_a_range_that_makes_no_sense_gets_the_whole_file(client, annex, asked):
    response = client.get(PATH, headers={"Range": asked})
    assert (response.status_code, body(response)) == (200, DATA)


def test_if_range_with_another_etag_gets_the_whole_file(client, annex):
    etag = client.get(PATH)["ETag"]
    ranged = [
        client.get(PATH, headers={"Range": "bytes=0-1", "If-Range": tag}).status_code for tag in (etag, '"x"')
    ]
    assert ranged == [206, 200]


def test_what_the_reader_has_is_not_sent_again(client, annex):
    etag = client.get(PATH)["ETag"]
    for asked in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        response = client.get(PATH, headers={"If-None-Match": asked})
        assert (response.status_code, body(response)) == (304, b"")
        assert response["ETag"] == etag
    assert client.get(PATH, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_has_the_headers_and_no_body(client, annex):
    got, head = client.get(PATH), client.head(PATH)
    assert body(head) == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Content-Disposition"):
        assert head[name] == got[name]


@pytest.mark.parametrize(
    "name, media_type, disposition",
    [
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"),
        ("a.html", "application/octet-stream", "attachment"),
        ("a.svg", "application/octet-stream", "attachment"),
        ("b.svg", "image/svg+xml", "inline"),
        ("a.png", "image/png", "inline"),
    ],
)
def test_only_pdf_and_pictures_open_in_the_browser(client, name, media_type, disposition):
    blob = make_blob(b"bytes of " + name.encode(), media_type)
    address = make_file_address(f"/files/{name}")
    SiteFile.objects.create(address=address, blob=blob, live_from="2020-01-01T00:00Z")
    response = client.get(f"/files/{name}")
    assert response["Content-Disposition"] == f'{disposition}; filename="{name}"'
    assert response["Content-Type"] == media_type
    policy = response["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'none'"} < set(policy)
    assert ("style-src 'unsafe-inline'" in policy) == (media_type == "image/svg+xml")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_name_beyond_ascii_is_sent_as_rfc_8187_has_it(client):
    address = make_file_address("/files/贪污案“立案”数.pdf")
    SiteFile.objects.create(address=address, blob=make_blob(DATA), live_from="2020-01-01T00:00Z")
    disposition = client.get("/files/贪污案“立案”数.pdf")["Content-Disposition"]
    assert disposition.startswith("inline; filename*=utf-8''%E8%B4%AA")


def test_nginx_sends_the_bytes_where_it_stands_in_front(client, annex, settings):
    settings.SENDFILE = "nginx"
    response = client.get(PATH)
    sha256 = make_blob(DATA).pk
    assert response["X-Accel-Redirect"] == f"/_blobs/{sha256[:2]}/{sha256}"
    assert (response.content, response["Content-Type"]) == (b"", "application/pdf")


def test_somebody_signed_in_leaves_nothing_in_a_cache(client, annex, django_user_model):
    client.force_login(django_user_model.objects.create(username="editor"))
    assert client.get(PATH)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(DATA[:10]), lambda file: file.unlink()])
def test_a_file_that_was_damaged_is_a_fault_and_never_sent_in_part(client, annex, damage):
    damage(make_blob(DATA).file)
    client.raise_request_exception = False
    response = client.get(PATH)
    assert response.status_code == 500 and b"Something went wrong" in response.content
    assert client.head(PATH).status_code == 500


def test_nginx_hands_on_every_header_that_it_would_drop(client, annex, settings):
    settings.SENDFILE = "nginx"
    conf = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    handed_on = {
        name
        for name, value in re.findall(r"add_header (\S+) \$upstream_http_(\w+);", conf)
        if name.lower().replace("-", "_") == value
    }
    kept = {"Accept-Ranges", "Cache-Control", "Content-Disposition", "Content-Length", "Content-Type"}
    sent = set(client.get(PATH, secure=True).headers) - kept - {"X-Accel-Redirect"}
    assert sent <= handed_on and {"Strict-Transport-Security", "X-Robots-Tag"} <= handed_on
    assert "etag off;" in conf and 'add_header Last-Modified "";' in conf
