from django.conf import settings


class ContentSecurityPolicy:
    """Sends the policy of SECURE_CSP, or that of the desk (below /admin/, and where a password is set), where a view has not set its own.

    The settings have the names that Django 6 uses, whose own middleware takes this one's place.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.public = policy(settings.SECURE_CSP)
        self.desk = policy(settings.SECURE_CSP_ADMIN)

    def __call__(self, request):
        response = self.get_response(request)
        desk = request.path_info.startswith(("/admin/", "/accounts/invitation/"))
        response.headers.setdefault("Content-Security-Policy", self.desk if desk else self.public)
        return response


def policy(directives):
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
