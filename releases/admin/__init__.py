from releases.admin import signing_in
from releases.admin.agreements import admin as agreements
from releases.admin.agreements import suggestions
from releases.admin.directory import lookups, members, readonly
from releases.admin.editions import admin as editions

__all__ = ["agreements", "editions", "lookups", "members", "readonly", "signing_in", "suggestions"]
