import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.files.links import (
    FileIndex,
    TypedLink,
    find_images,
    find_links,
    is_foreign,
    resolve_annex_path,
    resolve_own_path,
)

HOSTS = {"news.example", "old.example"}


@pytest.mark.parametrize(
    "body, label, target",
    [
        ("[Annex A](/files/a.pdf)", "Annex A", "/files/a.pdf"),
        ("[Annex](/files/Press Releases 2024/A b.pdf)", "Annex", "/files/Press Releases 2024/A b.pdf"),
        ("[x](/files/a%20(final)%20(2).pdf)", "x", "/files/a%20(final)%20(2).pdf"),
        ('[x](/files/a.pdf "A title")', "x", "/files/a.pdf"),
        ("[x]( </files/a.pdf> )", "x", "/files/a.pdf"),
        ("[x](/files/a&amp;b.pdf)", "x", "/files/a&b.pdf"),
        ("[x]()", "x", ""),
        ("[a [b] c](/files/a.pdf)", "a [b] c", "/files/a.pdf"),
        ("[two\nlines](/files/a.pdf)", "two\nlines", "/files/a.pdf"),
        ("<p>[PDF](/files/a.pdf)</p>", "PDF", "/files/a.pdf"),
        ('<a class="x" href="/files/a.pdf" target="_blank">The <b>file</b></a>', "The file", "/files/a.pdf"),
        ("<A HREF='/files/a.pdf'>x</A>", "x", "/files/a.pdf"),
        ("<a href=/files/a.pdf>x</a>", "x", "/files/a.pdf"),
        ("<a href='/files/a.pdf'>never closed", "never closed", "/files/a.pdf"),
        ("[![alt](/images/a.png)](/files/a.pdf)", "![alt](/images/a.png)", "/files/a.pdf"),
        ("[x](/files/annex a: key.pdf)", "x", "/files/annex a: key.pdf"),
    ],
)
def test_links_are_found_as_editors_wrote_them(body, label, target):
    assert find_links(body) == [TypedLink(label, target, 1)]


@pytest.mark.parametrize(
    "body",
    [
        "![alt](/images/a.png)",
        "[x]",
        "[x] (/files/a.pdf)",
        "(/files/a.pdf)",
        "<a name='x'>y</a>",
        "[^1]: note",
        "",
    ],
)
def test_what_is_no_link_is_not_found(body):
    assert find_links(body) == []


def test_links_come_in_their_order_with_their_lines():
    body = "x\n\n[one](/1)\n<a href='/2'>two</a> [three](/3)\n\n[four](/4)"
    assert [(link.label, link.line) for link in find_links(body)] == [
        ("one", 3),
        ("two", 4),
        ("three", 4),
        ("four", 6),
    ]


def test_pictures_are_found_with_their_text():
    body = "![A harbour](/images/a b.png)\n<img alt='A &amp; B' src=\"/images/c.png\">\n![](https://else.example/x.png)"
    expected = [
        TypedLink("A harbour", "/images/a b.png", 1),
        TypedLink("A & B", "/images/c.png", 2),
        TypedLink("", "https://else.example/x.png", 3),
    ]
    assert find_images(body) == expected


@pytest.mark.parametrize(
    "target, path",
    [
        ("/files/a.pdf", "/files/a.pdf"),
        ("files/a.pdf", "/files/a.pdf"),
        ("https://www.news.example/files/a.pdf?x=1#page=2", "/files/a.pdf"),
        ("http://old.example/files/a.pdf", "/files/a.pdf"),
        ("https://else.example/files/a.pdf", None),
        ("//else.example/files/a.pdf", None),
        ("//old.example/files/a.pdf", "/files/a.pdf"),
        ("/files/./x/../a.pdf", "/files/a.pdf"),
        ("/../files/a..b.pdf", "/files/a..b.pdf"),
        ("mailto:a@b.example", None),
        ("javascript:alert(1)", None),
        ("other/a.pdf", None),
        ("https://[broken", None),
    ],
)
def test_a_target_on_this_site_has_a_path(target, path):
    assert resolve_own_path(target, HOSTS) == path


