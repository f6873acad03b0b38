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

handler400 = "accounts.answers.bad_request"
handler404 = "accounts.answers.no_such_page"
handler500 = "accounts.answers.broken"
