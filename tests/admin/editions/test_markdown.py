import io
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from releases.content.markdown import render
from releases.models import Blob, Upload
from tests.factories import make_agency, make_edition, make_live, make_member, make_next, make_user, save

pytestmark = pytest.mark.django_db
PREVIEW, UPLOAD = "/admin/markdownx/markdownify/", "/admin/markdownx/upload/"


@pytest.fixture
def editor(client):
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_edition"))
    client.force_login(user)
    return user


def picture(size=(40, 30), kind="PNG", **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "navy").save(stream, kind, **options)
    return stream.getvalue()


def send(client, data, name="photo.png", media_type="image/png"):
    return client.post(UPLOAD, {"image": SimpleUploadedFile(name, data, media_type)})


@pytest.mark.parametrize("staff", [None, False, True])
def test_nobody_without_the_right_gets_anything(client, staff):
    if staff is not None:
        client.force_login(make_user(is_staff=staff))
    for path, values in (
        (PREVIEW, {"content": "# hi"}),
        (UPLOAD, {"image": SimpleUploadedFile("a.png", picture())}),
    ):
        response = client.post(path, values)
        assert response.status_code == 403
        assert b"You may not do this." in response.content
    assert not Blob.objects.exists()


def test_a_request_from_another_site_is_refused(editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(PREVIEW, {"content": "x"}).status_code == 403
    assert strict.post(UPLOAD, {"image": SimpleUploadedFile("a.png", picture())}).status_code == 403


@pytest.mark.parametrize("path", [PREVIEW, UPLOAD])
def test_only_post_and_with_all_parts(client, editor, path):
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 400


@pytest.mark.parametrize(
    "body", ["<script>alert(1)</script>", '<img src="x" onerror="alert(1)">', "[x](javascript:alert(1))"]
)
def test_the_preview_is_what_the_page_will_show(client, editor, body):
    answer = client.post(PREVIEW, {"content": f"**Bold** {body}"}).content.decode()
    assert "<strong>Bold</strong>" in answer
    assert not any(bad in answer for bad in ("<script", "onerror", 'href="javascript:'))


def test_a_text_that_cannot_be_shown_is_refused_in_words(client, editor):
    answer = client.post(PREVIEW, {"content": "> " * 60 + "<b>a"})
    assert answer.status_code == 400
    assert answer.content.decode().startswith(
        '<p class="markdownx-refused">The text is nested more than 20 deep'
    )


@pytest.mark.parametrize("kind, suffix", [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")])
def test_a_picture_is_taken_and_asks_for_its_description(client, editor, kind, suffix):
    code = send(client, picture(kind=kind), f"My photo.{suffix}").json()["image_code"]
    path = Upload.objects.get().address.path
    assert code == f"![Describe this image]({path})"
    assert path.endswith(f"/my-photo.{suffix}")
    assert client.get(path).status_code == 404


def test_a_picture_loses_what_the_camera_wrote_into_it(client, editor):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"
    assert send(client, picture(kind="JPEG", exif=exif), "a.jpg").status_code == 200
    stored = Blob.objects.get().file.read_bytes()
    assert b"Secret camera" not in stored
    assert not Image.open(io.BytesIO(stored)).getexif()


@pytest.mark.parametrize(
    "name, data",
    [
        ("evil.html", b"<script>alert(1)</script>"),
        ("evil.gif", b"GIF89a<script>alert(1)</script>"),
        ("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("evil.svg", b"<script" * 4000),
        ("evil.png", b"<svg><script>alert(1)</script></svg>"),
        ("broken.png", b"\x89PNG\r\n\x1a\n broken"),
        ("half.jpg", b"\xff\xd8\xff\xe0 half"),
        ("empty.png", b""),
        ("x.php", b"<?php echo 1;"),
        ("tiff.tif", b"II*\x00 not for the web"),
    ],
)
@pytest.mark.parametrize("media_type", ["image/gif", "image/png", "image/svg+xml"])
def test_what_is_no_picture_is_refused_and_nothing_is_written(client, editor, media, name, data, media_type):
    response = send(client, data, name, media_type)
    assert response.status_code == 400
    assert "picture" in response.json()["error"]
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_opened_out(client, editor):
    stream = io.BytesIO()
    Image.new("1", (13000, 13000)).save(stream, "PNG")
    response = send(client, stream.getvalue())
    assert response.status_code == 400
    assert "13000 × 13000 pixels" in response.json()["error"]


@pytest.mark.parametrize("name", ["photo.html", "\u202egnp.exe", "photo.svg"])
def test_a_picture_with_the_name_of_something_else_is_refused(client, editor, name):
    response = send(client, picture(), name)
    assert response.status_code == 400
    assert "PNG, JPEG, GIF and WebP are." in response.json()["error"]


def test_a_picture_with_damaged_bytes_is_refused(client, editor):
    data = bytearray(picture())
    data[data.index(b"IDAT") + 6] ^= 0xFF
    assert "no picture that can be read" in send(client, bytes(data)).json()["error"]


def test_the_name_of_a_picture_leads_nowhere_else(client, editor):
    for name in (
        "../../evil.png",
        "a\r\nSet-Cookie: x.png",
        "x" * 300 + ".png",
        "\u202egnp.png",
        ".htaccess",
    ):
        assert send(client, picture(), name).status_code == 200
    for upload in Upload.objects.all():
        assert upload.address.path.count("/") == 4
        assert upload.address.path.endswith(".png")


def test_a_picture_belongs_to_the_editions_whose_text_shows_it(client, editor):
    path = send(client, picture()).json()["image_path"]
    edition = save(make_edition(), body=f"![A harbour]({path})")
    assert [(row.address.path, row.alt_text) for row in edition.illustrations.all()] == [(path, "A harbour")]
    save(edition, body="No picture")
    assert not edition.illustrations.exists()


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_preview_is_the_body_of_the_page_in_its_language(client, language):
    """Runs of another script are marked on both, by the language that the form asks with."""
    text = "1. Lianhe Zaobao (联合早报) wrote of it.\n\n2. Two."
    edition = make_live(body=text, body_html=render(text), language=language)
    client.force_login(make_member(make_agency()))
    draft = make_next(edition)
    form = client.get(reverse("admin:releases_edition_change", args=[draft.pk])).content.decode()
    url = re.search(r'data-markdownx-urls-path="([^"]+)"', form)[1]
    shown = client.post(url, {"content": text}).content.decode()
    page = client.get(edition.permalink).content.decode()
    assert re.search(rf'<div class="release-body">\s*{re.escape(shown.strip())}', page)
    assert ('<span lang="zh' in shown) == (language == "en")
