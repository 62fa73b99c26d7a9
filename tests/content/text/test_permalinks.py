import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.text.permalinks import PermalinkError, digest_path, fold_path, make_slug, normalise_path


@pytest.mark.parametrize(
    "path, normal",
    [
        ("/a/b/", "/a/b/"),
        ("a/b", "/a/b"),
        ("/a//b///c/", "/a/b/c/"),
        ("/A b & c's (d): e+f,g@h.md", "/A b & c's (d): e+f,g@h.md"),
        ("/全球/“x”/", "/全球/“x”/"),
        ("/media/x", "/media/x"),
        ("/news/a.html/", "/news/a.html/"),
        ("https://www.example.org/a", "/https:/www.example.org/a"),
        ("/cafe\u0301/", "/cafe\u0301/"),
        ("/" + "x" * 999, "/" + "x" * 999),
    ],
)
def test_an_address_stays_as_written(path, normal):
    assert normalise_path(path) == normal == normalise_path(normal)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "//",
        "/a/../b/",
        "/..",
        "../a",
        "/./a",
        "/a/.",
        "/%2e%2e/a",
        "/a%2fb",
        "/a%00b",
        "/a\x00b",
        "/a\nb",
        "/a\\b",
        "/a?b",
        "/a#b",
        "/<script>/",
        "/{{x}}/",
        "/\u202ea/",
        "//example.org/a",
        "/admin/",
        "/ADMIN/x",
        "/api/x",
        "/static/x",
        "/accounts/",
        "/healthz",
        "/" + "x" * 1000,
    ],
)
def test_what_can_be_no_address_is_refused(path):
    with pytest.raises(PermalinkError) as refused:
        normalise_path(path)
    assert str(refused.value).startswith(("The address", "Addresses"))


@pytest.mark.parametrize("path", ["/A/B/", "/a/b", "/a//b/", "/%61/b/", "/a/b/index.html", "a/b"])
def test_other_spellings_fold_into_one(path):
    assert fold_path(path) == fold_path("/a/b/")


@pytest.mark.parametrize("path", ["/a/b.html", "/a/c/", "/a-b/", "/a/b/c", "/"])
def test_other_paths_do_not(path):
    assert fold_path(path) != fold_path("/a/b/")


def test_composed_and_decomposed_letters_fold_into_one():
    assert fold_path("/cafe\u0301/") == fold_path("/CAF\u00c9") == fold_path("/caf%C3%A9")


@given(st.text())
def test_any_text_folds_and_has_a_digest(path):
    assert fold_path(fold_path(path)).startswith("/")
    assert len(digest_path(path)) == 64


@pytest.mark.parametrize(
    "text, slug",
    [
        ("A title", "A-title"),
        ("file-Annual (2nd) report!", "file-Annual-(2nd)-report!"),
        ("全球  排名", "全球-排名"),
        ("- a -", "a"),
        ("தமிழ் செய்தி", "தமிழ்-செய்தி"),
        ("Half ½ and ② more", "Half-and-more"),
    ],
)
def test_a_slug_is_written_as_jekyll_does(text, slug):
    assert make_slug(text) == slug
