"""Pages whose documents hold a form. All others are the pages app's."""

from __future__ import annotations

from dataclasses import replace
from time import time

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from pages.content.document import Page
from pages.content.lazy_page import DocumentRemoved
from pages.content.sections.form import Form
from pages.http.views import notice, serve, show
from pages.repository import current
from pages.repository.visible_pages import VisiblePages

from . import form_tokens, intake
from .client_ip import client_hash
from .form_tokens import FormToken
from .forms import LeadForm
from .models import Quarantine
from .submissions import Submission

# Faster than this nobody reads a form, fills it in and sends it. In seconds.
FASTEST_SECONDS = 2

# When a form was opened that comes without its ticket: whoever filled it in has only to press the button again.
LONG_AGO = 0.0

SENT, SENT_SALT = "sent", "leads.sent"

NOT_SAVED = (
    "We could not keep what you sent, so nobody will read it. Please send it again in a minute, or write or call:"
)
EXPIRED = (
    "This form was opened too long ago, so it was not sent. Please look it over, and send it again. "
    "If this comes back, write or call:"
)
FORGED = (
    "Your browser did not show that this form came from this site, so it was not sent. Please send it again. If this "
    "comes back, let the browser keep cookies of this site, or write or call:"
)


@csrf_exempt
def document(request: HttpRequest) -> HttpResponse:
    """The document that has this address. What is sent to one without a form is refused there, and changes nothing;
    a form asks for its own protection."""
    # Whatever else the sender names: there are encodings that bring characters which cannot be written again.
    request.encoding = "utf-8"
    found = current.visible_pages()
    page = _with_form(request, found)
    if page is None or page.form is None or request.method not in ("GET", "HEAD", "POST"):
        return serve(request, found)
    return _form_page(request, found, page, page.form)


def _with_form(request: HttpRequest, found: VisiblePages) -> Page | None:
    """All of the page that has this address, if it holds a form."""
    page = found.page(request.path_info)
    try:
        return page.full if page and page.form else None
    except DocumentRemoved:
        return None


@cache_control(private=True, no_store=True)
@csrf_protect
def _form_page(request: HttpRequest, found: VisiblePages, page: Page, asked: Form) -> HttpResponse:
    if request.method == "POST":
        return _receive(request, found, page, asked)
    if _was_sent(request, page):
        return show(request, found, page, "Sent: ", sent=True)
    ticket = form_tokens.issue(request)
    return _show(request, found, page, ticket, LeadForm(asked, role=_role(ticket, found)))


def _receive(request: HttpRequest, found: VisiblePages, page: Page, asked: Form) -> HttpResponse:
    form, ticket = LeadForm(asked, request.POST), form_tokens.read(request.POST.get("ticket", ""))
    if ticket is None:
        return _show(request, found, page, form_tokens.issue(request, LONG_AGO), form, EXPIRED, status=400)
    if not form.is_valid():
        return _show(request, found, page, ticket, form)
    submission = _submission(request, page, asked, form, ticket)
    try:
        intake.save(submission)
    except intake.NotSaved:
        return _show(request, found, page, ticket, form, NOT_SAVED, status=503)
    token = signing.dumps([page.url, submission.key], salt=SENT_SALT)
    return HttpResponseRedirect(f"{page.url}?{SENT}={token}#{SENT}", status=303)


def _submission(request: HttpRequest, page: Page, asked: Form, form: LeadForm, ticket: FormToken) -> Submission:
    is_fast = time() - ticket.opened_at < FASTEST_SECONDS
    suspicion = Quarantine.HONEYPOT if form.is_trapped else Quarantine.TOO_FAST if is_fast else Quarantine.NONE
    return Submission(
        opening=ticket.opening,
        page=page.url,
        sent_at=timezone.now(),
        fields=form.sent,
        consent=ticket.consent,
        came_from=ticket.came_from,
        referrer_host=ticket.referrer_host,
        campaign=ticket.campaign,
        client=client_hash(request),
        suspicion=suspicion.value,
        reply_subject=asked.subject,
        reply=asked.reply,
    )


def _show(
    request: HttpRequest,
    found: VisiblePages,
    page: Page,
    ticket: FormToken,
    form: LeadForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    prefix = "Error: " if refusal or form.errors else ""
    ticket = replace(ticket, consent=str(form.consent.label))
    return show(request, found, page, prefix, status, form=form, ticket=ticket, refusal=refusal)


def _was_sent(request: HttpRequest, page: Page) -> bool:
    """Whether the address is one that a visitor was sent to when a lead of this page was kept."""
    try:
        return bool(signing.loads(request.GET.get(SENT, ""), salt=SENT_SALT)[0] == page.url)
    except signing.BadSignature:
        return False


def _role(ticket: FormToken, found: VisiblePages) -> str:
    """The role that the page is about from which the visitor came."""
    page = found.page(ticket.came_from)
    hub = found.page("/hire")
    return page.short_name(hub) if page and hub and ticket.came_from.startswith("/hire/") else ""


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django calls where the token against forged requests is missing (settings.CSRF_FAILURE_VIEW): the form
    with all that was typed, to be sent again."""
    found = current.visible_pages()
    page = _with_form(request, found)
    if page is None or page.form is None:
        return notice(request, found, 403, "Not sent", FORGED)
    form = LeadForm(page.form, request.POST)
    ticket = form_tokens.read(request.POST.get("ticket", "")) or form_tokens.issue(request, LONG_AGO)
    return _show(request, found, page, ticket, form, FORGED, status=403)
