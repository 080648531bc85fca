"""Addresses of service phrases, quality feedback, instructions, opinions and irregularities."""

from django.urls import path

from complaints.views import phrases

form_patterns = [
    path("phrases/", phrases.phrase_list, name="phrase_list"),
    path("phrases/words/", phrases.phrase_words, name="phrase_words"),
    path("phrases/figures/", phrases.phrase_figures, name="phrase_figures"),
    path("phrases/new/", phrases.phrase_new, name="phrase_new"),
    path("phrases/<int:pk>/", phrases.phrase_edit, name="phrase_edit"),
]
