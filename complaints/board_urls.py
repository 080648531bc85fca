"""Addresses of the board, its analysis and its prints."""

from django.urls import path

from complaints.views import analysis, board

board_patterns = [
    path("cases/", board.case_list, name="case_list"),
    path("cases/fresh/", board.case_fresh, name="case_fresh"),
    path("cases/bulk/", board.case_bulk, name="case_bulk"),
    path("cases/analysis/", analysis.case_analysis, name="case_analysis"),
    path("cases/book/", analysis.case_book, name="case_book"),
    path("cases/<int:pk>/print/", analysis.case_print, name="case_print"),
]
