"""Settings → Lists: headquarters keeps the small lists of choices itself (SAL-14, SAL-10, RET-14)."""

import pytest
from django.urls import reverse

from sales.models import NeedType, QualificationRule

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def test_choices_are_added_changed_and_put_out_of_use_but_never_deleted(client, cast):
    """SAL-14: a code comes from the English words and stays; others may not even look."""
    client.force_login(cast.group_department)
    door = reverse("core:reference_edit", args=["need-types"])
    new = {"label_zh": "云主机", "label_en": "Cloud host", "position": "3", "is_active": "on"}
    assert client.post(door, new).status_code == client.post(door, new).status_code == 302
    first, second = NeedType.objects.filter(label_zh="云主机").order_by("pk")
    assert (first.code, second.code) == ("cloud_host", "cloud_host_2")
    assert client.post(f"{door}?row={second.pk}", new | {"label_en": "Cloud", "is_active": ""}).status_code == 302
    second.refresh_from_db()
    assert (second.code, second.label_en, second.is_active) == ("cloud_host_2", "Cloud", False)
    page = client.get(reverse("core:reference_list"), headers=ENGLISH).content.decode()
    assert "Cloud host" in page and "out of use" in page
    assert str(QualificationRule.objects.first().label_en) in page
    assert client.post(door, new | {"label_zh": "长" * 61}).status_code == 400
    for odd in ("?row=0", "?row=x", f"?row={'9' * 30}"):
        assert client.get(door + odd).status_code == 404
    assert client.get(reverse("core:reference_edit", args=["nothing"])).status_code == 404
    client.force_login(cast.manager)
    assert client.post(door, new).status_code == 403
