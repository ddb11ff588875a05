"""Drafts of new pages from built-in outlines, for a site without a page to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent

from .document import Page
from .markdown_checks import TODO
from .page_names import plural_of
from .scaffold import NewPage, opening

# What each kind of page is for. `manage.py new_page` shows these texts.
KINDS = {
    "role": "a page about hiring for a role",
    "comparison": "a page that compares the product with an alternative",
    "article": "an article with an author and a date",
    "landing": "a campaign page with a form, hidden from search engines",
    "page": "a page with headings and text",
    "hub": "a page that lists all pages under its URL",
}

_HERO = """
    ## HERO

    **Eyebrow:** TODO: a few words about the topic

    **Headline:** TODO: what the reader gets

    **Subhead:** TODO: one or two sentences
"""
_CALL = """
    **Primary CTA:** {call}
"""
_QUESTIONS = """
    ---

    ## FAQ

    **TODO: a question?**
    TODO: the answer

    **TODO: another question?**
    TODO: the answer
"""
_CLOSING = """
    ---

    ## READY TO START?

    **CTA:** {call}
"""
_RELATED = """
    ---

    ## RELATED PAGES

    {related}
"""

_OUTLINES = {
    "role": _HERO
    + _CALL
    + """
    ---

    ## THE {role} HIRING CHALLENGE

    TODO: why it is hard to hire for this role

    - **TODO: a common mistake.** TODO: the details
    - **TODO: another mistake.** TODO: the details

    ---

    ## WHAT {site} EVALUATES

    ### Technical Dimension (50%)

    TODO: check this weight

    **TODO: a skill**
    - TODO: an example of this skill

    ### Behavioral Dimension (30%)

    TODO: check this weight

    **TODO: a skill**
    - TODO: an example of this skill

    ### Contextual Dimension (20%)

    TODO: check this weight

    **TODO: a skill**
    - TODO: an example of this skill

    ---

    ## SAMPLE {role} QUESTIONS

    ### Technical Questions

    **1. TODO: the question**

    *What this reveals:* TODO: a few words

    ### Behavioral Questions

    **2. TODO: the question**

    *What this reveals:* TODO: a few words

    ---

    ## {role} EVALUATION CRITERIA

    | Competency | What Great Looks Like | Red Flags |
    |---|---|---|
    | TODO | TODO | TODO |
    | TODO | TODO | TODO |
"""
    + _QUESTIONS
    + _RELATED
    + """
    ---

    ## READY TO HIRE BETTER {roles}?

    **CTA:** {call}
""",
    "comparison": _HERO
    + _CALL
    + """
    ---

    ## THE SHORT VERSION

    TODO: when to use which, in a few sentences

    ---

    ## SIDE BY SIDE

    | What you compare | {site_name} | {name} | Why it matters |
    |---|---|---|---|
    | TODO | TODO | TODO | TODO |
    | TODO | TODO | TODO | TODO |
    | TODO | TODO | TODO | TODO |

    ---

    ## WHEN TO USE WHICH

    TODO: a paragraph or two
"""
    + _QUESTIONS
    + _RELATED
    + _CLOSING,
    "article": _HERO
    + """
    ---

    ## TODO: THE FIRST HEADING

    TODO: a paragraph or two

    ---

    ## TODO: ANOTHER HEADING

    TODO: a paragraph or two
"""
    + _RELATED,
    "landing": _HERO
    + """
    ---

    ## TODO: WHAT VISITORS ASK FOR

    TODO: one or two sentences about the offer

    | Field | Name | Required | Help |
    |---|---|---|---|
    | Your name | name | yes | |
    | Work email | email | yes | |

    **Button:** TODO: what the button does

    **Consent:** TODO: what the company may do with these entries

    **Thanks:** **TODO: a headline** TODO: what happens next

    ---

    ## TODO: WHAT VISITORS GET

    TODO: a paragraph or two
""",
    "page": _HERO
    + """
    ---

    ## TODO: A HEADING

    TODO: a paragraph or two
"""
    + _CLOSING,
    "hub": _HERO
    + """
    ---

    ## TODO: A HEADING ABOVE THE LIST

    TODO: one or two sentences about these pages

    **Pages under:** {url}
"""
    + _CLOSING,
}


@dataclass(frozen=True)
class Site:
    """The site's values for a draft: the site's name, a call to action with its target, and pages to link to."""

    name: str
    call: str
    related: Sequence[Page]


def write_draft(kind: str, page: NewPage, site: Site) -> str:
    """Return the text of a draft for `page`. `kind` is a key of KINDS."""
    links = [f"- [{other.name}]({other.url})" for other in site.related]
    text = dedent(_OUTLINES[kind]).strip("\n")
    body = text.replace("TODO", TODO).format(
        url=page.url,
        name=page.name,
        role=page.name.upper(),
        roles=plural_of(page.name).upper(),
        site=site.name.upper(),
        site_name=site.name,
        call=site.call,
        related="\n".join(links) or f"- [{TODO}: a related page](/)",
    )
    return "\n".join([*opening(page), body, ""])
