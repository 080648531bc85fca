"""The yearly competency review (ORG-26)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from kpi.models import CompetencyReview
from kpi.queries.competence import ITEMS

pytestmark = pytest.mark.django_db
LEVELS = dict.fromkeys(ITEMS, "4")


def review(client, staff, **more):
    return client.post(reverse("kpi:competence_edit", args=[staff.pk]), LEVELS | {"version": "0"} | more)


def test_the_review_form_lists_the_seven_competencies_from_one_to_five(cast, as_user):
    """ORG-26: review form lists the 7 competencies, 1–5; the manager reads it on his own card."""
    client = as_user(cast.supervisor)
    form = client.get(reverse("kpi:competence_edit", args=[cast.staff["manager"].pk])).context["form"]
    assert [name for name in form.fields if name in ITEMS] == list(ITEMS)
    assert len(ITEMS) == 7
    assert [value for value, _label in form.fields["attitude"].choices] == [1, 2, 3, 4, 5]
    assert review(client, cast.staff["manager"], remark="继续努力", zeal="5").status_code == 302
    row = CompetencyReview.unscoped.get()
    assert (row.year, row.attitude, row.zeal, row.reviewed_by) == (timezone.localdate().year, 4, 5, cast.supervisor)
    page = as_user(cast.manager).get(reverse("kpi:card_mine")).content.decode()
    assert "继续努力" in page


def test_a_review_is_whole_and_nobody_overwrites_another(cast, as_user):
    """Bad inputs: every item, 1 to 5; a stale form is a conflict."""
    client, staff = as_user(cast.supervisor), cast.staff["manager"]
    assert review(client, staff, market="6").status_code == 400
    assert review(client, staff, market="").status_code == 400
    review(client, staff)
    assert review(client, staff).status_code == 409
    assert review(client, staff, version="1", zeal="1").status_code == 302
    assert CompetencyReview.unscoped.get().zeal == 1


def test_a_supervisor_reviews_his_own_managers_only(cast, as_user):
    """SEC-3: the unit's; nobody reviews himself (SEC-24)."""
    client = as_user(cast.supervisor)
    assert "吴桐" not in client.get(reverse("kpi:competence_list")).content.decode()
    assert review(client, cast.staff["stranger"]).status_code == 404
    assert review(client, cast.staff["supervisor"]).status_code == 404
    assert as_user(cast.manager).get(reverse("kpi:competence_list")).status_code == 403
