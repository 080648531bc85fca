"""Files cannot hurt and are private (SEC-4; bad inputs 27, 41)."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from crm.core import attachments
from crm.core.errors import Invalid
from crm.core.models import Attachment, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return User.objects.create_user("M1001", name="Ann")


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def picture(side=(40, 30), kind="JPEG", **more):
    out = io.BytesIO()
    Image.new("RGB", side, "red").save(out, kind, **more)
    return out.getvalue()


def office(folder="xl", **extra):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/main.xml", "<x/>")
        for name, content in extra.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def keep(person, content, name="file.bin"):
    return attachments.store(SimpleUploadedFile(name, content), by=person, now=timezone.now())


def refusal(person, content, name="file.bin"):
    with pytest.raises(Invalid) as refused:
        keep(person, content, name)
    assert not Attachment.objects.exists()
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (picture(), "photo.JPG", "image/jpeg"),
        (picture(kind="PNG"), "photo.txt", "image/png"),
        (b"%PDF-1.7 ...", "paper.pdf", "application/pdf"),
        (office(), "table.xlsx", "spreadsheetml.sheet"),
        ("客户,电话\n".encode("gb18030"), "list.csv", "text/csv"),
        ("说明".encode(), "说明.txt", "text/plain"),
    ],
)
def test_the_kind_comes_from_the_content_not_from_the_name(person, content, name, kind):
    stored = keep(person, content, name)
    assert stored.content_type.endswith(kind)
    assert stored.name.lower().endswith(stored.file.name.rsplit(".", 1)[1])
    assert stored.size > 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "a.svg"),
        (b"<html><script>alert(1)</script>", "a.txt"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "a.csv"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "a.pdf"),
        (b"\x7fELF\x02\x01", "a.pHaR"),
        (b"PK\x03\x04broken", "a.docx"),
        (office(xl__vbaProject_bin="x").replace(b"vbaProject_bin", b"vbaProject.bin"), "a.xlsm"),
        (b"\xff\xd8\xff\xe0 not a picture", "a.jpg"),
        (b"\x89PNG\r\n\x1a\n broken", "a.png"),
    ],
)
def test_what_is_not_an_allowed_kind_is_refused(person, content, name):
    """Bad inputs 27 and 41: SVG with a script, HTML, programs, macros, damaged pictures."""
    assert refusal(person, content, name) == "file_type"


def test_an_office_file_that_would_unpack_to_a_bomb_is_refused(person):
    assert refusal(person, office(xl__big="0" * (attachments.MAX_UNPACKED + 1)), "bomb.xlsx") == "file_type"


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(person):
    """Bad input 41: 50,000 x 50,000."""
    header = picture((1, 1), "PNG")
    huge = header[:16] + (50000).to_bytes(4, "big") * 2 + header[24:]
    import zlib

    crc = zlib.crc32(huge[12:29]).to_bytes(4, "big")
    assert refusal(person, huge[:29] + crc + huge[33:], "huge.png") in ("image_too_large", "file_type")


def test_position_and_camera_do_not_survive(person):
    """Bad input 41: EXIF GPS."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    stored = keep(person, picture(exif=exif), "gps.jpg")
    with stored.file.open("rb") as file:
        content = file.read()
    assert b"SecretCamera" not in content
    assert not Image.open(io.BytesIO(content)).getexif()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\win.ini",
        "CON",
        "a\x00b.pdf",
        "a\nb.pdf",
        "x" * 300 + ".pdf",
        "",
        "...",
        "a/b.pdf",
        "\u202efdp.exe",
    ],
)
def test_a_dangerous_name_is_replaced_and_the_place_is_by_chance(person, media, name):
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    file._name = name
    stored = attachments.store(file, by=person, now=timezone.now())
    assert "/" not in stored.name
    assert len(stored.name) <= 130
    assert stored.name.isprintable()
    assert not stored.name.lower().startswith("con.")
    where = (media / stored.file.name).resolve()
    assert where.is_relative_to(media)
    assert stored.key.hex in where.name


def test_too_large_and_empty_files_are_refused_with_the_limit(person, monkeypatch):
    assert refusal(person, b"") == "empty_file"
    with pytest.raises(Invalid) as refused:
        attachments.store(
            SimpleUploadedFile("a.txt", b"x" * 2_000_000), by=person, now=timezone.now(), max_bytes=1024 * 1024
        )
    assert refused.value.code == "too_large"
    assert "1" in str(refused.value)


def test_a_file_is_streamed_as_a_download_that_no_browser_runs(person):
    stored = keep(person, b"hello", "hello.txt")
    response = attachments.stream(stored, inline=True)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    shown = attachments.stream(keep(person, picture(), "a.jpg"), inline=True)
    assert shown["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize("path", ["/media/", "/media/ab/x.pdf", "/static/../media/x"])
def test_there_is_no_address_that_leads_to_the_files(client, path):
    """SEC-4: direct media URL without login."""
    assert client.get(path).status_code == 404


def test_removing_takes_the_file_away_once_it_is_committed(person, django_capture_on_commit_callbacks):
    stored = keep(person, b"hello", "hello.txt")
    storage, path = stored.file.storage, stored.file.name
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(stored, by=person)
    assert not storage.exists(path)
    assert not Attachment.objects.exists()
