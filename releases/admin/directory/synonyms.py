"""The desk's page of words that mean the same to the search."""

from django.contrib import admin

from releases.admin.base.ledger_entries import RecordedAdmin
from releases.models import Synonym


@admin.register(Synonym)
class SynonymAdmin(RecordedAdmin):
    listed = "words that mean the same to the search"
    fields = ["words"]
    search_fields = ["words"]
