"""Names that no other column of a plan has."""


class Names:
    """Gives each column of a plan a name that no other has, also where case is not told apart."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        """Names in folded case."""

    def fresh(self, name: str) -> str:
        """`name`, with a number where it is taken."""
        found, n = name, 2
        while found.casefold() in self.taken:
            found, n = f"{name}_{n}", n + 1
        self.taken.add(found.casefold())
        return found
