"""A scope is a value; going through it is the only way to rows (SEC-3, PLT-7)."""

from django.db.models import Q

from crm.core.scope import Scope


def test_nothing_lets_nothing_through():
    assert Scope.NOTHING.is_empty
    assert Scope.NOTHING.sql("c") == ("FALSE", [])
    assert Scope.NOTHING.q(unit="unit_id", manager="manager_id") is None


def test_everything_needs_no_condition():
    assert Scope.ALL.sql("c") == ("TRUE", [])
    assert Scope.ALL.allows(unit_id=None)


def test_units_and_own_rows_are_joined_by_or():
    scope = Scope(unit_ids=(1, 2), manager_ids=(7,))
    assert scope.sql("c") == ("(c.unit_id = ANY(%s) OR c.manager_id = ANY(%s))", [[1, 2], [7]])
    assert scope.q(unit="customer__unit_id", manager="customer__manager_id") == Q(customer__unit_id__in=(1, 2)) | Q(
        customer__manager_id__in=(7,)
    )


def test_a_model_without_a_manager_path_shows_nothing_to_a_manager():
    assert Scope(manager_ids=(7,)).sql_for(unit="u.id") == ("FALSE", [])


def test_scopes_are_joined_and_narrowed():
    joined = Scope(unit_ids=(1,)).union(Scope(unit_ids=(2,), manager_ids=(3,)))
    assert joined == Scope(unit_ids=(1, 2), manager_ids=(3,))
    assert joined.union(Scope.ALL) == Scope.ALL
    assert joined.narrowed_to_units([2, 9]) == Scope(unit_ids=(2,))
    assert Scope.ALL.narrowed_to_units([2]) == Scope(unit_ids=(2,))
    assert joined.narrowed_to_units([]).is_empty
