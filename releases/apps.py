from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class ReleasesConfig(AppConfig):
    name = "releases"
    verbose_name = "Press Room"

    def ready(self) -> None:
        pre_migrate.connect(lift_triggers, sender=self, dispatch_uid="releases.triggers")
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="releases.triggers")
        connection_created.connect(compare_clocks, dispatch_uid="releases.clock")
        keep_earlier_task_paths()


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


def keep_earlier_task_paths() -> None:
    from releases.task_paths import keep_earlier_paths  # noqa: PLC0415 (app ready)

    keep_earlier_paths()
