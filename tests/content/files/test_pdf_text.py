import unicodedata

import pytest

from releases.content.files.pdf_text import clean_pages


def clean(*pages):
    return list(clean_pages(pages))


@pytest.mark.parametrize(
    "text, whole",
    [
        ("The arrange\x02ment stands", "The arrangement stands"),
        ("The arrange\ufffement stands", "The arrangement stands"),
        ("The arrange-\nment stands", "The arrangement stands"),
        ("The arrange\u2010\r\nment stands", "The arrangement stands"),
        ("sus\u00adtainability and sus\u00ad\ntainability", "sustainability and sustainability"),
        ("Größen\x02ordnung", "Größenordnung"),
        ("MINIS\x02TRY", "MINISTRY"),
        ("of\ufb01ce and e\ufb03cient", "office and efficient"),
        ("a dash - \nand a list\n- one", "a dash - \nand a list\n- one"),
    ],
)
def test_a_word_that_a_line_s_end_parted_is_whole(text, whole):
    assert clean(text) == [whole]


@pytest.mark.parametrize(
    "text",
    [
        "the long\x02term plan, in the long run, a term of office",
        "a long\x02term plan that is long-term",
        "Singapore\x02Malaysia",
        "2019\x022020",
        "COVID\x0219",
    ],
)
def test_a_hyphen_of_the_word_itself_stays(text):
    assert clean(text) == [text.replace("\x02", "-")]


def test_the_words_of_the_whole_document_decide():
    assert clean("a state\x02owned firm", "The state sold what it owned.")[0] == "a state-owned firm"
    assert clean("a with\x02out b", "with what is out, without")[0] == "a without b"


def test_no_page_holds_characters_that_only_programs_read():
    page = "".join(map(chr, range(0x100))) + "\ufeff\ud800"
    (text,) = clean(page)
    assert {letter for letter in text if unicodedata.category(letter) == "Cc"} == {"\n", "\t"}
    assert text.encode()
