"""Join paths: the cheapest tree over the keys, and its rivals."""

from collections.abc import Collection, Sequence
from itertools import permutations

from services.codegen.planner.join_paths import JoinTree, connect
from services.codegen.planner.keys import key_graph
from services.codegen.planner.schema import Schema
from tests.codegen.planner_language.grounding import made
from tests.codegen.planner_language.test_keys import SINGERS, SINGS, TRACKS

TEAMS = made("team", "team_id|name", ("1", "Reds"), ("2", "Blues"), ("3", "Greens"))
GAMES = made("game", "game_id|home_team_id|away_team_id", ("7", "1", "2"), ("8", "2", "3"))


def joined(
    tables: Sequence[str],
    *profiles: object,
    roles: Collection[str] = (),
    prefer: Collection[str] = (),
) -> JoinTree | None:
    return connect(key_graph(Schema(profiles)), tables, prefer, roles)  # type: ignore[arg-type]


def test_a_bridge_is_added_between_two_tables() -> None:
    tree = joined(["singer", "track"], SINGERS, TRACKS, SINGS)

    assert tree is not None
    assert tree.added == ("sings",)
    assert [(s.left.key, s.right.key) for s in tree.steps] == [
        ("singer.sid", "sings.sid"),
        ("sings.tid", "track.tid"),
    ]
    assert [s.multiplies for s in tree.steps] == [True, False]


def test_every_step_begins_at_a_table_that_is_there() -> None:
    for order in permutations(["singer", "track", "sings"]):
        tree = joined(order, SINGERS, TRACKS, SINGS)
        assert tree is not None
        there = [tree.first]
        for step in tree.steps:
            assert step.left.table.name in there
            there.append(step.right.table.name)
        assert there[0] == order[0]
        assert set(there) == set(order)


def test_one_table_needs_no_join_and_strangers_have_none() -> None:
    alone = joined(["team"], TEAMS, TRACKS)

    assert alone is not None
    assert (alone.tables, alone.steps, alone.cost) == (("team",), (), 0)
    assert joined(["team", "track"], TEAMS, TRACKS) is None
    assert joined(["team", "nowhere"], TEAMS) is None


def test_words_of_the_question_choose_between_roles() -> None:
    away = joined(["game", "team"], GAMES, TEAMS, roles={"away", "team"})
    either = joined(["game", "team"], GAMES, TEAMS)

    assert away is not None
    assert either is not None
    assert away.steps[0].left.name == "away_team_id"
    assert away.rivals == ()
    assert [r.many.name for _, r in either.rivals] == ["away_team_id"]


def test_a_table_of_pairs_relates_rather_than_a_shared_attribute() -> None:
    city = made("city", "city_id|name", ("1", "Rom"), ("2", "Bonn"))
    people = made("person", "person_id|city_id", ("1", "1"), ("2", "2"), ("3", "2"))
    clubs = made("club", "club_id|city_id", ("1", "1"), ("2", "2"), ("3", "1"))
    members = made("membership", "person_id|club_id", ("1", "2"), ("2", "2"), ("3", "1"))
    tree = joined(["person", "club"], city, people, clubs, members)
    asked = joined(["person", "club"], city, people, clubs, members, prefer={"city"})

    assert tree is not None
    assert asked is not None
    assert tree.added == ("membership",)
    assert asked.added == ("city",)


def test_many_tables_are_connected_one_after_the_other() -> None:
    hub = made("visit", "visit_id|" + "|".join(f"{c}x_id" for c in "abcdefgh"), ("1", *"12345678"))
    ends = [
        made(f"{c}x", f"{c}x_id|label", *((str(i), f"{c}{i}") for i in range(9)))
        for c in "abcdefgh"
    ]
    for wanted in (4, 8):
        names = [e.name for e in ends[:wanted]]
        tree = joined(names, hub, *ends)
        assert tree is not None
        assert tree.added == ("visit",)
        assert len(tree.steps) == wanted


def test_equal_questions_have_equal_paths() -> None:
    trees = [joined(["singer", "track"], SINGERS, TRACKS, SINGS) for _ in range(3)]

    said = {str([(s.left.key, s.right.key) for s in t.steps]) for t in trees if t}
    assert len(said) == 1


def test_codes_join_by_their_values_alone() -> None:
    routes = made("routes", "origin|n", ("ATL", "1"), ("BOS", "2"), ("ATL", "3"))
    airports = made("airports", "iata|place", ("ATL", "x"), ("BOS", "y"), ("LAX", "z"))
    tree = joined(["routes", "airports"], routes, airports)

    assert tree is not None
    assert [(s.left.name, s.right.name) for s in tree.steps] == [("origin", "iata")]
