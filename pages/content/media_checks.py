"""Check videos and rows of images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .blocks import Block, inlines_of
from .images import Pictures, RejectedImage
from .inlines import Inline, Run
from .media_paragraphs import ImageRow, LinkedPlayer, VideoFile, paragraphs_of, read_media
from .problems import Problem, Source
from .video_files import find_poster, is_video, poster_urls
from .video_players import find_player, is_incomplete

# A paragraph with more characters than this is not just an address.
_MAX_ADDRESS_LENGTH = 500


def check_media(source: Source, blocks: Iterable[Block], pictures: Pictures) -> Iterator[Problem]:
    """Yield the problems with the images and videos in `blocks`.

    The targets of links and images in `blocks` must be resolved already.
    """
    blocks, shown = tuple(blocks), set[Run]()
    for paragraph in paragraphs_of(blocks):
        yield from _check_address(source, paragraph.inline)
    if not any(run.image for content in inlines_of(blocks) for run in content.runs):
        return
    for paragraph in paragraphs_of(blocks):
        match read_media(paragraph.inline):
            case ImageRow() as row:
                yield from _check_row(source, row)
            case LinkedPlayer(run, _):
                shown.add(run)
            case VideoFile(run):
                shown.add(run)
                yield from _check_poster(source, run, pictures)
    for content in inlines_of(blocks):
        for run in content.runs:
            if run.image and run not in shown:
                yield from _check_place(source, run)


def _check_row(source: Source, row: ImageRow) -> Iterator[Problem]:
    for image in row.small_images:
        picture = image.picture
        if picture:
            message = (
                f"The image {image.image} is much smaller than the other images in this row: its height is "
                f"{picture.height} pixels, and a typical height here is {row.typical_height}."
            )
            help = f"Save a version that is at least {row.height} pixels high."
            yield _problem(source, image, "image-row", message, help)


def _check_poster(source: Source, video: Run, pictures: Pictures) -> Iterator[Problem]:
    if video.video is None or video.picture:
        return
    poster, url = find_poster(video.video.url, pictures), poster_urls(video.video.url)[0]
    message = "This video has no poster, so the page shows an empty rectangle until it plays."
    help = f"Save a picture from the video as {url.lstrip('/')} in the content folder."
    if isinstance(poster, RejectedImage):
        message, help = f"The page doesn't show the poster of this video. {poster.message}", poster.help
    yield _problem(source, video, "video-poster", message, help)


def _check_place(source: Source, run: Run) -> Iterator[Problem]:
    """Yield a problem for a video that is inside a link, isn't alone in its paragraph, or has an incomplete address."""
    if is_video(run.image):
        message, help = "This video is not alone in its paragraph, so the page shows only a link to it.", ""
        if run.href:
            message = "This video is inside a link, so it can't play. The page shows only the link."
            help = f"Write only ![{run.text}]({run.image}), with a blank line before and after it."
    elif run.href and find_player(run.href):
        message, help = "This video is not alone in its paragraph, so its picture is only a link to the video.", ""
    elif run.href and is_incomplete(run.href):
        message = f"The address {run.href} leads to no video, so the page can't show a player."
        help = "Copy the address again from the video's Share button."
    else:
        return
    help = help or "Put the video in a paragraph of its own, with a blank line before and after it."
    yield _problem(source, run, "video-link", message, help)


def _check_address(source: Source, content: Inline) -> Iterator[Problem]:
    """Yield a problem for a paragraph that is just a video's address. Other tools show a player in its place."""
    text = content.text.strip()
    if " " in text or len(text) > _MAX_ADDRESS_LENGTH or len(text.split(maxsplit=1)) != 1:
        return
    address = text if "://" in text else f"https://{text}"
    if any(run.image or run.code for run in content.runs) or not (player := find_player(address)):
        return
    message = f"The page shows only this address of a {player.provider.name} video, without a player."
    help = (
        "Save a picture from the video in images/, such as images/poster.jpg. "
        f"Then write [![What the video shows](images/poster.jpg)]({address})"
    )
    yield source.problem("video-link", message, help, line=content.line, column=content.column, length=len(text))


def _problem(source: Source, run: Run, rule: str, message: str, help: str) -> Problem:
    return source.problem(rule, message, help, line=run.line, column=run.column, length=max(len(run.text), 1))
