"""Save a submission and its outbox messages to the database. If the database fails, spool the submission."""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction

from . import lead_results, outbox, rate_limits, spool
from .database_timeout import write_with_timeout
from .models import Lead, Quarantine
from .submissions import Submission

logger = logging.getLogger(__name__)


class NotSaved(Exception):
    """Neither the database nor the spool could save the submission."""


def save(submission: Submission) -> None:
    """Save the submission durably, in the database or else in the spool.

    Saving a submission again creates no second lead.

    A remote database has settings.DATABASE_SECONDS to respond. Raise NotSaved if the spool fails too.
    """
    try:
        write_with_timeout(lambda: save_to_database(submission))
    except Exception as error:  # catch every error, because the spool can still save the lead
        reason = type(error).__name__
        try:
            spool.append(submission)
        except OSError as spool_error:
            logger.critical(
                "a lead was not saved: the database failed (%s), and the spool isn't writable (%s)",
                reason,
                spool_error.strerror,
            )
            lead_results.count(lead_results.LOST)
            raise NotSaved from spool_error
        lead_results.count(lead_results.SPOOLED)
        logger.error("the database failed (%s): a lead was saved to the spool", reason)


def save_to_database(submission: Submission) -> Lead:
    """Save the lead and its outbox messages in one transaction, and return the lead.

    If the submission was already saved, return the existing lead.
    """
    with transaction.atomic():
        rate_limits.lock()
        existing = Lead.objects.filter(key=submission.key).first()
        if existing:
            return existing
        quarantine = submission.suspicion
        if not quarantine and rate_limits.is_token_used_up(submission):
            quarantine = Quarantine.TOKEN
        lead = Lead.objects.create(
            key=submission.key,
            page=submission.page,
            sent_at=submission.sent_at,
            name=submission.fields.get("name", ""),
            email=submission.fields["email"],
            company=submission.fields.get("company", ""),
            fields=submission.fields,
            consent=submission.consent,
            came_from=submission.came_from,
            referrer_host=submission.referrer_host,
            campaign=submission.campaign,
            mailbox=submission.mailbox,
            client=submission.client,
            opening=submission.opening,
            quarantine=quarantine,
            reply_subject=submission.reply_subject,
            reply=submission.reply,
        )
        if not quarantine:
            limit = rate_limits.exceeded_limit(submission) if submission.reply else ""
            outbox.enqueue(lead, with_reply=not limit)
            if limit:
                outbox.enqueue_alert(limit)
        transaction.on_commit(partial(lead_results.count, lead_results.HELD_BACK if quarantine else lead_results.TAKEN))
        return lead
