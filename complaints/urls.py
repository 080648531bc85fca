"""Addresses of the desk, by subject."""

from complaints.form_urls import form_patterns

app_name = "complaints"
urlpatterns = [
    *form_patterns,
]
