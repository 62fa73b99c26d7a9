"""Pages as tests compare them: how a template is broken into lines is nothing that a reader sees."""

import re


def tidy(response):
    """The page of a response in one line, without the white space at the edges of tags and elements."""
    page = re.sub(r"\s+", " ", response.content.decode())
    page = re.sub(r" (>|</)", r"\1", page)
    return re.sub(r"(<[a-z][^<>]*>) ", r"\1", page)
