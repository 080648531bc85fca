"""Photos of a visit (screens 2): with the sheet, on its page, from a phone later; small, clean, private, once."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from crm.core.models import AccessLog, Attachment
from tests.workbench.world import FETCH, HTMX, sheet_values
from visits.models import Visit, VisitPhoto

pytestmark = pytest.mark.django_db
SAFARI = b"GPS: 30.25, 120.16"


def picture(name="门头.jpg", *, side=400, kind="JPEG"):
    """A photo as a camera writes it, with a position in its EXIF."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SAFARI.decode()
    Image.new("RGB", (side, side // 2), "navy").save(out, kind, exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type=f"image/{kind.lower()}")


@pytest.fixture
def logged(cast, as_user):
    """The manager's client, and a visit of his on two customers that were met together."""
    client = as_user(cast.manager)
    values = sheet_values(cast.customers["gold"], cast.customers["silver"])
    client.post("/log/", values, headers=HTMX)
    return client, values["client_key"], list(Visit.unscoped.order_by("id"))


def test_photos_come_with_the_sheet_without_javascript(cast, as_user):
    client = as_user(cast.manager)
    values = sheet_values(cast.customers["gold"], **{"photo-pictures": [picture(), picture("b.png", kind="PNG")]})
    assert client.post("/log/", values).status_code == 302
    visit = Visit.unscoped.get()
    assert VisitPhoto.unscoped.filter(visit=visit).count() == 2
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    for photo in VisitPhoto.unscoped.all():
        assert f"/visits/photos/{photo.pk}/" in page


def test_what_the_camera_wrote_into_a_photo_is_gone(logged):
    """Bad input 41: EXIF and position removed."""
    client, _key, visits = logged
    assert SAFARI in picture().read()
    client.post("/visits/photos/add/", {"visit": visits[0].pk, "photo": picture()})
    kept = Attachment.objects.get()
    with kept.file.open("rb") as file:
        content = file.read()
    assert SAFARI not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    assert b"".join(client.get(f"/visits/photos/{VisitPhoto.unscoped.get().pk}/").streaming_content) == content


def test_a_phone_sends_a_photo_by_the_key_of_the_sheet_and_twice_is_once(logged):
    client, key, visits = logged
    sent = {"sheet": key, "key": str(uuid4())}
    first = client.post("/visits/photos/add/", sent | {"photo": picture()}, headers=FETCH)
    again = client.post("/visits/photos/add/", sent | {"photo": picture()}, headers=FETCH)
    assert (first.status_code, first.json()["duplicate"]) == (200, False)
    assert (again.status_code, again.json()["duplicate"]) == (200, True)
    assert again.json()["photo"] == first.json()["photo"]
    assert set(VisitPhoto.unscoped.values_list("visit", flat=True)) == {visit.pk for visit in visits}
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"%PDF-1.4 x", b"MZ\x90\x00"])
def test_only_pictures_are_taken(logged, content):
    client, key, _visits = logged
    upload = SimpleUploadedFile("a.jpg", content, content_type="image/jpeg")
    answer = client.post("/visits/photos/add/", {"sheet": key, "photo": upload}, headers=FETCH)
    assert (answer.status_code, answer.json()["code"]) == (400, "file_type")
    assert not VisitPhoto.unscoped.exists()


def test_a_visit_takes_six_photos(logged):
    client, key, _visits = logged
    for __ in range(6):
        assert client.post("/visits/photos/add/", {"sheet": key, "photo": picture()}, headers=FETCH).status_code == 200
    answer = client.post("/visits/photos/add/", {"sheet": key, "photo": picture()}, headers=FETCH)
    assert (answer.status_code, answer.json()["code"]) == (400, "too_many")


def test_nobody_adds_to_a_visit_of_somebody_else_nor_long_after(logged, cast, as_user):
    client, key, visits = logged
    for person, status in (("teammate", 404), ("supervisor", 403), ("stranger", 404)):
        other = as_user(getattr(cast, person))
        assert other.post("/visits/photos/add/", {"visit": visits[0].pk, "photo": picture()}).status_code == status
        assert other.post("/visits/photos/add/", {"sheet": key, "photo": picture()}).status_code == 404
    client = as_user(cast.manager)
    Visit.unscoped.update(logged_at=timezone.now() - timedelta(days=5))
    answer = client.post("/visits/photos/add/", {"sheet": key, "photo": picture()}, headers=FETCH)
    assert answer.json()["code"] == "too_late"
    assert "data-photo-form" not in client.get(f"/visits/{visits[0].pk}/").content.decode()
    assert not VisitPhoto.unscoped.exists()


def test_a_photo_is_shown_to_who_sees_the_visit_and_a_look_at_it_alone_is_logged(logged, cast, as_user):
    """SEC-4."""
    client, key, _visits = logged
    client.post("/visits/photos/add/", {"sheet": key, "photo": picture()})
    address = f"/visits/photos/{VisitPhoto.unscoped.first().pk}/"
    assert as_user(cast.stranger).get(address).status_code == 404
    boss = as_user(cast.supervisor)
    assert boss.get(address, headers={"Sec-Fetch-Dest": "image"}).status_code == 200
    assert not AccessLog.objects.filter(kind="download").exists()
    answer = boss.get(address)
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert AccessLog.objects.filter(kind="download", user=cast.supervisor).count() == 1


def test_two_sentences_are_said_about_a_photo_that_cannot_be_read(logged):
    client, key, _visits = logged
    broken = SimpleUploadedFile("a.jpg", picture().read()[:300], content_type="image/jpeg")
    answer = client.post("/visits/photos/add/", {"sheet": key, "photo": broken}, headers=FETCH)
    assert answer.status_code == 400
    assert client.post("/visits/photos/add/", {"photo": picture()}, headers=FETCH).json()["code"] == "required"
    assert client.post("/visits/photos/add/", {"sheet": key}, headers=FETCH).status_code == 400
