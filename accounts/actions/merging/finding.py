"""Who stands twice: a few set-based statements over all customers (phone, codes, names)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actions.merging.pairs import JOB
from accounts.rules.duplicates import ALIKE, CROWD, LISTED, RARE, WEIGHTS
from crm.core.db import write
from crm.core.jobs import Report, job
from crm.core.models import Job
from crm.core.sweeps import sweep

SUNDAY = 6
_HOUSE = "kind IN ('group', 'channel')"

# What is compared, as it is compared: no blanks, no signs, one case.
_LIVE = f"""
CREATE TEMP TABLE twin_live ON COMMIT DROP AS
SELECT c.id, c.kind, c.{_HOUSE} AS is_house, c.district, lower(regexp_replace(c.name, '\\s', '', 'g')) AS name,
  CASE WHEN length(d.phone) >= 7 THEN d.phone END AS phone, nullif(upper(c.credit_code), '') AS code,
  nullif(upper(h.licence_no), '') AS licence, p.birthday, tsvector_to_array(c.name_tokens) AS pieces
FROM accounts_customer c
CROSS JOIN LATERAL (SELECT regexp_replace(c.phone, '\\D', '', 'g') AS phone) d
LEFT JOIN accounts_channelprofile h ON h.customer_id = c.id
LEFT JOIN accounts_personprofile p ON p.customer_id = c.id
"""
# What many houses of a kind have in their names (their town, their trade) says nothing of who they are.
_PIECES = """
CREATE TEMP TABLE twin_piece ON COMMIT DROP AS
SELECT id, kind, district, piece FROM (
  SELECT id, kind, district, piece, count(*) OVER (PARTITION BY kind, piece) AS holders
  FROM twin_live CROSS JOIN LATERAL unnest(pieces) AS piece WHERE is_house
) p WHERE holders <= %(crowd)s
"""
_TELLING = """
UPDATE twin_live t SET pieces = coalesce(
  (SELECT array_agg(p.piece) FROM twin_piece p WHERE p.id = t.id), '{}') WHERE t.is_house
"""
# Two who share something strong, and houses of one kind and district that share a rare piece of their name.
_CANDIDATES = """
CREATE TEMP TABLE twin_candidate ON COMMIT DROP AS
WITH keyed AS (
  SELECT id, is_house::text || x.kind || x.value AS key FROM twin_live
  CROSS JOIN LATERAL (VALUES ('p', phone), ('c', code), ('l', licence),
    ('n', CASE WHEN is_house THEN kind || name END),
    ('b', CASE WHEN NOT is_house AND birthday IS NOT NULL THEN name || birthday::text END)) AS x(kind, value)
  WHERE x.value IS NOT NULL
), crowds AS (
  SELECT array_agg(id ORDER BY id) AS ids FROM keyed GROUP BY key HAVING count(*) BETWEEN 2 AND %(crowd)s
), rare AS (
  SELECT array_agg(id ORDER BY id) AS ids FROM twin_piece GROUP BY kind, district, piece
  HAVING count(*) BETWEEN 2 AND %(rare)s
), groups AS (SELECT DISTINCT ids FROM (SELECT ids FROM crowds UNION ALL SELECT ids FROM rare) g)
SELECT DISTINCT a.id AS first_id, b.id AS second_id
FROM groups CROSS JOIN LATERAL unnest(ids) AS a(id) CROSS JOIN LATERAL unnest(ids) AS b(id) WHERE a.id < b.id
"""
_JUDGED = """
CREATE TEMP TABLE twin_judged ON COMMIT DROP AS
SELECT first_id, second_id, array_remove(ARRAY[
    CASE WHEN same_code THEN 'code' END, CASE WHEN same_licence THEN 'licence' END,
    CASE WHEN same_phone THEN 'phone' END, CASE WHEN same_name THEN 'name' END,
    CASE WHEN same_birthday THEN 'birthday' END, CASE WHEN is_similar THEN 'similar' END], NULL) AS reasons,
  round(100 * (1 - CASE WHEN same_code THEN 1 - %(code)s ELSE 1 END
    * CASE WHEN same_licence THEN 1 - %(licence)s ELSE 1 END
    * CASE WHEN same_phone THEN 1 - %(phone)s ELSE 1 END * CASE WHEN same_name THEN 1 - %(name)s ELSE 1 END
    * CASE WHEN same_birthday THEN 1 - %(birthday)s ELSE 1 END * CASE WHEN is_similar THEN 1 - %(similar)s ELSE 1 END
  ))::smallint AS score
