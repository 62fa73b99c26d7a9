"""An empty newsroom in the place of a full one, within one test: what an operator has after `migrate`."""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from releases.models import rules
from releases.services.search.engine import EDITIONS, PAGES


def empty_newsroom():
    """Delete every row of ours, which the rules of the database would refuse, and put the rules back."""
    models = apps.get_app_config("releases").get_models(include_auto_created=True)
    tables = [*(model._meta.db_table for model in models), EDITIONS, PAGES]
    connection.check_constraints()  # PostgreSQL changes no table whose checks are still to come
    rules.uninstall(connection)
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables):
            cursor.execute(statement)
    connection.check_constraints()
    rules.install(connection)
