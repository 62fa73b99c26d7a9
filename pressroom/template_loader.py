"""Templates as they are written, sent without the white space that only their writers need."""

import re
from typing import Any

from django.template.loaders import filesystem

INDENTATION = re.compile(r"\n[ \t]+")
# A line of a tag that shows nothing, or nothing here, leaves an empty line on every page.
LINES_OF_TAGS = re.compile(
    r"^(\{% (?:if|elif|else|endif|for|empty|endfor|with|endwith|block|endblock|load|extends|lang_attr)\b[^\n%]*%\})\n",
    re.MULTILINE,
)
NEXT = "\n"
# An attribute that is there or not, on a line of its own as the formatter writes it.
LINES_OF_ATTRIBUTES = re.compile(r"\n(\{% if [^\n%]*%\})([^\n{}]+=[^\n{}]+)(\{% endif %\})\n(>?)")


class Loader(filesystem.Loader):
    """Reads the templates of this project.

    None may have indented text where white space shows (`pre`, `textarea`).
    """

    def get_contents(self, origin: Any) -> str:
        """The template's source, with fewer lines than its file. Raises TemplateDoesNotExist."""
        source = INDENTATION.sub("\n", super().get_contents(origin))
        return LINES_OF_TAGS.sub(r"\1", LINES_OF_ATTRIBUTES.sub(_join_attribute, source))


def _join_attribute(line: re.Match[str]) -> str:
    begins, attribute, ends, closes = line.groups()
    return f"{begins} {attribute}{ends}{closes or NEXT}"
