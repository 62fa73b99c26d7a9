"""Files that mean harm, through every door by which an editor hands files in: refused in words, or taken and
inert."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from releases.content.text.permalinks import quote_path
from releases.models import Address, Edition
from releases.services.publishing import approval
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_member, make_section, make_user, save

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + SCRIPT + b"</svg>"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>\n"
ANNEX, ROW, PICTURE = "annex", "row", "picture"


def picture(kind="GIF", size=(2, 2), **options):
    stream = io.BytesIO()
    Image.new("L", size).save(stream, kind, **options)
    return stream.getvalue()


def zipped(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


FILES = {  # name: (bytes, the doors that take it)
    "script.svg": (SVG, []),
    "picture.png": (SVG, []),
    "page.html": (SCRIPT, []),
    "page.xhtml": (b"<html xmlns='http://www.w3.org/1999/xhtml'>" + SCRIPT + b"</html>", []),
    "page.pdf": (SCRIPT, []),
    "page.docx": (SCRIPT, []),
    "utf16.txt": (b"\xff\xfe" + SCRIPT.decode().encode("utf-16-le"), []),
    "page.txt": (SCRIPT, [ANNEX, ROW]),
    "formula.csv": (b"=cmd|' /C calc'!A1,2\n", [ANNEX, ROW]),
    "polyglot.gif": (picture() + SCRIPT, [ANNEX, ROW, PICTURE]),
    "polyglot.html": (picture() + SCRIPT, []),
    "active.pdf": (PDF, [ANNEX, ROW]),
    "late.pdf": (b"MZ" + PDF, []),
    "tool.exe": (b"MZ\x90\x00", []),
    "broken.png": (picture("PNG", (64, 64))[:60], []),
    "bomb.png": (picture("PNG", (13_000, 13_000)), []),
    "slip.zip": (zipped(**{"..__..__etc__cron.d__x": b"x"}), []),
    "macro.docx": (zipped(word__vbaProject=b"x"), []),
    "nothing.pdf": (b"", []),
    "../../manage.py": (PDF, []),
    "report\u202efdp.exe": (PDF, []),
    'a";filename="b.html': (PDF, []),
    "a%0D%0ASet-Cookie: x=1.pdf": (PDF, [ANNEX, ROW]),
}


@pytest.fixture
def writer(client):
    user = make_member(make_agency(), role="writer")
    client.force_login(user)
    return user


def hand_in(client, door, name):
    """(the answer, the edition whose file it became, if any)"""
    file = SimpleUploadedFile("x", FILES[name][0])
    file._name = name
    if door == PICTURE:
        answer = client.post("/admin/markdownx/upload/", {"image": file})
        return answer, _showing(answer.json()["image_path"]) if answer.status_code == 200 else None
    add = reverse("admin:releases_edition_add")
    typed = {"title": "A title", "summary": "Kept", "body": "Words.", "section": make_section().pk}
    rows = {"annexes-TOTAL_FORMS": 1, "annexes-0-title": "Its name", "annexes-0-file": file}
    files = {"new_annexes": [file]} if door == ANNEX else rows
    answer = client.post(
        add, sent(client.get(add), **typed, **{"issuers-0-agency": make_agency().pk}, **files)
    )
    return answer, Edition.objects.first()


def _showing(path):
    edition = make_edition(
        body=f"![A picture]({path})", body_html=f'<p><img src="{path}" alt="A picture"></p>'
    )
    return save(edition, body=edition.body, body_html=edition.body_html)


def message_of(answer, door):
    if door == PICTURE:
        return answer.json()["error"]
    form = answer.context["adminform"].form
    if door == ANNEX:
        return " ".join(form.errors["new_annexes"])
    inlines = {inline.formset.prefix: inline.formset for inline in answer.context["inline_admin_formsets"]}
    return " ".join(inlines["annexes"].forms[0].errors["file"])


@pytest.mark.parametrize("door", [ANNEX, ROW, PICTURE])
@pytest.mark.parametrize("name", FILES, ids=repr)
def test_a_harmful_file_is_refused_in_words_or_can_do_nothing(client, writer, name, door):
    answer, edition = hand_in(client, door, name)
    if door in FILES[name][1]:
        check_inert(client, edition)
        return
    assert answer.status_code == (400 if door == PICTURE else 200)
    assert len(message_of(answer, door)) > 12
    assert not Edition.objects.exists() and not Address.objects.filter(kind="file").exists()
    if door != PICTURE:
        page = answer.content.decode()
        assert all(words in page for words in ('value="A title"', "Kept", "Words."))
        assert door == ANNEX or 'value="Its name"' in page


def check_inert(client, edition):
    """Published, it is handed out as a download, or as a picture or PDF that may load and run nothing."""
    approval.approve(edition, approver=make_user(), at=timezone.now())
    client.logout()
    rows = [*edition.annexes.all(), *edition.illustrations.all()]
    assert rows
    for row in rows:
        path = row.address.path
        assert path.isascii() and not set(path) & set("\r\n\"'<>:;\\") and ".." not in path
        answer = client.get(quote_path(path))
        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        inline = answer["Content-Type"] in ("application/pdf", "image/gif")
        assert answer["Content-Disposition"].startswith("inline" if inline else "attachment")
        assert ("sandbox" in answer["Content-Security-Policy"]) is (
            answer["Content-Type"] != "application/pdf"
        )
        assert "Set-Cookie" not in answer
