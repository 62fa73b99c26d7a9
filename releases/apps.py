from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class ReleasesConfig(AppConfig):
    name = "releases"
    verbose_name = "Press Room"

    def ready(self) -> None:
        pre_migrate.connect(lift_rules, sender=self, dispatch_uid="releases.rules")
        post_migrate.connect(install_rules, sender=self, dispatch_uid="releases.rules")
        keep_earlier_task_paths()


def lift_rules(*, using: str, plan: Sequence[object] = (), **kwargs: Any) -> None:
    """SQLite rebuilds a table under another name, which triggers that speak of it would refuse."""
    from releases.models import rules  # noqa: PLC0415 (app ready)

    if plan and connections[using].vendor == "sqlite":
        rules.uninstall(connections[using])


def install_rules(*, using: str, **kwargs: Any) -> None:
    from releases.models import rules  # noqa: PLC0415 (app ready)

    if rules.can_install(connections[using]):
        rules.install(connections[using])
    else:  # the rules of an older state come with its code
        rules.uninstall(connections[using])


def keep_earlier_task_paths() -> None:
    from releases.task_paths import keep_earlier_paths  # noqa: PLC0415 (app ready)

    keep_earlier_paths()
