"""Addresses of service phrases, quality feedback, instructions, opinions and irregularities."""

from django.urls import path

from complaints.views import instructions, irregularities, phrases, quality

form_patterns = [
    path("phrases/", phrases.phrase_list, name="phrase_list"),
    path("phrases/words/", phrases.phrase_words, name="phrase_words"),
    path("phrases/figures/", phrases.phrase_figures, name="phrase_figures"),
    path("phrases/new/", phrases.phrase_new, name="phrase_new"),
    path("phrases/<int:pk>/", phrases.phrase_edit, name="phrase_edit"),
    path("quality/", quality.quality_list, name="quality_list"),
    path("cases/<int:case_id>/quality/", quality.quality_open, name="quality_open"),
    path("quality/<int:pk>/", quality.quality_detail, name="quality_detail"),
    path("quality/<int:pk>/inspect/", quality.quality_inspect, name="quality_inspect"),
    path("quality/<int:pk>/submit/", quality.quality_submit, name="quality_submit"),
    path("quality/<int:pk>/decide/", quality.quality_decide, name="quality_decide"),
    path("quality/<int:pk>/exchange/", quality.quality_exchange, name="quality_exchange"),
    path("quality/<int:pk>/close/", quality.quality_close, name="quality_close"),
    path("quality/<int:pk>/sign/<slug:part>/", quality.quality_sign, name="quality_sign"),
    path("quality/<int:pk>/link/<slug:part>/", quality.quality_link, name="quality_link"),
    path("quality/<int:pk>/drawing/<slug:part>/", quality.quality_drawing, name="quality_drawing"),
    path("quality/<int:pk>/photos/<int:file_id>/", quality.quality_photo, name="quality_photo"),
    path("quality/<int:pk>/print/", quality.quality_print, name="quality_print"),
    path("instructions/", instructions.instruction_list, name="instruction_list"),
    path("instructions/<int:pk>/", instructions.instruction_detail, name="instruction_detail"),
    path("cases/<int:case_id>/instruct/", instructions.instruct_case, name="instruct_case"),
    path("opinions/", instructions.opinion_list, name="opinion_list"),
    path("opinions/<int:voice_id>/", instructions.opinion_detail, name="opinion_detail"),
    path("opinions/<int:voice_id>/instruct/", instructions.instruct_voice, name="instruct_voice"),
    path("irregularities/", irregularities.irregularity_list, name="irregularity_list"),
    path("irregularities/new/", irregularities.irregularity_new, name="irregularity_new"),
    path("irregularities/<int:pk>/", irregularities.irregularity_detail, name="irregularity_detail"),
    path("irregularities/<int:pk>/forward/", irregularities.irregularity_forward, name="irregularity_forward"),
    path("irregularities/<int:pk>/result/", irregularities.irregularity_result, name="irregularity_result"),
    path("irregularities/<int:pk>/copy/", irregularities.irregularity_copy, name="irregularity_copy"),
    path("irregularities/<int:pk>/close/", irregularities.irregularity_close, name="irregularity_close"),
    path("irregularities/<int:pk>/photos/<int:file_id>/", irregularities.irregularity_photo, name="irregularity_photo"),
]
