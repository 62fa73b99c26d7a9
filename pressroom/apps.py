from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class DeskConfig(SimpleAdminConfig):
    """The desk is loaded with the addresses of the site (`pressroom.urls`), since most commands need neither."""

    default_site = "pressroom.desk.Desk"

    def ready(self):
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_desk, checks.Tags.admin)


def check_desk(app_configs, **kwargs):
    autodiscover()
    return check_admin_app(app_configs, **kwargs)
