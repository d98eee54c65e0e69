"""What the names of two columns say about one referring to the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.codegen.planner.forms import forms, initials, shortens
from services.codegen.planner.lexicon import lexicon, stem
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.words import pieces

_IDS = frozenset({"id", "ids", "code", "key", "no", "number", "nr", "num", "ref", "uuid"})
_COMMON = frozenset(
    {"name", "titl", "date", "time", "year", "type", "status", "note", "descript", "address"}
    | {"locat", "rank", "amount", "total", "price", "age", "valu", "comment", "day", "month"}
)
"""Stems of what every table may have for itself."""
_SAME, _ROLE, _SHORT, _BARE, _LABEL, _SOME = 0.45, 0.42, 0.4, 0.36, 0.4, 0.2
_PERSONAL = frozenset(map(stem, ("first", "last", "middle", "full", "family", "given")))
"""Names of people: two rows that share one are not about one person."""
_PERSONS = (("peopl",), ("person",))
"""Tables that people of any role are kept in."""
_PLACES = frozenset({"in", "of", "at", "on", "for"})
_COUNTS = frozenset({"number", "num", "no", "nr", "count", "total"})
_ELSEWHERE = 0.3
"""For a key that both tables only borrow from a third."""
_PREFIX_TABLES = 3


@dataclass(frozen=True)
class KeyName:
    """The parts of a column's name, taken as that of a key."""

    words: tuple[str, ...]
    core: tuple[str, ...]
    """Stems without the words for `identifier`."""
    id: bool
    letters: str
    """`s` of `sid`: a key named by the initial of what it identifies."""
    table: tuple[str, ...]
    """Stems of the table's name."""
    plain_table: tuple[str, ...]
    label: bool
    main: bool
    """True for the column that tells the table's rows apart."""
    elsewhere: bool
    """True when the name ends with the whole name of another table."""

    @property
    def plural(self) -> bool:
        return self.words[-1].endswith("s") and stem(self.words[-1]) != self.words[-1]

    @property
    def counts(self) -> bool:
        """True for `number_of_boats`, which is no key to a boat."""
        return len(self.words) > 1 and self.words[0] in _COUNTS

    @property
    def home(self) -> bool:
        """True for the key of the table's own rows."""
        if not self.id:
            return False
        own = bool(self.core) and _ends(self.core, self.table) and len(self.core) <= len(self.table)
        return own or not (self.core or self.letters) or self.letters in self.table_initials

    @property
    def table_initials(self) -> frozenset[str]:
        """What may stand for the table's name in front of `id`."""
        first = self.plain_table[0] if self.plain_table else ""
        whole = initials(self.plain_table)
        return frozenset({whole, *(first[:n] for n in range(1, len(first)) if len(whole) == 1)})

    def roles_to(self, one: "KeyName") -> frozenset[str]:
        """The stems of this name that say in which role it refers to `one`."""
        taken = {*one.core, *one.table, *self.table}
        return frozenset(w for w in self.core if not any(_like(w, t) for t in taken))

    def self_score(self, one: "KeyName") -> float:
        """Up to 0.45: this column names another row of its own table."""
        roles = forms().self_roles
        if not one.home or self is one or not self.core:
            return 0.0
        if self.id and _ends(self.core, one.table) and len(self.core) > len(one.table):
            return _SAME
        return _SAME if set(self.core) & roles else 0.0


def key_names(schema: Schema) -> Mapping[str, KeyName]:
    """The names of all columns, by their keys."""
    tables = _table_words(list(schema.tables))
    noise = _noise(list(schema.tables))
    known = {w for words in tables.values() for w in words}
    stems = {n: tuple(map(stem, words)) for n, words in tables.items()}
    fields = schema.fields.values()
    names = {
        f.key: _key_name(f, tables[f.table.name], noise, known) for f in schema.fields.values()
    }
    main = {f.key for t in schema.tables if (f := schema.key(t))}
    return {
        f.key: replace(
            names[f.key],
            main=f.key in main,
            elsewhere=any(
                names[f.key].core[-len(words) :] == words
                for table, words in stems.items()
                if table != f.table.name
            ),
        )
        for f in fields
    }


def name_score(many: KeyName, one: KeyName) -> float:
    """Up to 0.45: equal names, or `state_id` with the `id` of table `states`."""
    if many.words == one.words:
        return _equal(many, one)
    if many.counts:
        return 0.0
    if not many.core and not many.letters:
        return 0.0  # a plain `id` is the key of its own table
    if one.home or (one.main and not many.id and many.core == one.table):
        found = _to_home(many, one)
        if found:
            return found
    if one.core and one.id and many.id and _ends(many.core, one.core):
        return _ROLE if one.home else _ELSEWHERE
    if (one.label or one.home) and not many.id and _ends(many.core, one.table):
        return _LABEL
    if many.letters and many.letters == one.letters:
        return _SHORT
    shared = set(many.core) & set(one.core) - _COMMON
    return _SOME if shared else 0.0


