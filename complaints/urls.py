"""Addresses of the desk, by subject."""

from complaints.clock_urls import clock_patterns
from complaints.form_urls import form_patterns

app_name = "complaints"
urlpatterns = [
    *clock_patterns,
    *form_patterns,
]
