"""Views for pages with a form. The `pages` app serves all other pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import time
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect, ensure_csrf_cookie

from pages.content.document import Page
from pages.content.lazy_page import DocumentRemoved
from pages.content.sections.form import Form
from pages.http import roles
from pages.http.markdown_version import markdown_response
from pages.http.notices import render_notice
from pages.http.old_addresses import query_response
from pages.http.views import render_page, serve
from pages.repository import current
from pages.repository.visible_pages import VisiblePages

from . import form_tokens, intake, unsent_forms
from .client_ip import client_hash
from .form_tokens import FormToken
from .forms import LeadForm
from .models import Quarantine
from .reply_links import links_to, page_with_files
from .submissions import Submission, reference_of

# Hold back leads that arrive less than this many seconds after the form was opened. People need longer to fill in a
# form, so bots probably sent these leads.
FASTEST_SECONDS = 2

# The value of `opened_at` for a form whose token was missing or invalid. The visitor has already filled in the form,
# and may send it again at once.
LONG_AGO = 0.0

# SENT is both the query parameter and the fragment in the thank-you page's URL. SENT_SALT is the salt for signing the
# parameter.
SENT, SENT_SALT = "sent", "leads.sent"

# UNSENT is the query parameter in the URL of a form with errors. PROBLEMS is the fragment of this URL and the id of the
# error summary, so the browser moves the focus to the summary.
UNSENT, PROBLEMS = "unsent", "problems"

NOT_SAVED = "Please send the form again in a minute. Something went wrong on our side, so the form was not saved."
EXPIRED = "Please check your answers and send the form again. It was open for too long, so it was not sent."
NOT_KEPT = (
    "Please fill in the form again. We keep an unsent form for only one hour, and only the browser that you used can "
    "show it."
)
NOT_READABLE = (
    "Please reload this page in a minute. Something went wrong on our side, so what you typed can’t be shown now."
)
NO_FILES = "Choose a role from the list. We have no files about any other role"
CSRF_FAILED = (
    "Please send the form again. Your browser did not confirm that the form came from our site, so it was not sent. "
    "If cookies are blocked, allow them for this site."
)


@csrf_exempt
def document(request: HttpRequest) -> HttpResponseBase:
    """Serve the document at the requested path.

    Only form pages need CSRF protection, and `_form_page` has it. All other pages answer 405 to a POST.
    """
    # Ignore the request's charset: some charsets decode to surrogates, which can't be encoded or saved.
    request.encoding = "utf-8"
    visible = current.visible_pages_of(request)
    page = _page_with_form(request, visible)
    if not page or not page.form or request.method not in ("GET", "HEAD", "POST") or query_response(request, visible):
        return serve(request, visible)
    return markdown_response(request, visible) or _form_page(request, visible, page, page.form)


def _page_with_form(request: HttpRequest, visible: VisiblePages) -> Page | None:
    """Return the full page at the requested path, or None if it has no form."""
    page = visible.page(request.path_info) or _just_expired(request, visible)
    try:
        return page.full if page and page.form else None
    except DocumentRemoved:
        return None


def _just_expired(request: HttpRequest, visible: VisiblePages) -> Page | None:
    """Return the page at the requested path if it expired while the visitor had its form open.

    The visitor can still send the form, correct it and see the thank-you text.
    """
    page = visible.expired_page(request.path_info)
    if page is None or page.meta.expires is None or page.url != request.path_info:
        return None
    is_open = visible.now - page.meta.expires < timedelta(seconds=form_tokens.LIFETIME)
    has_sent = request.method == "POST" or UNSENT in request.GET or _load_sent(request, page)
    return page if is_open and has_sent else None


def _form_page(request: HttpRequest, visible: VisiblePages, page: Page, definition: Form) -> HttpResponse:
    response = _protected_form_page(request, visible, page, definition)
    if request.method == "POST":
        # The Back button needs the browser's copy of this response. `no-store` would forbid this copy, and with
        # `Vary: Cookie`, the browser wouldn't use the copy after the cookie has changed.
        patch_cache_control(response, private=True, no_cache=True)
        del response["Vary"]
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


@ensure_csrf_cookie  # sets the cookie even if the CSRF check fails
@csrf_protect
def _protected_form_page(request: HttpRequest, visible: VisiblePages, page: Page, definition: Form) -> HttpResponse:
    if request.method == "POST":
        return _submit(request, visible, page, definition)
    if sent := _load_sent(request, page):
        key, path = sent
        about = visible.page(path)
        return render_page(request, visible, page, "Sent:", reference=reference_of(key), page_with_files=about)
    if UNSENT in request.GET:
        return _show_unsent(request, visible, page, definition)
    return _show_empty_form(request, visible, page, definition)


def _submit(request: HttpRequest, visible: VisiblePages, page: Page, definition: Form) -> HttpResponse:
    form, token = (
        _filled_form(page, definition, visible, request.POST),
        form_tokens.load(request.POST.get("form_token", "")),
    )
    if token is None:
        return _refuse(request, visible, page, form, EXPIRED)
    if not form.is_valid():
        return _refuse(request, visible, page, form)
    about = page_with_files(form.values["role"], visible) if definition.reply_files else None
    links = links_to(about, visible) if about else ""
    submission = _submission(request, visible, page, definition, form, token, links)
    try:
        intake.save(submission)
    except intake.NotSaved:
        return _refuse(request, visible, page, form, NOT_SAVED, status=503)
    sent = signing.dumps([page.url, submission.key, about.url if about else ""], salt=SENT_SALT)
    return HttpResponseRedirect(f"{page.url}?{SENT}={sent}#{SENT}", status=303)


def _filled_form(page: Page, definition: Form, visible: VisiblePages, values: Mapping[str, Any]) -> LeadForm:
    form = LeadForm(definition, values, words=visible.words_for(page), roles=_choices(definition, visible))
    if definition.reply_files:
        form.fields["role"].validators.append(partial(_require_files, visible))
    return form


def _choices(definition: Form, visible: VisiblePages) -> list[str]:
    """Return the roles in the form's list. Return [] if the reply email has no files, or there are too many roles."""
    names = roles.role_names(visible) if definition.reply_files else []
    return names if len(names) < roles.MAX_SUGGESTIONS else []


