"""Show the changes of `rename_page` and `retire_page`, ask for confirmation, and write them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content import file_changes, library
from pages.content.content_folder import FileTooLarge, RefusedFile, display_path
from pages.content.library import Library
from pages.content.page_moves import ImpossibleMove, Plan

from .confirmation import confirm


def load_content() -> Library:
    return library.load(settings.CONTENT_DIR, max_document_bytes=settings.MAX_DOCUMENT_BYTES)


def carry_out(command: BaseCommand, make_plan: Callable[[], Plan], is_confirmed: bool) -> None:
    """Show the changes of the plan, write them, and report the problems that they cause.

    Unless `is_confirmed`, ask before writing. Raises CommandError if the changes can't be made, or the answer is no.
    """
    try:
        plan = make_plan()
    except ImpossibleMove as error:
        raise CommandError(f"{error} Nothing was changed.") from error
    except (OSError, RefusedFile, FileTooLarge) as error:
        raise CommandError(f"A file can't be read: {error}. Nothing was changed.") from error
    for line in file_changes.diff(settings.CONTENT_DIR, plan.changes):
        command.stdout.write(line)
    if len(plan.pages) > 1:
        others = ", ".join(page.url for page in plan.pages[1:])
        command.stdout.write(f"\nThe pages under this page move with it: {others}.")
    advice = (plan.by_hand, "Change or remove it."), (plan.rewritten, "Check that the link text fits the new address.")
    for mentions, help in advice:
        for mention in mentions:
            command.stdout.write(f"{mention.place}: this names {mention.address}. {help}")
    if not (is_confirmed or confirm("\nMake these changes?")):
        raise CommandError("Nothing was changed.")
    before = {(problem.rule, problem.message) for problem in load_content().all_problems}
    try:
        file_changes.apply(settings.CONTENT_DIR, plan.changes)
    except file_changes.FileChanged as error:
        shown_path = display_path(settings.CONTENT_DIR, error.path)
        message = f"Another program has just changed {shown_path}. This command changed nothing. Run it again."
        raise CommandError(message) from error
    except OSError as error:
        raise CommandError(f"A file can't be written: {error.strerror}. Nothing was changed.") from error
    command.stdout.write(f"\nChanged {len({change.path for change in plan.changes})} files.")
    listed = {(mention.source.path, mention.span.line) for mention in plan.by_hand}
    for problem in load_content().all_problems:
        if (problem.rule, problem.message) not in before and (problem.path, problem.line) not in listed:
            command.stdout.write(f"{problem}")
