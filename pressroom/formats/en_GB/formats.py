"""How Django shows days and times: each time with the newsroom's zone, so that no list or history is without
one."""

from django.conf import settings

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i (" + "".join(f"\\{letter}" for letter in settings.TIME_ZONE) + ")"
