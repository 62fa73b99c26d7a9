"""What an editor sees of a body before it is saved."""

from releases.content.rendering import decorate, render


def preview(markdown: str) -> str:
    """Exactly what the page will show. Raises BodyRefused."""
    return decorate(render(markdown))
