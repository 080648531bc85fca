"""Fragments of statements about the rows behind figures; `%(_indicator)s` and `%(_period_on)s` are the figure's."""

UNPACKED = """
SELECT e.manager_id, e.unit_id, e.period_on + x.days AS day, x.numerators / 100.0 AS numerator,
  x.denominators / 100.0 AS denominator, x.flags & 1 AS excused, (x.flags & 2) / 2 AS mendable, x.refs AS ref,
  CASE WHEN x.flags & 4 = 0 THEN x.customers END AS customer_id, e.path
FROM kpi_evidence e
CROSS JOIN LATERAL unnest(e.refs, e.customers, e.days, e.numerators, e.denominators, e.flags)
  AS x(refs, customers, days, numerators, denominators, flags)
WHERE e.indicator_id = %(_indicator)s AND e.period_on = %(_period_on)s
"""
EVIDENCE_ROWS = f"""
SELECT k.manager_id, k.unit_id, k.day, k.numerator, k.denominator, k.excused, k.mendable, k.ref, k.customer_id
FROM ({UNPACKED}) k
"""
"""What the freeze kept, in the columns of a measure."""
