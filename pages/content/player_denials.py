"""Find sentences such as “Our pages load no video player from another site” on a privacy page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from .blocks import inlines_of
from .document_structure import DocumentStructure
from .problems import Source, Span

_SENTENCE = re.compile(r".+?(?:[.!?;](?=\s|$)|$)", re.DOTALL)
_NEGATION = r"\b(?:no|not|never|none|nothing|neither|nor|cannot|\w+n't)\b"
_LOADING = r"\b(?:embed|load|play|us(?:e|es|ed|ing)\b|includ|integrat|contain|host|connect|rel(?:y|ies)\b)"
_DENIAL = re.compile(rf"{_NEGATION}.*{_LOADING}|{_LOADING}.*{_NEGATION}")
_PASSIVE_DENIAL = re.compile(
    r"\b(?:is|are|was|were|be|been)(?:n't)?\b.*\b(?:embedded|loaded|played|used|included|integrated|involved)\b"
)
# A sentence with one of these words is only a partial denial. For example, “We load no video until you press play”
# can be true although pages load videos.
_CONDITION = re.compile(
    r"\b(?:until|unless|before|only|except|but|if|when|whenever|once|after|while|by itself|by themselves|automatically"
    r"|by default|first|other than|apart from|besides|yet|cookies?"
    r"|without (?:\w+ ){0,2}(?:clicks?|consent|permission|agreement|knowledge|asking|javascript)"
    r"|to (?:track|profile|identify|follow|recogni[sz]e|analy[sz]e|advertise|target))\b"
)
_OTHERS = r"(?:other|another|external|outside|third[- ]part(?:y|ies))"
_OTHER_SITES = re.compile(
    rf"\b{_OTHERS}(?:['’]s?)? (?:(?:web)?sites?|servers?|hosts?|domains?|content|embeds?"
    rf"|(?:video )?players?|videos?)\b|\bthird[- ]part(?:y|ies)\b"
)
_NO_PLAYERS = re.compile(
    r"\b(?:no|without|not any|n't any|free of) (?:embedded |external |third-party )*(?:videos?|(?:video )?players?)\b"
    rf"|{_NEGATION} (?:\w+ )?(?:embed|embeds|embedding) "
)


def denials(source: Source, providers: Collection[str]) -> Iterator[tuple[Span, str]]:
    """Yield each sentence that says that pages load no players, with the span of the sentence's first line.

    These sentences are wrong: pages do load players from the sites named in `providers`.
    """
    for _, blocks in DocumentStructure(source).sections():
        for inline in inlines_of(blocks):
            for match in _SENTENCE.finditer(inline.text):
                sentence = match[0].strip()
                if _is_denial(sentence, providers):
                    [*_, rest] = inline.split_at([inline.text.index(sentence, match.start())])
                    first = rest.lines()[0]
                    yield Span(first.line, first.column, len(first.text.partition("\n")[0])), " ".join(sentence.split())


def _is_denial(sentence: str, providers: Collection[str]) -> bool:
    text = " ".join(sentence.replace("’", "'").casefold().split())
    if _CONDITION.search(text):
        return False
    named = [name.casefold() for name in providers if name.casefold() in text]
    if not named:
        return bool(_NO_PLAYERS.search(text) or (_OTHER_SITES.search(text) and _DENIAL.search(text)))
    return any(_denies(text, name) for name in named)


def _denies(text: str, name: str) -> bool:
    """Return whether the sentence `text` says that pages load no player from the site called `name`."""
    before, _, after = text.partition(name)
    no_player = r"\b(?:no|without|free of) (?:(?:embedded|external|videos?|players?|content|anything|from|by|or|of) )*$"
    return bool(
        _DENIAL.search(before)
        or re.search(no_player, before)
        or (_PASSIVE_DENIAL.search(after) and re.search(_NEGATION, after))
    )
