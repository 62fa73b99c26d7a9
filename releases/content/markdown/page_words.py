"""The words of ours that a page puts into a body, in the language of the body."""

from typing import NamedTuple


class PageWords(NamedTuple):
    """`back` has a place for the number of the note: "{}"."""

    paragraph: str = "Paragraph"
    table: str = "Table"
    back: str = "Back to note {} in the text"
    video: str = "Watch the video"
    absent: str = "file not available"
    picture: str = "Picture without a description"


ENGLISH = PageWords()
