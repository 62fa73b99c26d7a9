"""SVG pictures of old sites: seen in their releases, and nothing in them runs however they are opened."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_hostile_files import OPEN, WAYS, heard, visit
from tests.sites import SiteFolder

__all__ = ["heard"]
RUN = "alert(1)"
ROOT = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='40' height='30'"
DRAWINGS = {
    "script": f"{ROOT}><script>{RUN}</script></svg>",
    "prefixed": f"<s:svg xmlns:s='http://www.w3.org/2000/svg'><s:script>{RUN}</s:script></s:svg>",
    "entity": f"<!DOCTYPE svg [<!ENTITY run '{RUN}'>]>{ROOT}><script>&run;</script></svg>",
    "load": f"{ROOT} onload='{RUN}'><rect width='40' height='30' onmouseover='{RUN}'/></svg>",
    "animated": f"{ROOT}><animate onbegin='{RUN}' attributeName='x' dur='1s'/><set attributeName='onload' to='{RUN}'/></svg>",
    "page": f"{ROOT}><foreignObject width='40' height='30'><body xmlns='http://www.w3.org/1999/xhtml'>"
    f"<img src='x' onerror='{RUN}'/><iframe src='javascript:{RUN}'/><meta http-equiv='refresh' content='0;url=https://out.example/'/>"
    "<form action='https://out.example/'><input autofocus='' onfocus='alert(1)'/></form></body></foreignObject></svg>",
    "outside": f"{ROOT}><image href='https://out.example/a.png' width='9' height='9'/><script href='https://out.example/a.js'/>"
    "<use href='https://out.example/a.svg#x'/><style>@import 'https://out.example/a.css';</style></svg>",
    "link": f"{ROOT}><a xlink:href='javascript:{RUN}'><rect width='40' height='30'/></a></svg>",
    "style": f"<?xml-stylesheet href='https://out.example/a.css'?>{ROOT}><handler>{RUN}</handler></svg>",
}
GOOD = (
    f"<?xml version='1.0'?>\n{ROOT}><style>rect {{ fill: #05a }}</style><rect width='40' height='30'/></svg>"
)


@pytest.fixture
def drawings(site, tmp_path):
    """A release that shows an ordinary drawing and the hostile ones; returns their paths."""
    folder = SiteFolder(tmp_path / "site")
    folder.write("images/good.svg", GOOD)
    for name, drawing in DRAWINGS.items():
        folder.write(f"images/{name}.svg", drawing)
    shown = "".join(f"![A {name} drawing](/images/{name}.svg)\n\n" for name in ("good", *DRAWINGS))
    folder.post(body=shown)
    assert folder.load().created == 1
    return [f"/images/{name}.svg" for name in DRAWINGS]


def test_a_drawing_is_seen_and_none_runs(page, site, drawings, heard):
    page.goto(f"{site}/news/press-releases/a/")
    picture = page.get_by_alt_text("A good drawing")
    expect(picture).to_be_visible()
    assert picture.evaluate(
        "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"
    ) == [40, 30]
    sent = []  # a request that the policy stops is told as one, but never comes here
    page.route("https://out.example/**", lambda route: (sent.append(route.request.url), route.abort()))
    probe = f"{site}/a-page-without-a-policy/"
    page.route(probe, lambda route: route.fulfill(body="<!doctype html><body>", content_type="text/html"))
    for path in drawings:
        visit(page, site + path)
        assert page.url == site + path
        page.mouse.click(20, 15)
        assert page.url == site + path
        page.goto(probe)
        for way in WAYS:
            page.evaluate(OPEN, [way, site + path])
        assert page.url == probe
    assert sent == []
    assert [told for told in heard if not told.startswith("https://out.example/")] == []
