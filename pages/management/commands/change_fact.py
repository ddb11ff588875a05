"""`manage.py change_fact`: give a fact another value in all files that state it."""

from __future__ import annotations

from argparse import ArgumentParser
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import fact_changes, file_changes
from pages.content.fact_changes import ChangeRefused, Plan
from pages.content.fact_values import InvalidValue
from pages.content.figures import to_figure
from pages.content.library import Library

from ..confirmation import confirm
from ..page_changes import load_content


class Command(BaseCommand):
    help = "Change a fact in facts.toml and in all files that state it. Show the changes, and ask before writing them."
    requires_system_checks = ()  # marketers have no SECRET_KEY

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the fact's name in facts.toml, such as price.growth")
        parser.add_argument("value", help="the new value, in quotes, such as '₹1,900'")
        parser.add_argument("--yes", action="store_true", help="make the changes without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        content = load_content()
        name, value = options["name"], options["value"]
        self._check_facts(content, name, value)
        try:
            plan = fact_changes.plan_change(content, name, value)
            self._print(content, plan)
            self._print_plural(value)
            if not (options["yes"] or confirm(f"Change {_total(plan)}?")):
                self.stdout.write("Nothing has been changed.")
                return
            fact_changes.write_change(content.folder, plan)
        except (ChangeRefused, InvalidValue) as error:
            raise CommandError(f"{error} This command changed nothing.") from error
        self.stdout.write(
            f"Changed {_total(plan)}. Update “confirmed” in facts.toml, and run make check ARGS=--strict."
        )

    def _check_facts(self, content: Library, name: str, value: str) -> None:
        facts = content.facts.facts
        if content.loaded_facts.problems:
            problem = content.loaded_facts.problems[0]
            raise CommandError(f"facts.toml has mistakes. Correct them first.\n{problem}")
        if not facts:
            raise CommandError(f"There are no facts in {settings.CONTENT_DIR / 'facts.toml'}.")
        if name not in facts:
            near = get_close_matches(name, facts, n=1)
            help = f"Did you mean {near[0]}?" if near else f"Use one of these: {', '.join(facts)}."
            raise CommandError(f"facts.toml has no fact named “{name}”. {help}")
        if facts[name].value == value:
            raise CommandError(f"The value of {name} is already “{value}”.")

    def _print(self, content: Library, plan: Plan) -> None:
        for line in file_changes.diff(content.folder, plan.changes):
            self.stdout.write(line)
        if plan.left:
            self.stdout.write(
                "\nThese places stay as they are. Read them, and change them by hand if they are wrong:\n\n"
            )
            for place in plan.left:
                self.stdout.write(str(place))
            self.stdout.write("")

    def _print_plural(self, value: str) -> None:
        figure = to_figure(value)
        if figure and figure.low == figure.high == 1 and figure.kind in ("count", "duration"):
            self.stdout.write(
                "Read the changed lines: after “one”, words such as “assessments are” need the singular.\n"
            )


def _total(plan: Plan) -> str:
    places, files = plan.count, len(plan.changes)
    return f"{places} place{'s' * (places != 1)} in {files} file{'s' * (files != 1)}"
