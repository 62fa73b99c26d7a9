from django.conf import settings

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i (" + "".join(f"\\{letter}" for letter in settings.TIME_ZONE) + ")"
