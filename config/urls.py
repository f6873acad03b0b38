"""Every URL, by the name of the app that holds its door."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("evidence.urls")),
    path("", include("custody.urls")),
    path("", include("sharing.urls")),
    path("", include("audit.urls")),
    path("", include("home.urls")),
]
