"""The pages of the rules say what the rules say."""

import re
from pathlib import Path

import pytest

from services.validator.report_pages import FAMILIES, FOLDER, main, pages, stale, write
from services.validator.rules import ALL

DOCS = Path(__file__).parents[2] / FOLDER


def test_the_pages_in_the_docs_are_up_to_date() -> None:
    assert stale(DOCS) == [], "run python -m services.validator.report_pages --write"


def test_every_rule_is_on_its_page_and_in_the_index() -> None:
    made = pages()
    for rule in ALL:
        page = made[f"{rule.code[:3].lower()}.md"]
        section = page.partition(f"\n## {rule.code}\n")[2].partition("\n## ")[0]
        assert rule.title in section
        assert rule.why in section
        assert rule.hint in section
        assert f"[{rule.code}]({rule.code[:3].lower()}.md#{rule.code.lower()})" in made["README.md"]


def test_every_link_of_the_pages_leads_somewhere() -> None:
    made = pages()
    for name, text in made.items():
        for target, _, anchor in (t.partition("#") for t in re.findall(r"\]\(([^)]+)\)", text)):
            assert (DOCS / target).is_file(), f"{name}: {target}"
            assert not anchor or f"\n## {anchor.upper()}\n" in made[target]


def test_every_row_of_the_index_has_its_three_cells() -> None:
    rows = [line for line in pages()["README.md"].split("\n") if line.startswith("| [")]
    assert len(rows) == len(ALL)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)


def test_every_family_has_its_words() -> None:
    assert {rule.code[:3] for rule in ALL} <= set(FAMILIES)


def test_old_missing_and_left_over_pages_are_named_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []
    (tmp_path / "spk.md").write_text("old")
    (tmp_path / "ray.md").unlink()
    (tmp_path / "old.md").write_text("of a family that is gone")

    assert stale(tmp_path) == ["old.md", "ray.md", "spk.md"]
    assert main(["--folder", str(tmp_path)]) == 1
    assert "spk.md is out of date" in capsys.readouterr().err
    assert main(["--folder", str(tmp_path), "--write"]) == 0
    assert main(["--folder", str(tmp_path)]) == 0
    assert not (tmp_path / "old.md").exists()
