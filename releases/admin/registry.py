"""Registers the pages of the desk. The package itself does not, since it holds the site that they are registered with."""

from releases.admin.agreements import admin as agreements
from releases.admin.agreements import suggestions
from releases.admin.directory import lookups, members, readonly
from releases.admin.editions import admin as editions
from releases.admin.editions import release_admin

__all__ = ["agreements", "editions", "lookups", "members", "readonly", "release_admin", "suggestions"]
