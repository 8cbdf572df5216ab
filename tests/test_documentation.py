"""The pages for people tell of everything that there is: commands, measures, roles."""

from collections.abc import Iterator

import click
import pytest

from tracker.cli import commands
from tracker.rules.counting import MEASURES, RATES
from tracker.rules.reception_counting import RECEPTION_MEASURES
from tracker.rules.standard_texts import PLACEHOLDERS
from tracker.rules.workflow import ROLE_LABELS, Role
from tracker.settings import PROJECT

DOCS = PROJECT / "docs"
BIGGEST_PICTURE = 120_000


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def each_command(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from each_command(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize(("path", "command"), [*each_command(commands, "tracker")])
def test_each_command_is_explained_with_all_its_options(path: str, command: click.Command) -> None:
    [row] = [line for line in page("administrator.md").splitlines() if f"| `{path}`" in line]
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [name for option in options for name in option.opts if f"`{name}`" not in row] == []


def test_each_measure_is_explained_in_the_words_of_the_report() -> None:
    for measures in ((*MEASURES.values(), *RATES.values()), RECEPTION_MEASURES.values()):
        rows = [f"| {row.label} | {row.sentence} |" for row in measures]
        assert "\n".join(rows) + "\n\n" in page("leader.md")


@pytest.mark.parametrize("role", Role)
def test_each_role_is_explained(role: Role) -> None:
    assert f"| {ROLE_LABELS[role]} | `{role}` |" in page("administrator.md")


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_each_placeholder_of_texts_is_explained(name: str) -> None:
    assert f"| `{{{{{name}}}}}` | {PLACEHOLDERS[name]} |" in page("administrator.md")


def test_every_picture_is_light_and_shown() -> None:
    shown = "".join(path.read_text("utf-8") for path in DOCS.glob("*.md"))
    for picture in (DOCS / "pictures").iterdir():
        assert picture.stat().st_size < BIGGEST_PICTURE, picture.name
        assert f"(pictures/{picture.name})" in shown, picture.name
