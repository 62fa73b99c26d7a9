"""What Press Room itself says in the text of a release, in the language of the release."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext, override

from releases.content.markdown.page_words import PageWords


@lru_cache(maxsize=64)
def find_page_words(language: str) -> PageWords:
    """In `language`, or in English where Press Room does not speak it."""
    with override(language.lower() if language.lower() in dict(settings.LANGUAGES) else "en"):
        return PageWords(
            paragraph=gettext("Paragraph"),
            table=gettext("Table"),
            back=gettext("Back to note {} in the text"),
            video=gettext("Watch the video"),
            absent=gettext("file not available"),
            picture=gettext("Picture without a description"),
        )
