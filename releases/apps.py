from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, pre_migrate


class ReleasesConfig(AppConfig):
    name = "releases"
    verbose_name = "Press Room"

    def ready(self) -> None:
        pre_migrate.connect(lift_triggers, sender=self, dispatch_uid="releases.triggers")
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="releases.triggers")
        post_migrate.connect(index_words, sender=self, dispatch_uid="releases.words")
        connection_created.connect(compare_clocks, dispatch_uid="releases.clock")
        keep_earlier_task_paths()
        note_proofs()


def lift_triggers(*, using: str, plan: Sequence[object] = (), **kwargs: Any) -> None:
    """SQLite rebuilds a table under another name, which triggers that speak of it would refuse; PostgreSQL
    alters none that a deferred trigger still waits for."""
    from releases.models import content_version, past_issuer, rules  # noqa: PLC0415 (app ready)

    if plan:
        content_version.uninstall(connections[using])
    if plan and connections[using].vendor == "sqlite":
        past_issuer.uninstall(connections[using])
        rules.uninstall(connections[using])


def compare_clocks(**kwargs: Any) -> None:
    from releases.services.operations.clock import clock  # noqa: PLC0415 (app ready)

    clock.compare(**kwargs)


def install_triggers(*, using: str, **kwargs: Any) -> None:
    from releases.models import content_version, past_issuer, rules  # noqa: PLC0415 (app ready)

    for triggers in (past_issuer, rules, content_version):
        if triggers.can_install(connections[using]):
            triggers.install(connections[using])
        else:  # those of an older state come with its code
            triggers.uninstall(connections[using])


def index_words(*, using: str, plan: Sequence[object] = (), verbosity: int = 0, **kwargs: Any) -> None:
    """Index what is not, as where a migration has emptied the index, once the tables are those of this code."""
    from releases.management.progress import show_progress  # noqa: PLC0415 (app ready)
    from releases.services.search import index_missing  # noqa: PLC0415

    executor = MigrationExecutor(connections[using]) if plan else None
    if executor and not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        index_missing(show_progress("files and releases") if verbosity else lambda rows, title: rows)


def keep_earlier_task_paths() -> None:
    from releases.task_paths import keep_earlier_paths  # noqa: PLC0415 (app ready)

    keep_earlier_paths()


def note_proofs() -> None:
    """Signing in says when somebody last showed who they are."""
    from allauth.account.signals import authentication_step_completed  # noqa: PLC0415 (app ready)
    from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 (app ready)

    from releases.services.accounts import proofs  # noqa: PLC0415 (app ready)

    user_logged_in.connect(proofs.note_sign_in, dispatch_uid="releases.proof")
    authentication_step_completed.connect(proofs.note_step, dispatch_uid="releases.proof")