@pytest.mark.parametrize(
    "target, is_annex",
    [
        ("/files/a/b.pdf", True),
        ("/files/list", True),
        ("/images/a.png", True),
        ("/resources/b.PDF", True),
        ("/news/a/", False),
        ("/files/", False),
        ("/news/a.html", False),
        ("https://else.example/a.pdf", False),
    ],
)
def test_an_annex_is_a_file_of_the_site(target, is_annex):
    assert (resolve_annex_path(target, HOSTS) is not None) == is_annex


def test_pictures_elsewhere_are_foreign():
    targets = [
        "https://else.example/a.png",
        "//else.example/a.png",
        "/images/a.png",
        "https://www.news.example/images/a.png",
    ]
    assert [is_foreign(target, HOSTS) for target in targets] == [True, True, False, False]


@pytest.mark.parametrize(
    "path, step, file",
    [
        ("/files/A b.pdf", "literal", "files/A b.pdf"),
        ("/files/A%20b.pdf", "decoded", "files/A b.pdf"),
        ("/files/cafe\u0301.pdf", "nfc", "files/caf\u00e9.pdf"),
        ("/FILES/a B.PDF", "casefold", "files/A b.pdf"),
        ("/cos/resources/x.pdf", "collection", "_cos/resources/x.pdf"),
        ("/files/it's  “here”.pdf", "squeezed", 'files/it’s "here".pdf'),
        ("/files/annex%20a:%20key.pdf", "decoded", "files/annex a: key.pdf"),
        ("/files/nothing.pdf", "", ""),
    ],
)
def test_a_file_is_found_however_its_path_is_written(path, step, file):
    index = FileIndex(
        [
            "files/A b.pdf",
            "files/caf\u00e9.pdf",
            "_cos/resources/x.pdf",
            'files/it’s "here".pdf',
            "files/annex a: key.pdf",
        ]
    )
    assert index.find(path) == (step, file)


def test_files_of_the_same_name_elsewhere_are_offered():
    index = FileIndex(["files/2021/Annex A.pdf", "files/2022/annex a.pdf", "files/b.pdf"])
    assert index.same_name("/gone/annex%20a.pdf") == ["files/2021/Annex A.pdf", "files/2022/annex a.pdf"]


@pytest.mark.parametrize(
    "pattern",
    [
        "[",
        "](",
        "[a](",
        "![",
        "<a ",
        "<a href=",
        "<img ",
        "[a](b",
        "((",
        "[]",
        "<a href='x'>",
        "[[a](",
        '[a](b "c',
        "\\[",
        "<",
    ],
)
def test_hostile_bodies_take_no_longer_than_their_length(pattern):
    body = pattern * (300_000 // len(pattern))
    started = time.process_time()
    find_links(body)
    find_images(body)
    assert time.process_time() - started < 10


@given(st.text(alphabet="[]()!<>a href=\"'/\n ", max_size=200))
def test_any_text_has_links_or_none(body):
    assert all(link.line >= 1 for link in find_links(body) + find_images(body))


@pytest.mark.parametrize(
    "body, label, target",
    [
        ("See [the plan][1].\n\n[1]: /files/plan.pdf\n", "the plan", "/files/plan.pdf"),
        ('[Annex A].\n\n[Annex A]: </files/a b.pdf> "A title"\n', "Annex A", "/files/a b.pdf"),
        ('<iframe src="/files/plan.pdf" title="The plan"></iframe>', "The plan", "/files/plan.pdf"),
        ('<object data="/files/a&amp;b.pdf">', "", "/files/a&b.pdf"),
        ('<video controls><source src="/files/film.mp4"></video>', "", "/files/film.mp4"),
    ],
)
def test_references_and_what_a_body_embeds_are_links_too(body, label, target):
    (link,) = find_links(body)
    assert (link.label, link.target) == (label, target)


@pytest.mark.parametrize(
    "body", ["Text[^1].\n\n[^1]: A note.\n", "<video controls></video>", "    [code]: /files/a.pdf"]
)
def test_notes_and_empty_films_are_no_links(body):
    assert find_links(body) == []
