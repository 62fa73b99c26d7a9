import pytest

from releases.content.files.foreign_pictures import name_picture, replace_targets

CHART = "https://pics.example/u/1/chart.png"


@pytest.mark.parametrize(
    ("address", "end"),
    [
        (CHART, "-chart.png"),
        ("https://pics.example/A%20b/../é (1).PNG?size=2#x", "-1-.PNG"),
        ("https://pics.example/u/" + "x" * 90 + ".jpg", "-" + "x" * 56 + ".jpg"),
        ("//pics.example/", ""),
        ("https://[broken/a.png", ""),
    ],
)
def test_a_picture_of_another_site_is_saved_under_a_plain_name_of_its_own(address, end):
    name = name_picture(address)
    assert name == name_picture(f" {address} ")
    assert name[10:] == end and name[:10].isalnum()
    assert name != name_picture(address + "?")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"![A chart]({CHART})", "![A chart](/p.png)"),
        (f'[![]({CHART} "T")](<{CHART}>)', '[![](/p.png "T")](</p.png>)'),
        (f"<img src='{CHART}'><img src={CHART}>", "<img src='/p.png'><img src=/p.png>"),
        (f"[a]: {CHART}\n", "[a]: /p.png\n"),
        (f"![]({CHART}?x=1) ![](https://other.example/?u={CHART}2)", None),
        (f"seen{CHART}", None),
    ],
)
def test_links_and_pictures_lead_elsewhere_and_others_stay(text, expected):
    assert replace_targets(text, {CHART: "/p.png"}) == (expected or text)


def test_a_target_is_found_with_its_entities():
    assert replace_targets('<img src="/a?x=1&amp;y=2">', {"/a?x=1&y=2": r"/\1.png"}) == r'<img src="/\1.png">'
