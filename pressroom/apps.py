from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class AdminConfig(SimpleAdminConfig):
    """The desk is loaded with the addresses of the site (`pressroom.urls`), since most commands need
    neither."""

    default_site = "releases.admin.site.PressRoomAdminSite"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_desk, checks.Tags.admin)


def load_desk() -> None:
    """Register every page of the desk with its site."""
    autodiscover()
    import_module("releases.admin.registry")


def check_desk(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Django's own checks of every page of the desk, which is loaded for them."""
    load_desk()
    return check_admin_app(app_configs, **kwargs)