FROM (
  SELECT t.first_id, t.second_id, coalesce(a.code = b.code, false) AS same_code,
    coalesce(a.licence = b.licence, false) AS same_licence, coalesce(a.phone = b.phone, false) AS same_phone,
    a.name = b.name AS same_name, coalesce(NOT a.is_house AND a.birthday = b.birthday, false) AS same_birthday,
    a.is_house AND a.name <> b.name AND least(cardinality(a.pieces), cardinality(b.pieces)) > 1 AND (
      SELECT 2.0 * count(*) >= %(alike)s * (cardinality(a.pieces) + cardinality(b.pieces))
      FROM unnest(a.pieces) AS p WHERE p = ANY(b.pieces)) AS is_similar
  FROM twin_candidate t JOIN twin_live a ON a.id = t.first_id JOIN twin_live b ON b.id = t.second_id
  WHERE a.kind = b.kind OR NOT (a.is_house OR b.is_house)
) j
WHERE same_code OR same_licence OR same_phone OR is_similar OR same_name
"""
_FORGET = """
DELETE FROM accounts_duplicatepair d WHERE d.state = 'open' AND NOT EXISTS (
  SELECT 1 FROM twin_judged j WHERE (j.first_id, j.second_id) = (d.first_id, d.second_id) AND j.score >= %(listed)s)
"""
_WRITE = """
INSERT INTO accounts_duplicatepair AS d (first_id, second_id, score, reasons, state, found_on)
SELECT first_id, second_id, score, reasons, 'open', %(today)s FROM twin_judged WHERE score >= %(listed)s
ON CONFLICT (first_id, second_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons
WHERE d.state = 'open' AND (d.score, d.reasons) IS DISTINCT FROM (excluded.score, excluded.reasons)
"""


def find_pairs(*, today: date) -> int:
    """Pairs that may be one, anew; answers how many changed. What was dismissed stays so; twice is the same as once."""
    params: dict[str, Any] = {
        **WEIGHTS, "crowd": CROWD, "rare": RARE, "alike": ALIKE, "listed": LISTED, "today": today
    }  # fmt: skip
    changed = 0
    with write(label="system:find_duplicates"), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS twin_live, twin_piece, twin_candidate, twin_judged")
        cursor.execute(_LIVE)
        cursor.execute(_PIECES, params)
        cursor.execute("CREATE INDEX ON twin_piece (id)")
        cursor.execute("ANALYZE twin_piece")
        cursor.execute(_TELLING)
        cursor.execute("ANALYZE twin_live")
        cursor.execute(_CANDIDATES, params)
        cursor.execute("ANALYZE twin_candidate")
        cursor.execute(_JUDGED, params)
        for statement in (_FORGET, _WRITE):
            cursor.execute(statement, params)
            changed += int(cursor.rowcount)
    return changed


@sweep("find_duplicates", label=_("Look for customers that stand twice"))
def find_duplicates(*, today: date, now: datetime) -> int:
    """Once a week, in the night to Sunday; in between somebody may ask for it."""
    return find_pairs(today=today) if today.weekday() == SUNDAY else 0


@job(JOB, label=_("Look for customers that stand twice"), ability="merge_customers")
def find_now(run: Job, report: Report) -> dict[str, int]:
    """The same when somebody asks for it."""
    return {"pairs": find_pairs(today=run.created_at.date())}
