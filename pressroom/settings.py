"""One settings file; what differs per place comes from the environment (the table is in the README)."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_AGENCY = env.str("SITE_AGENCY", "")

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}
if not SECRET_KEY and not DEBUG:
    raise ImproperlyConfigured("SECRET_KEY is not set. Put a long random text into the environment variable SECRET_KEY.")
if DEBUG and set(ALLOWED_HOSTS) - LOOPBACK:
    raise ImproperlyConfigured("DEBUG is on while ALLOWED_HOSTS names a public host. Switch DEBUG off.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS may not be '*'. Name the hosts that the site answers to.")
