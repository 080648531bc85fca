"""Long work survives the page, the worker and the broker, and is done once (design: long work; safety 1.3)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from crm.core import attachments, jobs
from crm.core.errors import DomainError
from crm.core.models import AccessLog, Job, JobRowError, Notice, User

pytestmark = pytest.mark.django_db
DONE = []


@pytest.fixture
def person(db):
    return User.objects.create_user("M1001", name="Ann", language="en")


@pytest.fixture(autouse=True)
def kinds():
    DONE.clear()

    @jobs.job("test_count", label="Counting")
    def count(job, report):
        for number in range(job.params["n"]):
            report.progress(number + 1, job.params["n"], "counting")
        report.row_error(3, "invalid_phone", "Not a phone number.", column="phone", value="1380013800")
        report.row_error(4, "invalid", "=cmd|' /C calc'!A0", column="@name", value="x")
        file = attachments.store_bytes(b"a,b\n", "failed.csv", "text/csv", by=job.by, now=timezone.now())
        report.result_file(file)
        DONE.append(job.pk)
        return {"rows": job.params["n"]}

    @jobs.job("test_refuse", label="Refusing")
    def refuse(job, report):
        raise DomainError("Nothing to do.", code="nothing")

    @jobs.job("test_trouble", label="Trouble")
    def trouble(job, report):
        raise ConnectionError("away")

    @jobs.job("test_fault", label="Fault")
    def fault(job, report):
        raise ZeroDivisionError

    yield
    for kind in ("test_count", "test_refuse", "test_trouble", "test_fault"):
        jobs.KINDS.pop(kind, None)


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def start(person, kind="test_count", **params):
    return jobs.start_job(kind, params or {"n": 5}, by=person, now=timezone.now())


def test_a_job_runs_to_its_end_and_tells_who_started_it(person):
    job = start(person)
    assert job.state == "queued"
    assert jobs.claim() == [job.pk]
    assert jobs.run(job.pk) == "done"
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total, job.result, job.attempts) == (5, 5, {"rows": 5}, 1)
    notice = Notice.objects.get(user=person)
    assert (notice.kind, notice.url) == ("job_done", reverse("core:job_detail", args=[job.pk]))


def test_a_claimed_job_is_not_claimed_twice_and_a_done_one_not_done_twice(person):
    job = start(person)
    assert jobs.claim() == [job.pk]
    assert jobs.claim() == []
    jobs.run(job.pk)
    assert jobs.run(job.pk) == "done"
    assert [job.pk] == DONE


def test_a_job_whose_worker_died_is_claimed_again_at_once(person):
    """Safety 1.3: the lock of a dead worker is gone with its connection."""
    job = start(person)
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=1, leased_until=timezone.now() + timedelta(minutes=4)
    )
    assert jobs.claim() == [job.pk]
    assert jobs.run(job.pk) == "done"


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_lives_is_left_alone(person):
    job = start(person)
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=1, leased_until=timezone.now() + timedelta(minutes=4)
    )
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.LOCK_SPACE, job.pk])
        assert jobs.claim() == []
        assert jobs.run(job.pk) == "running"
        assert DONE == []
        with other.cursor() as cursor:  # a closed connection lets go of it too, but some time later
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert jobs.claim() == [job.pk]


def test_five_dead_workers_and_the_job_is_given_up_visibly(person):
    """Safety 1.3: after 5 attempts dead, and somebody is told."""
    job = start(person)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=5)
    assert jobs.claim() == []
    job.refresh_from_db()
    assert (job.state, job.error) == ("dead", "worker_lost")
    assert Notice.objects.get(user=person).kind == "job_failed"


def test_passing_trouble_is_tried_again_later_and_not_for_ever(person):
    job = start(person, "test_trouble", a=1)
    assert jobs.run(job.pk) == "queued"
    job.refresh_from_db()
    assert job.run_after > timezone.now()
    assert jobs.claim() == []
    for _ in range(4):
        Job.objects.filter(pk=job.pk).update(run_after=None, leased_until=None)
        assert jobs.claim() == [job.pk]
        last = jobs.run(job.pk)
    assert last == "dead"


def test_a_refusal_of_the_business_ends_the_job_with_its_sentence(person):
    job = start(person, "test_refuse", a=1)
    assert jobs.run(job.pk) == "failed"
    job.refresh_from_db()
    assert job.error == "Nothing to do."


def test_a_fault_of_ours_ends_the_job_and_is_not_hidden(person):
    job = start(person, "test_fault", a=1)
    with pytest.raises(ZeroDivisionError):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "internal")


def test_a_worker_that_was_overtaken_writes_nothing_more(person):
    job = start(person)
    report = jobs.Report(job, job.lease)
    with pytest.raises(jobs.LeaseLost):
        report.progress(1, 2)


def test_the_dispatcher_rings_the_worker_and_gives_jobs_back_when_the_bell_is_broken(person):
    job = start(person)
    with override_settings(CELERY_BROKER_URL="redis+socket:///nowhere/at/all.sock"):
        from crm.celery import app

        broken = app.connection_for_write("redis+socket:///nowhere/at/all.sock")
        kick, jobs.kick = jobs.kick, lambda ids: broken.ensure_connection(max_retries=1, timeout=0.1) if ids else None
        try:
            call_command("dispatcher", once=True)
        finally:
            jobs.kick = kick
    job.refresh_from_db()
    assert (job.state, job.leased_until) == ("queued", None)


def test_the_page_shows_progress_then_result_and_errors(client, person):
    job = start(person)
    client.force_login(person)
    waiting = client.get(reverse("core:job_detail", args=[job.pk])).content.decode()
    assert "hx-trigger" in waiting
    jobs.run(job.pk)
    ended = client.get(reverse("core:job_progress", args=[job.pk])).content.decode()
    assert "<html" not in ended
    assert "hx-trigger" not in ended
    assert "1******0" in ended
    assert "1380013800" not in ended


def test_somebody_elses_job_is_not_found(client, person):
    """SEC-3."""
    job = start(person)
    jobs.run(job.pk)
    client.force_login(User.objects.create_user("M1002", name="Ben"))
    for name in ("job_detail", "job_progress", "job_errors", "job_file"):
        assert client.get(reverse(f"core:{name}", args=[job.pk])).status_code == 404
    assert client.get(reverse("core:job_list")).context["jobs"] == []


def test_the_error_file_cannot_attack_a_spreadsheet_and_its_download_is_logged(client, person):
    """Bad input 25; SEC-4."""
    job = start(person)
    jobs.run(job.pk)
    client.force_login(person)
    text = b"".join(client.get(reverse("core:job_errors", args=[job.pk])).streaming_content).decode("utf-8-sig")
    assert "'=cmd" in text
    assert "'@name" in text
    file = client.get(reverse("core:job_file", args=[job.pk]))
    assert b"".join(file.streaming_content) == b"a,b\n"
    assert "attachment" in file["Content-Disposition"]
    assert AccessLog.objects.filter(kind="download", subject_id=job.pk).count() == 2


def test_running_again_does_not_double_the_row_errors(person):
    job = start(person)
    jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state="queued")
    jobs.run(job.pk)
    assert JobRowError.objects.filter(job=job).count() == 2
