"""Customers get only documents that somebody has marked for them (SEC-2)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import actions
from crm.core import sharing
from crm.core.models import AccessLog, Article, ShareLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(cast):
    """A file of the customer's archive, internal as every new one."""
    return actions.add_file(
        customer_id=cast.customers["gold"].pk, upload=SimpleUploadedFile("资费表.txt", "每月三十八元".encode()),
        category="other", title="资费表", by=cast.manager, now=timezone.now(),
    )  # fmt: skip


def test_an_internal_document_is_not_put_into_a_link_and_it_says_why(cast, as_user, file):
    """SEC-2: an internal document can't be attached to a customer's link; internal is the default."""
    address = f"/files/{file.pk}/share/"
    answer = as_user(cast.manager).post(address, {"deed": "link"})
    assert answer.status_code == 422 and "资费表" in answer.content.decode()
    assert not ShareLink.objects.exists() and file.attachment.visibility == "internal"
    with pytest.raises(sharing.InternalDocument):
        sharing.require_shared([file.attachment])
    assert as_user(cast.manager).post(address, {"deed": "burn"}).status_code == 422
    assert as_user(cast.teammate).post(address, {"deed": "shared"}).status_code == 404
    assert as_user(cast.supervisor).post(address, {"deed": "shared"}).status_code == 403


def test_marked_as_one_that_may_be_shared_it_opens_by_its_link_until_it_is_internal_again(cast, as_user, client, file):
    """SEC-2: the link opens the one document; taking the mark back closes it; each link is logged."""
    address = f"/files/{file.pk}/share/"
    assert as_user(cast.manager).post(address, {"deed": "shared"}).status_code == 302
    url = as_user(cast.manager).post(address, {"deed": "link"}).context["url"]
    path = url[url.index("/shared/") :]
    client.logout()
    assert "每月三十八元" in b"".join(client.get(path).streaming_content).decode()
    assert client.get("/shared/unknown/").status_code == 404
    log = AccessLog.objects.get(kind="share")
    assert (log.user, log.subject_id) == (cast.manager, cast.customers["gold"].pk)
    link = ShareLink.objects.get()
    assert link.token_digest not in path
    assert AccessLog.objects.filter(kind="download", subject_id=link.pk, user=None).count() == 1
    as_user(cast.manager).post(address, {"deed": "internal"})
    client.logout()
    assert client.get(path).status_code == 410
    as_user(cast.manager).post(address, {"deed": "shared"})
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(path).status_code == 410


def test_a_text_of_the_guide_is_shared_by_who_sees_it_and_marked_by_who_keeps_it(cast, as_user, client):
    """SEC-2: internal phrases stay inside; a text for customers is marked by headquarters."""
    text = Article.objects.order_by("pk").first()
    address = f"/guide/{text.code}/share/"
    assert as_user(cast.manager).post(address, {"deed": "link"}).status_code == 422
    assert as_user(cast.manager).post(address, {"deed": "shared"}).status_code == 403
    assert as_user(cast.group_department).post(address, {"deed": "shared"}).status_code == 302
    url = as_user(cast.manager).post(address, {"deed": "link"}).context["url"]
    client.logout()
    assert client.get(url[url.index("/shared/") :]).status_code == 200
    Article.objects.update(is_shown=False)
    assert client.get(url[url.index("/shared/") :]).status_code == 410
