"""The import's short cuts hold what the rules say (decisions 36): a plain cell is stored as the rule would store it."""

import random
import re
from datetime import date

import pytest

from sync.imports.checks import copy_text
from sync.imports.fields import FIELDS
from sync.imports.mapping import parse_mapping
from sync.imports.problems import MappingRefused

TODAY = date(2026, 11, 18)
PLAIN = [field for field in FIELDS.values() if field.verbatim]
LETTERS = "0123456789abzAZ张三海尔集团龥 .-_()（）·&@:/'\"\\\t\u200b\u3000é１"


@pytest.mark.parametrize("field", PLAIN, ids=lambda field: field.name)
def test_what_is_taken_as_it_stands_is_what_the_rule_would_store(field):
    draw = random.Random(5)
    plain = re.compile(field.verbatim).fullmatch
    samples = ["".join(draw.choices(LETTERS, k=draw.randint(1, 12))) for _ in range(4000)]
    samples += [f"1{draw.randint(30, 99)}{draw.randint(0, 10**8 - 1):08d}" for _ in range(300)]
    samples += [f"{draw.randint(0, 10**9 - 1)}.{draw.randint(0, 99)}" for _ in range(300)]
    samples += [
        f"{draw.choice(['a', 'a.b', 'x_1'])}@{draw.choice(['example.com', 'a-b.cn', 'x.y.org'])}" for _ in range(50)
    ]
    samples += ["张" * n for n in (1, 49, 50, 51, 199, 200, 201)] + ["A" * n for n in (1, 99, 100, 101, 250)]
    taken = [sample for sample in samples if plain(sample)]
    assert taken
    for sample in taken:
        stored = field.check(sample, field.name, TODAY)
        if field.column_type == "numeric":
            assert stored == field.check(copy_text(stored), field.name, TODAY)
            assert float(stored) == float(sample)
        else:
            assert copy_text(stored) == sample


def parse(**fields):
    return parse_mapping({"source": "x", "fields": {"external_id": "id", **fields}})


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ([], "invalid_type"),
        ({"source": "x"}, "invalid_type"),
        ({"source": "X Y", "fields": {"external_id": "id"}}, "invalid_source"),
        ({"source": "x", "fields": {"name": "n"}}, "required"),
        ({"source": "x", "fields": {"external_id": "id", "nmae": "n"}}, "unknown_field"),
        ({"source": "x", "fields": {"external_id": "id", "id_number": "n"}}, "unknown_field"),
        ({"source": "x", "fields": {"external_id": {"column": "a", "value": "b"}}}, "one_origin"),
        ({"source": "x", "fields": {"external_id": {}}}, "one_origin"),
        ({"source": "x", "fields": {"external_id": {"colum": "a"}}}, "unknown_key"),
        ({"source": "x", "fields": {"external_id": 5}}, "invalid_type"),
        ({"source": "x", "fields": {"external_id": "id", "joined_on": {"column": "a", "as": "fen"}}}, "invalid_choice"),
        ({"source": "x", "fields": {"external_id": "id", "tier": {"rank_of": "m", "top": {}}}}, "invalid_shares"),
        ({"source": "x", "fields": {"external_id": "id", "tier": {"rank_of": "m", "top": {"gold": 5, "diamond": 5}}}},
         "invalid_shares"),
        ({"source": "x", "fields": {"external_id": "id"}, "encoding": "latin1"}, "invalid_choice"),
        ({"source": "x", "fields": {"external_id": "id"}, "delimiter": "||"}, "invalid_choice"),
        ({"source": "x", "fields": {"external_id": "id"}, "extra": 1}, "unknown_key"),
    ],
)  # fmt: skip
def test_a_mapping_that_makes_no_sense_is_refused_with_its_entry(raw, code):
    with pytest.raises(MappingRefused) as caught:
        parse_mapping(raw)
    assert caught.value.code == code and str(caught.value)


def test_a_mapping_survives_being_remembered():
    found = parse(
        name={"template": "{a}{b}"}, tier={"rank_of": "m", "top": {"diamond": 5, "gold": 20}, "rest": "silver"},
        sex={"column": "g", "values": {"F": "female"}, "otherwise": ""}, kind={"value": "vip"},
    )  # fmt: skip
    assert parse_mapping(found.as_json()) == found
    assert parse(tier={"rank_of": "m", "top": {"gold": 20, "diamond": 5}}).fields["tier"].top[0] == ("diamond", 5)


def test_a_wrong_column_is_answered_with_the_one_that_was_meant():
    with pytest.raises(MappingRefused) as caught:
        parse(monthly_spend="MonthlyCharge").against(("id", "MonthlyCharges"))
    assert "MonthlyCharges" in str(caught.value)