def _require_files(visible: VisiblePages, role: str) -> None:
    if not page_with_files(role, visible):
        raise ValidationError(NO_FILES)


def _refuse(
    request: HttpRequest, visible: VisiblePages, page: Page, form: LeadForm, error: str = "", status: int = 422
) -> HttpResponse:
    """Keep the visitor's input and `error`, and redirect to the form, which shows both.

    The form also shows the errors of its fields. If the input can't be kept, respond with the form itself and `status`.
    """
    values = _values_to_keep(request, form, error)
    try:
        form_id = unsent_forms.save(request, page.url, values)
    except unsent_forms.NotKept:
        return _show_errors(request, visible, page, form, values, status)
    return HttpResponseRedirect(f"{page.url}?{UNSENT}={form_id}#{PROBLEMS}", status=303)


def _values_to_keep(request: HttpRequest, form: LeadForm, error: str) -> dict[str, str]:
    """Return the visitor's input and `error`. Leave out a form token that this site didn't sign."""
    token = request.POST.get("form_token", "")
    is_signed = form_tokens.load(token, max_age=None) is not None
    return form.sent_values | {"form_token": token if is_signed else "", "form_error": error}


def _show_unsent(request: HttpRequest, visible: VisiblePages, page: Page, definition: Form) -> HttpResponse:
    """Show the form with the input that `_refuse` kept. If this input can't be loaded, show an empty form."""
    try:
        values = unsent_forms.load(request, page.url, request.GET[UNSENT])
    except unsent_forms.NotReadable:
        return _show_empty_form(request, visible, page, definition, NOT_READABLE, status=503)
    if values is None:
        return _show_empty_form(request, visible, page, definition, NOT_KEPT)
    return _show_errors(request, visible, page, _filled_form(page, definition, visible, values), values)


