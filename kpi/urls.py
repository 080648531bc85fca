"""Every address of assessment."""

from kpi.board_urls import board_patterns
from kpi.card_urls import card_patterns

app_name = "kpi"
urlpatterns = [
    *card_patterns,
    *board_patterns,
]
