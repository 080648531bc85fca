"""Addresses of cards, scorecards, targets, entered results, competency reviews and the payroll file."""

from django.urls import path

from kpi.views import cards, competence, entries, scorecards

card_patterns = [
    path("kpi/cards/", cards.card_list, name="card_list"),
    path("kpi/cards/mine/", cards.card_mine, name="card_mine"),
    path("kpi/cards/manager/<int:pk>/", cards.card_manager, name="card_manager"),
    path("kpi/cards/unit/<int:pk>/", cards.card_unit, name="card_unit"),
    path("kpi/payroll/", cards.payroll_export, name="payroll_export"),
    path("kpi/scorecards/", scorecards.scorecard_list, name="scorecard_list"),
    path("kpi/scorecards/new/", scorecards.scorecard_new, name="scorecard_new"),
    path("kpi/scorecards/<int:pk>/", scorecards.scorecard_detail, name="scorecard_detail"),
    path("kpi/scorecards/<int:pk>/edit/", scorecards.scorecard_edit, name="scorecard_edit"),
    path("kpi/scorecards/<int:pk>/preview/", scorecards.scorecard_preview, name="scorecard_preview"),
    path("kpi/scorecards/<int:pk>/publish/", scorecards.scorecard_publish, name="scorecard_publish"),
    path("kpi/scorecards/<int:pk>/discard/", scorecards.scorecard_discard, name="scorecard_discard"),
    path("kpi/targets/", scorecards.target_list, name="target_list"),
    path("kpi/targets/new/", scorecards.target_new, name="target_new"),
    path("kpi/entries/", entries.entry_list, name="entry_list"),
    path("kpi/entries/new/", entries.entry_new, name="entry_new"),
    path("kpi/entries/import/", entries.entry_import, name="entry_import"),
    path("kpi/entries/<int:pk>/sign/", entries.entry_sign, name="entry_sign"),
    path("kpi/entries/<int:pk>/refuse/", entries.entry_refuse, name="entry_refuse"),
    path("kpi/entries/<int:pk>/file/", entries.entry_file, name="entry_file"),
    path("kpi/competence/", competence.competence_list, name="competence_list"),
    path("kpi/competence/<int:pk>/", competence.competence_edit, name="competence_edit"),
]
