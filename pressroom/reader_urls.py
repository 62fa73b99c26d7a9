"""The addresses that only readers ask for, without those of the desk and of programs, which `pressroom.urls`
adds: a process that was asked for no other has not loaded what these need."""

from releases.public.urls import urlpatterns

__all__ = ["urlpatterns"]

handler404 = "releases.public.pages.not_found"
handler500 = "releases.public.pages.server_error"
