"""What a body may ask of the renderer. Every step is paid for, so no text can hold a process for long."""

from releases.content.text.limits import LARGEST_BODY

LONG_BODY = 8_000
"""Characters from which a body is read on a stack of its own; a shorter one takes 0.4 s at an unlucky depth
of calls."""
DEEPEST_BLOCK = 20
DEEPEST_SPAN = 20
DEEPEST_TAG = 100
STEPS = 250_000
STEPS_OF_A_PART = 4
CHARACTERS_OF_A_STEP = 100
LARGEST_GROWTH = 20
SMALLEST_OUTPUT = 100_000


class BodyRefused(ValueError):
    """A body that is too large or too deeply nested to show; the message is for the editor."""


class Budget:
    """The steps that a body has left."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = STEPS

    def spend(self, steps: int = 1) -> None:
        """Raises BodyRefused where no steps are left."""
        self.left -= steps
        if self.left < 0:
            raise BodyRefused(
                "The text is too complicated to show: too many marks that open and never close."
            )


def check_source(markdown: str) -> None:
    """Raises BodyRefused."""
    if (size := len(markdown.encode("utf-8", "surrogatepass"))) > LARGEST_BODY:
        raise BodyRefused(f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed.")


def check_depth(depth: int) -> None:
    """Raises BodyRefused."""
    if depth > DEEPEST_BLOCK:
        raise BodyRefused(
            f"The text is nested more than {DEEPEST_BLOCK} deep (lists in lists, or quotations)."
        )


def check_output(markdown: str, html: str) -> None:
    """Raises BodyRefused."""
    if len(html) > max(SMALLEST_OUTPUT, LARGEST_GROWTH * len(markdown)):
        raise BodyRefused(
            "The text is too complicated to show: the page would be many times as long as the text."
        )
