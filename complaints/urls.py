"""Addresses of the desk, by subject."""

from complaints.board_urls import board_patterns
from complaints.case_urls import case_patterns
from complaints.clock_urls import clock_patterns
from complaints.form_urls import form_patterns

app_name = "complaints"
urlpatterns = [
    *board_patterns,
    *case_patterns,
    *clock_patterns,
    *form_patterns,
]
