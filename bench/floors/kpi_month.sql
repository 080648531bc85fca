-- The rows of one indicator of the month, added up and nothing else: no facts, no results, nothing written.
SELECT r.unit_id, r.manager_id, r.day, sum(r.numerator), sum(r.denominator), sum(r.excused), sum(r.mendable)
FROM ({rows}) r GROUP BY 1, 2, 3
