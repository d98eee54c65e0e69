"""Keys: declared, or inferred from names, types and values."""

import pytest

from arclight.catalog.profile import ForeignKey, TableProfile
from services.codegen.planner.keys import KeyGraph, key_graph
from services.codegen.planner.schema import Schema
from tests.codegen.planner_language.grounding import made

SINGERS = made("singer", "sid|name", ("1", "Ann"), ("2", "Bo"), ("3", "Cy"), ("4", "Di"))
TRACKS = made("track", "tid|title|year", ("1", "On x", "2001"), ("2", "On y", "2004"))
SINGS = made("sings", "sid|tid", ("1", "1"), ("1", "2"), ("2", "1"), ("3", "2"))


def pairs(graph: KeyGraph) -> set[tuple[str, str]]:
    return {(e.many.key, e.one.key) for e in graph.edges}


def graph(*tables: TableProfile) -> KeyGraph:
    return key_graph(Schema(tables))


@pytest.mark.parametrize(
    ("many", "one", "table"),
    [
        ("customer_id", "id", "customers"),
        ("customer_id", "customer_id", "customers"),
        ("CustomerID", "CustomerId", "Customer"),
        ("host_city_id", "city_id", "city"),
        ("custid", "custid", "customer"),
        ("cust_id", "id", "customers"),
        ("customer", "id", "customers"),
        ("club_id_2", "club_id", "clubs"),
        ("clerk_on_duty_id", "clerk_id", "clerk"),
        ("winner_id", "people_id", "people"),
    ],
)
def test_a_key_is_known_by_its_name(many: str, one: str, table: str) -> None:
    target = made(table, f"{one}|label", *((str(i), f"n{i}") for i in range(1, 6)))
    facts = made("facts", f"fact_no|{many}|size", ("1", "1", "7"), ("2", "3", "1"), ("3", "3", "2"))

    assert pairs(graph(facts, target)) == {(f"facts.{many}", f"{table}.{one}")}


def test_a_bridge_of_initials_is_found_without_declarations() -> None:
    found = graph(SINGERS, TRACKS, SINGS)

    assert pairs(found) == {
        ("sings.sid", "singer.sid"),
        ("sings.tid", "track.tid"),
    }
    assert found.is_bridge("sings")
    assert all(e.safe and not e.declared for e in found.edges)


def test_an_initial_stands_for_the_table_that_writes_it_so() -> None:
    teams = made("team", "team_id|name", ("1", "Reds"), ("2", "Blues"), ("3", "Greens"))

    assert pairs(graph(TRACKS, teams)) == set()
    assert ("sings.tid", "team.team_id") not in pairs(graph(SINGERS, TRACKS, SINGS, teams))


def test_a_name_that_a_table_holds_is_a_key_to_it() -> None:
    lessons = made("lesson", "no|faculty", ("7", "Maths"), ("8", "Maths"), ("9", "Music"))
    faculties = made("faculty", "name|budget", ("Maths", "10"), ("Music", "20"), ("Art", "3"))

    assert pairs(graph(lessons, faculties)) == {("lesson.faculty", "faculty.name")}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("age", "rank"),
        ("id", "id"),
        ("number_of_boats", "boat_id"),
        ("away_boats", "id"),
        ("year", "year"),
    ],
)
def test_small_numbers_in_common_make_no_key(left: str, right: str) -> None:
    ports = made("port", f"place|{left}", ("x", "1"), ("y", "2"), ("z", "3"))
    boats = made("boat", f"{right}|score", ("1", "9"), ("2", "8"), ("3", "7"))

    assert pairs(graph(ports, boats)) == set()


def test_people_of_one_name_are_no_key() -> None:
    staff = made("staff", "staff_id|last_name", ("1", "Roe"), ("2", "Doe"), ("3", "Poe"))
    customers = made("customer", "customer_id|last_name", ("11", "Doe"), ("12", "Poe"))

    assert pairs(graph(staff, customers)) == set()


def test_values_that_are_not_there_speak_against_a_name() -> None:
    orders = made("orders", "no|customer_id", ("5", "91"), ("6", "92"), ("7", "93"))
    customers = made("customers", "customer_id", ("1",), ("2",), ("3",))

    assert pairs(graph(orders, customers)) == set()


def test_declared_keys_come_first_and_settle_their_column() -> None:
    key = ForeignKey(columns=("tid",), table="track", referenced=("tid",))
    sings = SINGS.model_copy(update={"foreign_keys": (key,)})
    first, *rest = graph(SINGERS, TRACKS, sings).edges

    assert (first.many.key, first.one.key, first.declared) == (
        "sings.tid",
        "track.tid",
        True,
    )
    assert [(e.many.key, e.one.key) for e in rest] == [("sings.sid", "singer.sid")]
    assert first.cost < rest[0].cost


def test_a_declared_key_of_two_columns_keeps_both() -> None:
    lines = made("lines", "order_no|line_no|qty", ("1", "1", "5"), ("1", "2", "6"))
    key = ForeignKey(columns=("ord", "line"), table="lines", referenced=("order_no", "line_no"))
    returns = made("returns", "ord|line", ("1", "2"), foreign=(key,))
    (edge,) = graph(lines, returns).edges

    assert [(m.name, o.name) for m, o in edge.more] == [("line", "line_no")]


def test_a_declaration_of_a_missing_column_is_passed_over() -> None:
    key = ForeignKey(columns=("gone",), table="singer", referenced=("sid",))
    sings = SINGS.model_copy(update={"foreign_keys": (key,)})

    assert ("sings.sid", "singer.sid") in pairs(graph(SINGERS, sings))


def test_a_row_may_refer_to_its_own_table() -> None:
    staff = made("employee", "employee_id|manager_id", ("1", None), ("2", "1"), ("3", "1"))
    (edge,) = graph(staff).between("employee", "employee")

    assert (edge.many.name, edge.one.name) == ("manager_id", "employee_id")


def test_roles_tell_two_keys_to_one_table_apart() -> None:
    teams = made("team", "team_id|name", ("1", "Reds"), ("2", "Blues"), ("3", "Greens"))
    games = made("game", "no|home_team_id|away_team_id", ("7", "1", "2"), ("8", "2", "3"))
    roles = {e.many.name: e.roles for e in graph(games, teams).edges}

    assert roles == {"home_team_id": {"home"}, "away_team_id": {"away"}}


def test_tables_without_rows_are_joined_by_their_names() -> None:
    customers = made("customers", "customer_id|name")
    orders = made("orders", "order_id|customer_id")

    assert pairs(graph(customers, orders)) == {("orders.customer_id", "customers.customer_id")}
