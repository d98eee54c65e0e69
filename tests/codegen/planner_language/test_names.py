"""Each column of a plan has a name that no other has."""

from services.codegen.planner.names import Names


def test_a_taken_name_gets_a_number() -> None:
    names = Names()
    assert [names.fresh("price") for _ in range(3)] == ["price", "price_2", "price_3"]


def test_names_differ_by_more_than_case() -> None:
    # Spark takes `Name` and `NAME` for one column.
    names = Names()
    assert [names.fresh(n) for n in ("Name", "NAME", "name", "Straße", "STRASSE")] == [
        *("Name", "NAME_2", "name_3", "Straße", "STRASSE_2")
    ]
