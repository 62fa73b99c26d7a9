"""Registers the pages of the desk.

The package itself does not, since it holds the site that they are registered with.
"""

from releases.admin import security_log
from releases.admin.agreements import admin as agreements
from releases.admin.agreements import suggestions
from releases.admin.directory import (
    agencies,
    mail,
    members,
    newsroom,
    readonly,
    redirects,
    sections,
    standing_texts,
    synonyms,
)
from releases.admin.editions import admin as editions
from releases.admin.editions import release_admin

__all__ = [
    "agencies",
    "agreements",
    "editions",
    "mail",
    "members",
    "newsroom",
    "readonly",
    "redirects",
    "release_admin",
    "sections",
    "security_log",
    "standing_texts",
    "suggestions",
    "synonyms",
]