def _equal(many: KeyName, one: KeyName) -> float:
    if not many.core and not many.letters:
        return 0.0  # each is the key of its own table
    if many.label and set(many.core) <= _PERSONAL:
        return 0.0
    if many.core and many.core[-1] in _COMMON and not many.id:
        return 0.1
    if many.home and not one.home:
        return _ELSEWHERE
    return _SAME if one.home or not one.id else _ELSEWHERE


def _to_home(many: KeyName, one: KeyName) -> float:
    """`singer_id`, `first_singer_id`, `sing_id`, `singer` or `sid` with the key of `singers`."""
    target = one.table
    core = many.core
    if many.letters:
        stranger = many.home or many.letters not in one.table_initials
        return 0.0 if stranger else _SHORT
    if core == target or (one.core and core == one.core):
        return _SAME if many.id else _BARE
    if many.id and _ends(core[: len(target)], target) and set(many.words) & _PLACES:
        return _SHORT  # `clerk_on_duty_id`
    if _ends(core, target) or (one.core and _ends(core, one.core)):
        exact = core[-1] in (target[-1], one.core[-1] if one.core else "")
        full = _ROLE if exact else _SHORT
        # `away_matches` counts matches; `host_city` may hold the key of a city.
        return full if many.id else _SOME if many.plural else _BARE
    if many.id and target in _PERSONS and not many.home and not many.elsewhere:
        return _BARE  # `winner_id`
    last = target[-1:]
    borrowed = many.id and len(target) > 1 and not many.elsewhere
    return _BARE if borrowed and _ends(core, last) else 0.0


def _ends(words: Sequence[str], tail: Sequence[str]) -> bool:
    """True when the last words are like `tail`."""
    if not tail or len(words) < len(tail):
        return False
    return all(_like(a, b) for a, b in zip(words[-len(tail) :], tail, strict=True))


def _like(a: str, b: str) -> bool:
    if a == b:
        return True
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return shortens(short, long) or any(
        len(p) == 1 and stem(p[0]) == long for p in forms().short.get(short, ())
    )


def _table_words(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    noise = _noise(names)
    return {n: tuple(w for w in pieces(n) if w not in noise) or pieces(n) for n in names}


def _noise(names: Sequence[str]) -> frozenset[str]:
    """A first word that all tables have in common says nothing."""
    firsts = Counter(p[0] for n in names if len(p := pieces(n)) > 1)
    return frozenset(w for w, n in firsts.items() if n == len(names) >= _PREFIX_TABLES) | {
        "dim",
        "fact",
        "tbl",
    }


def _key_name(
    field: Field, table: tuple[str, ...], noise: frozenset[str], known: set[str]
) -> KeyName:
    words = tuple(w for p in pieces(field.name) for w in _split_id(p, known) if w not in noise)
    words = words or pieces(field.name) or (field.name,)
    marked = words[:-1] if len(words) > 1 and words[-1].isdigit() else words  # `club_id_2`
    is_id = (marked[-1] in _IDS or words[0] == "id") and words[0] not in _COUNTS
    letters = _letters(words)
    label = stem(words[-1]) in lexicon().names or words[-1] == "abbreviation"
    own = _without_own(tuple(w for w in words if w not in _IDS), table)
    own = own[:-1] if label and len(own) > 1 else own
    core = () if letters else tuple(stem(w) for w in own if not w.isdigit() or len(own) == 1)
    return KeyName(
        words=words,
        core=core,
        id=is_id or bool(letters),
        letters=letters,
        table=tuple(map(stem, table)),
        plain_table=table,
        label=label,
        main=False,
        elsewhere=False,
    )


def _letters(words: Sequence[str]) -> str:
    last = words[-1]
    return last[:-2] if len(words) == 1 and 3 <= len(last) <= 4 and last.endswith("id") else ""


def _without_own(words: tuple[str, ...], table: Sequence[str]) -> tuple[str, ...]:
    """`tx_customer` of table `transaction` is its customer: the table's own mark says nothing."""
    if len(words) < 2:
        return words
    first = words[0]
    short = initials(table)
    marks = first == short or any(
        len(p) == 1 and p[0] in table for p in forms().short.get(first, ())
    )
    return words[1:] if marks and first not in table else words


def _split_id(word: str, known: set[str]) -> tuple[str, ...]:
    """`custid` is `cust id` where a table is called like that."""
    rest = word[:-2] if word.endswith("id") else ""
    if len(rest) >= 3 and any(k.startswith(rest) or rest.startswith(k) for k in known):
        return rest, "id"
    return (word,)
