"""A privacy page may say that no page loads a player from another site. Test whether these sentences are found."""

import pytest

from pages.content.player_denials import denials
from pages.content.problems import Source


def found_in(text):
    return [sentence for _, sentence in denials(Source("privacy.md", text), ["YouTube", "Vimeo"])]


@pytest.mark.parametrize(
    "sentence",
    [
        "We never embed YouTube.",
        "We don’t use YouTube.",
        "This site does not load anything from YouTube or Vimeo.",
        "We use neither YouTube nor Vimeo.",
        "No YouTube videos are embedded.",
        "There are no YouTube videos on this site.",
        "YouTube is not used on this website.",
        "Our pages work without YouTube.",
        "We do not embed third-party content.",
        "They load nothing from other sites: no fonts, no trackers, no videos.",
        "There are no embedded videos on this website.",
    ],
)
def test_a_sentence_that_denies_a_player_is_found(sentence):
    assert found_in(f"# Privacy\n\n## WHAT WE KEEP\n\nWe keep little. {sentence} Ask us.\n") == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Until you play such a video, neither company learns that you are here.",
        "No page loads anything from other sites by itself: no fonts, no trackers, no videos.",
        "We don’t load YouTube until you click play.",
        "Without JavaScript, the play button leads to the video on YouTube.",
        "YouTube receives your IP address, and we don’t receive it.",
        "We have no control over YouTube.",
        "YouTube sets no cookies.",
        "We do not use YouTube to track you.",
        "We don’t share your data with third parties.",
        "A video from YouTube or Vimeo is loaded only when you play it.",
        "Videos that we host ourselves come from our own website, so no other company is involved.",
    ],
)
def test_a_sentence_that_says_something_else_is_not_a_denial(sentence):
    assert found_in(f"# Privacy\n\n## WHAT WE KEEP\n\n{sentence}\n") == []


def test_the_position_of_a_denial_is_its_first_line():
    text = "# Privacy\n\n## VIDEOS\n\n- **Videos.** We play some. We\n  never embed YouTube.\n"
    [(place, _)] = denials(Source("privacy.md", text), ["YouTube"])
    assert (place.line, place.column, place.length) == (5, 29, 2)
