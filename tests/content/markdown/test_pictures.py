import re

import pytest

from releases.content.markdown import decorate, render
from releases.content.markdown.pictures import Picture

COPIES = (("/copies/480.webp", 480), ("/copies/960.webp", 960))
PICTURES = {"/images/a b.png": Picture(1200, 600, COPIES), "/images/moves.gif": Picture(100, 50)}


def page(body):
    return decorate(render(body), pictures=PICTURES)


def test_a_screen_gets_the_copy_that_it_needs_and_keeps_its_room():
    html = page("![Herring](/images/a%20b.png)")
    assert 'srcset="/copies/480.webp 480w, /copies/960.webp 960w"' in html
    assert 'sizes="(min-width: 776px) 736px, calc(100vw - 40px)"' in html
    assert '<img alt="Herring" src="/images/a%20b.png" width="1200" height="600">' in tidy(html)
    assert '<a class="original" href="/images/a%20b.png"><picture>' in html


def tidy(html):
    """With the attributes of the picture in one order."""
    return re.sub(r'<img src="([^"]*)" alt="([^"]*)"', r'<img alt="\2" src="\1"', html)


def test_only_the_first_is_asked_for_at_once():
    html = page("![One](/images/a%20b.png)\n\n![Two](/images/a%20b.png)\n\n![Three](/other.png)")
    assert ['loading="lazy"' in tag for tag in re.findall("<img[^<>]*>", html)] == [False, True, True]


@pytest.mark.parametrize(
    "body, size, width",
    [
        ('<img src="/images/a b.png" alt="x" width="300">', 'width="300" height="150"', 300),
        ('<img src="/images/a b.png" alt="x" width="100%">', 'width="1200" height="600"', 736),
        ('<img src="/images/a b.png" alt="x" height="9">', 'width="1200" height="600"', 736),
    ],
)
def test_a_typed_width_counts_and_its_height_follows(body, size, width):
    html = page(body)
    assert size in html and html.count(" width=") == html.count(" height=") == 1
    assert f"{width}px, calc" in html


def test_what_moves_has_its_room_and_no_copies():
    html = page("![Waves](/images/moves.gif)")
    assert 'width="100" height="50"' in html and "<picture" not in html and "original" not in html


@pytest.mark.parametrize("body", ["[![A](/images/a%20b.png)](/elsewhere/)", "![](/images/a%20b.png)"])
def test_no_link_stands_in_a_link_or_has_no_name(body):
    html = page(body)
    assert "<picture" in html and "original" not in html


def test_the_title_of_a_picture_alone_is_its_caption():
    html = page('![Herring](/images/a%20b.png "Boats & nets. Photo: A. Tan")')
    assert (
        "<figcaption>Boats &amp; nets. Photo: A. Tan</figcaption></figure>" in html and "title=" not in html
    )
    assert "<figure" not in page('See ![Herring](/images/a%20b.png "Boats") here')
    assert "<figure" not in page("![Herring](/images/a%20b.png)")