def _submission(
    request: HttpRequest,
    visible: VisiblePages,
    page: Page,
    definition: Form,
    form: LeadForm,
    token: FormToken,
    links: str,
) -> Submission:
    suspicion = Quarantine.NONE
    if form.is_honeypot_filled:
        suspicion = Quarantine.HONEYPOT
    elif time() - token.opened_at < FASTEST_SECONDS:
        suspicion = Quarantine.TOO_FAST
    submission = Submission(
        opening=token.opening,
        page=page.url,
        sent_at=timezone.now(),
        fields=form.values,
        consent=token.consent,
        came_from=token.came_from,
        referrer_host=token.referrer_host,
        campaign=token.campaign,
        client=client_hash(request),
        suspicion=suspicion.value,
        reply_subject=definition.reply_subject,
        reply="",
    )
    return replace(submission, reply=definition.reply_to(reference_of(submission.key), links, visible.words_for(page)))


def _show_empty_form(
    request: HttpRequest, visible: VisiblePages, page: Page, definition: Form, error: str = "", status: int = 200
) -> HttpResponse:
    role = roles.role_name(request.GET.get(roles.PARAMETER, ""), visible)
    words = visible.words_for(page)
    form = LeadForm(definition, role=role, words=words, roles=_choices(definition, visible))
    return _show_form(request, visible, page, form_tokens.issue(request), form, error, status)


def _show_errors(
    request: HttpRequest, visible: VisiblePages, page: Page, form: LeadForm, values: dict[str, str], status: int = 200
) -> HttpResponse:
    """Show a form with errors. `values` comes from `_values_to_keep`.

    The form keeps its token, however old the token is. A form without a valid token gets a new one.
    """
    token = form_tokens.load(values["form_token"], max_age=None) or form_tokens.issue(request, LONG_AGO)
    return _show_form(request, visible, page, token, form, values["form_error"], status)


def _show_form(
    request: HttpRequest,
    visible: VisiblePages,
    page: Page,
    token: FormToken,
    form: LeadForm,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    title_prefix = "Error:" if error or form.errors else ""
    token = replace(token, consent=str(form.consent.label))
    error = visible.words_for(page)(error)
    context = {"form": form, "form_token": token, "form_error": error, "roles": roles.role_names(visible)}
    return render_page(request, visible, page, title_prefix, status, **context)


def _load_sent(request: HttpRequest, page: Page) -> tuple[str, str] | None:
    """Return the lead's key and a path, or None if the URL has no valid `sent` parameter.

    After saving a form, the site redirects to a URL with this signed parameter. If the visitor asked for files, the
    path leads to the page with these files. Otherwise, the path is "".
    """
    try:
        url, key, *path = signing.loads(request.GET.get(SENT, ""), salt=SENT_SALT)
    except signing.BadSignature:
        return None
    return (str(key), str(path[0]) if path else "") if url == page.url else None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the form again with its values and a message.

    Django calls this view if its CSRF check fails (settings.CSRF_FAILURE_VIEW).
    """
    visible = current.visible_pages_of(request)
    page = _page_with_form(request, visible)
    if page is None or page.form is None:
        return render_notice(request, visible, 403, "Not sent", CSRF_FAILED)
    form = _filled_form(page, page.form, visible, request.POST)
    # The browser sent the cookie, and the form came from this site. Only the form's CSRF token is wrong.
    if reason.startswith("CSRF token"):
        return _refuse(request, visible, page, form, CSRF_FAILED, status=403)
    # In all other cases, don't keep the form. The request may come from another site, which must not write to the
    # database. Or the browser may refuse cookies, and then it couldn't show a kept form.
    return _show_errors(request, visible, page, form, _values_to_keep(request, form, CSRF_FAILED), status=403)
