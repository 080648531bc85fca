"""The rules of `kpi.rules.values` and `kpi.rules.projection` as SQL, for figures counted by the thousand.

`p` is a row with display, direction, target, is_strict, nature, accrues, gone and of_days; `s` one with numerator,
denominator, excused and mendable. A parity test compares both forms on random rows.
"""

OF_HUNDRED = "p.display IN ('percent', 'per_hundred', 'score')"


def shown(numerator: str, denominator: str, *, more: str = "1") -> str:
    """The value as shown, four decimals; `more` divides once more, so that nothing is rounded on the way."""
    return (
        f"CASE WHEN p.display = 'count' THEN round(({numerator})::numeric / {more}, 4)"
        f" WHEN {OF_HUNDRED} THEN round(100 * ({numerator}) / nullif(({denominator}) * {more}, 0)::numeric, 4)"
        f" ELSE round(({numerator}) / nullif(({denominator}) * {more}, 0)::numeric, 4) END"
    )


_LEFT = f"CASE WHEN {OF_HUNDRED} THEN 100 * s.numerator ELSE s.numerator END"
_RIGHT = "CASE WHEN p.display = 'count' THEN p.target ELSE p.target * s.denominator END"
IS_MET = f"""CASE
  WHEN p.target IS NULL OR p.direction = 'none' OR (p.display <> 'count' AND s.denominator = 0) THEN NULL
  WHEN {_LEFT} = {_RIGHT} THEN NOT p.is_strict
  WHEN p.direction = 'up' THEN {_LEFT} > {_RIGHT} ELSE {_LEFT} < {_RIGHT} END"""
VALUE = shown("s.numerator", "s.denominator")
BEFORE_EXCUSES = shown("s.numerator", "s.denominator + CASE WHEN p.display = 'percent' THEN s.excused ELSE 0 END")
PROJECTED = f"""CASE
  WHEN p.gone < 2 OR p.gone > p.of_days THEN NULL
  WHEN p.nature <> 'flow' THEN {VALUE}
  WHEN p.accrues OR p.display = 'count' THEN {shown("s.numerator * p.of_days", "s.denominator", more="p.gone")}
  WHEN s.mendable > 0
    THEN {shown("least(s.numerator * p.of_days, (s.numerator + s.mendable) * p.gone)", "s.denominator", more="p.gone")}
  ELSE {VALUE} END"""
VALUED = f"""s.numerator, s.denominator, s.excused, s.mendable, {VALUE} AS value,
  {BEFORE_EXCUSES} AS value_before_excuses, p.target, p.is_strict, {IS_MET} AS is_met, {PROJECTED} AS projected"""
"""Everything of a result that follows from its sums."""
PLAN = """
SELECT * FROM unnest(%(p_indicators)s::bigint[], %(p_periods)s::date[], %(p_lasts)s::date[], %(p_displays)s::text[],
  %(p_directions)s::text[], %(p_targets)s::numeric[], %(p_stricts)s::boolean[], %(p_natures)s::text[],
  %(p_accrues)s::boolean[], %(p_gone)s::int[], %(p_of)s::int[])
  AS t(indicator_id, period_on, last_on, display, direction, target, is_strict, nature, accrues, gone, of_days)
"""
