import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.text.script_languages import detect_language, mark_scripts, split_scripts


@pytest.mark.parametrize(
    "text, own, found",
    [
        ("No Chinese", "en", [("No Chinese", "")]),
        ("Show 《没马跑》 opens", "en", [("Show 《", ""), ("没马跑", "zh-Hans"), ("》 opens", "")]),
        ("议长先生，有议员问：2023 年", "en", [("议长先生，有议员问：2023 年", "zh-Hans")]),
        ("议长先生 said", "zh-Hans", [("议长先生 ", ""), ("said", "en")]),
        ("使用 AI 和 5G 的 SMU", "zh-Hans", [("使用 AI 和 5G 的 SMU", "")]),
        ("请 Tan Ah Kow 先生", "zh-Hans", [("请 ", ""), ("Tan Ah Kow", "en"), (" 先生", "")]),
        ("R&D to grow&nbsp;中文", "zh-Hans", [("R&D to grow", "en"), ("&nbsp;中文", "")]),
        ("அமைச்சர் Digital for Life", "ta", [("அமைச்சர் ", ""), ("Digital for Life", "en")]),
        ("A title in English", "zh-Hans", [("A title in English", "en")]),
        ("Kedudukan தமிழ் நாட்டில்.", "ms", [("Kedudukan ", ""), ("தமிழ் நாட்டில்", "ta"), (".", "")]),
        ("ようこそ東京へ and 한국", "en", [("ようこそ東京へ", "ja"), (" and ", ""), ("한국", "ko")]),
        ("க்\u200cஷ and \u200d", "en", [("க்\u200cஷ", "ta"), (" and \u200d", "")]),
        ("", "en", []),
    ],
)
def test_runs_in_another_script_have_their_language(text, own, found):
    assert list(split_scripts(text, own)) == found


@pytest.mark.parametrize(
    "text, language",
    [
        ("部长致辞\n各位来宾，大家好。Thank you.", "zh-Hans"),
        (
            '见<a href="/files/annex-a-of-the-speech.pdf">附件</a>和[网站](https://www.news.example/about-us/)。',
            "zh-Hans",
        ),
        ("அமைச்சரின் உரை, அனைவருக்கும் வணக்கம்: Digital for Life", "ta"),
        ("Speech at the 新加坡 dinner\nGood evening. 大家好。", ""),
        ("Kenyataan akhbar", ""),
        ("2024: 1, 2, 3", ""),
        ("", ""),
        ("A byline in English. " * 90 + "附件" * 999, "zh-Hans"),
    ],
)
def test_the_language_of_a_text_is_that_of_most_of_its_letters(text, language):
    assert detect_language(text) == language


def test_only_text_is_marked_and_tags_stay():
    html = '<p>See <a href="/新/" title="新">新加坡</a> &amp; <strong>more</strong></p>'
    assert mark_scripts(html, "en") == html.replace(">新加坡<", '><span lang="zh-Hans">新加坡</span><')
    assert mark_scripts("<p>Plain</p>", "en") == "<p>Plain</p>"
    chinese = "<p>新&nbsp;Plain words&nbsp;&amp; more&nbsp;新</p>"
    assert mark_scripts(chinese, "zh-Hans") == (
        '<p>新&nbsp;<span lang="en">Plain words&nbsp;&amp; more</span>&nbsp;新</p>'
    )


@given(st.text(alphabet="ab 新加坡தமி한국ようこそ,.1", max_size=40))
def test_no_character_is_lost_and_runs_never_touch_in_one_language(text):
    assert "".join(piece for piece, _ in split_scripts(text, "zh-Hans")) == text
    found = list(split_scripts(text, "en"))
    assert "".join(piece for piece, _ in found) == text
    assert all(piece for piece, _ in found)
    assert all(one[1] != other[1] for one, other in pairwise(found) if not one[1])


@pytest.mark.parametrize(
    "piece", ["\u200d", "\u200c\u200d", "漢 ", "漢ー", "தமிழ்\u200d", ",", "あ漢, ", "ab ", "ab&", "&nbsp;a"]
)
def test_a_text_of_100_000_signs_is_marked_in_time(piece):
    begun = time.process_time()
    for own in ("en", "zh-Hans"):
        mark_scripts("漢" + piece * (100_000 // len(piece)), own)
    assert time.process_time() - begun < 1
