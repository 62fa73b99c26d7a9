import pytest

from tests.mail_server import running_mail_server


@pytest.fixture
def mail_server(settings):
    """A real SMTP server, to which the settings point."""
    with running_mail_server() as server:
        settings.EMAIL_URL = "memory://"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = None
        yield server
