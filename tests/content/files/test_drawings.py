"""Drawings of an office: what draws stays, what could do anything else goes, and none makes much of little."""

import time

import pytest

from releases.content.files.drawings import Drawing, DrawingRefused, clean_drawing

ROOT = (
    "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 400 100'"
)
RUN = "alert(1)"
HOSTILE = {
    "script": f"{ROOT}><script>{RUN}</script></svg>",
    "handlers": f"{ROOT} onload='{RUN}'><rect onclick='{RUN}' width='4' height='3'/></svg>",
    "page": f"{ROOT}><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><iframe src='javascript:{RUN}'/></body></foreignObject></svg>",
    "link": f"{ROOT}><a xlink:href='javascript:{RUN}'><text>a</text></a></svg>",
    "outside": f"{ROOT}><image href='https://out.example/a.png'/><use href='https://out.example/a.svg#x'/></svg>",
    "styles": f"{ROOT}><rect style='fill:url(https://out.example/a)'/></svg>",
    "nested": f"{ROOT}><image href='data:image/svg+xml,&lt;svg onload=alert(1)&gt;'/></svg>",
    "instruction": f"<?xml-stylesheet href='https://out.example/a.css'?>{ROOT}><handler>{RUN}</handler></svg>",
}
GONE = (
    "<script",
    "script>",
    "onload",
    "onclick",
    "onbegin",
    "javascript:",
    "foreignObject",
    "iframe",
    "out.example",
    "svg+xml",
    "handler",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_left_that_runs_or_leads_elsewhere(name):
    cleaned = clean_drawing(HOSTILE[name].encode()).data.decode()
    assert [word for word in GONE if word in cleaned] == []
    assert "svg" in cleaned


def test_what_draws_is_kept():
    drawn = (
        f"{ROOT}><defs><linearGradient id='g'><stop offset='1' stop-color='#05a'/></linearGradient></defs>"
        "<style>.a { fill: #05a }</style><g transform='translate(2)'><path class='a' d='M0 0L9 9'/></g>"
        "<use href='#g'/><rect fill='url(#g)' width='4' height='3'/><text>Ministry of Tidés</text>"
        "<image href='data:image/png;base64,AAAA' width='1' height='1'/></svg>"
    )
    cleaned = clean_drawing(drawn.encode()).data.decode()
    for part in ("linearGradient", ".a { fill: #05a }", 'd="M0 0L9 9"', 'href="#g"', "url(#g)", "Tidés"):
        assert part in cleaned, part
    assert "data:image/png;base64,AAAA" in cleaned and "translate(2)" in cleaned


@pytest.mark.parametrize(
    "attributes, size",
    [
        ("viewBox='0 0 400 100' width='9' height='9'", (1000, 250)),
        ("viewBox='-1,-1 , 0.5 1'", (500, 1000)),
        ("width='40mm' height='10mm'", (1000, 250)),
        ("width='96' height='1in'", (1000, 1000)),
    ],
)
def test_its_proportion_is_known_and_it_can_be_shown_in_any_size(attributes, size):
    drawing = clean_drawing(
        f"<svg xmlns='http://www.w3.org/2000/svg' {attributes}><path d='M0 0'/></svg>".encode()
    )
    assert drawing[1:] == size and drawing.data.count(b"viewBox=") == 1


LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
REFUSED = {
    "no drawing": "nothing",
    "a page": "<html><svg viewBox='0 0 1 1'/></html>",
    "of no namespace": "<svg viewBox='0 0 1 1'/>",
    "prefixed": f"<s:svg xmlns:s='http://www.w3.org/2000/svg' viewBox='0 0 4 1'><s:script>{RUN}</s:script></s:svg>",
    "moving": f"{ROOT}><set attributeName='href' to='javascript:{RUN}'/></svg>",
    "cut short": f"{ROOT}><g>",
    "of no size": "<svg xmlns='http://www.w3.org/2000/svg' width='100%'/>",
    "of no extent": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 9'/>",
    "without end": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 nan inf'/>",
    "laughs": f"<!DOCTYPE svg [<!ENTITY a0 'ha'>{LAUGHS}]>{ROOT}><text>&a9;</text></svg>",
    "reads a file": f"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{ROOT}><text>&a;</text></svg>",
    "deep": f"{ROOT}>{'<g>' * 12_000}{'</g>' * 12_000}</svg>",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_drawing_is_refused_at_once(name):
    begun = time.process_time()
    with pytest.raises(DrawingRefused):
        clean_drawing(REFUSED[name].encode())
    assert time.process_time() - begun < 0.5


def test_a_cleaned_drawing_is_left_as_it_is():
    once = clean_drawing(HOSTILE["handlers"].encode())
    assert clean_drawing(once.data) == Drawing(once.data, 1000, 250)
