"""Render images, rows of images, and videos as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from urllib.parse import quote

from . import url_paths
from .images import TEXT_WIDTH, Picture, Variant
from .inlines import Run
from .media_paragraphs import ImageRow, LinkedPlayer, VideoFile
from .site_words import Words
from .video_files import is_other_video, is_video

# In CSS pixels. A video that is higher than this, such as one from a phone, doesn't fit on a screen.
MAX_VIDEO_HEIGHT = 640

_PLAY = (
    '<svg class="play" viewBox="0 0 72 72" width="72" height="72" aria-hidden="true">'
    '<circle cx="36" cy="36" r="36"/><path d="M29 22l24 14-24 14z"/></svg>'
)

Size = tuple[int, int]


def render_media(media: ImageRow | LinkedPlayer | VideoFile, words: Words) -> str:
    """Render a paragraph that holds only images or a video."""
    match media:
        case ImageRow():
            images = "\n".join(_row_image(image, media.size_of(image)) for image in media.images)
            one_line = " one-line" if media.fits_one_line else ""
            return f'<div class="image-row{one_line}">\n{images}\n</div>'
        case LinkedPlayer():
            return _player(media, words)
        case VideoFile(run):
            return _video_file(run) if run.video else f"<p>{escape(run.text)}</p>"


def render_image(run: Run) -> str:
    """Render an image in a line of text. If the image's file can't be shown, keep the source as written.

    A video can't play in a line of text, so render it as a link to its file. Inside another link, or if browsers can't
    play the video, render it as plain text.
    """
    if is_video(run.image) or is_other_video(run.image):
        text = escape(run.text)
        return text if run.href or not run.video else f'<a href="{quote(run.video.url)}">{text}</a>'
    picture = run.picture
    size = (picture.width, picture.height) if picture and picture.width else None
    return _image(run, size, picture.sizes if picture else "")


def _image(run: Run, size: Size | None, sizes: str) -> str:
    """Render an image in all its sizes and formats. `sizes` is the attribute of its `<source>` elements."""
    picture, text = run.picture, escape(run.text)
    title = f' title="{escape(run.title)}"' if run.title else ""
    loading = "" if run.eager else ' loading="lazy"'
    if picture is None:
        # A relative URL of an image is resolved against the content folder.
        return f'<img src="{escape(url_paths.resolve("/", run.image))}" alt="{text}"{title}{loading}>'
    url = picture.url if picture.is_served_unchanged else picture.cleaned.url
    image = f'<img src="{quote(url)}" alt="{text}"{title}{_size(size)} decoding="async"{loading}>'
    sources = "".join(
        f'<source type="image/{format.lower()}" srcset="{_srcset(variants)}" sizes="{sizes}">'
        for format, variants in groupby(picture.variants, key=lambda variant: variant.format)
    )
    return f"<picture>{sources}{image}</picture>" if sources else image


def _srcset(variants: Iterable[Variant]) -> str:
    return ", ".join(f"{quote(variant.url)} {variant.width}w" for variant in variants)


def _size(size: Size | None) -> str:
    return f' width="{size[0]}" height="{size[1]}"' if size else ""


def _sized_image(run: Run, size: Size | None) -> str:
    return _image(run, size, f"(min-width: {size[0] + 64}px) {size[0]}px, 100vw" if size else "100vw")


def _row_image(run: Run, size: Size | None) -> str:
    image = _sized_image(run, size)
    if run.href:
        image = f'<a href="{escape(run.href)}">{image}</a>'
    return f"<figure>{image}{_caption(run)}</figure>" if run.title else image


def _caption(run: Run) -> str:
    return f"<figcaption>{escape(run.title)}</figcaption>" if run.title else ""


def _player(media: LinkedPlayer, words: Words) -> str:
    """Render the poster as a link to the video. The script `player.js` replaces the poster with the player.

    Screen readers announce the link as “Play video: …”.
    """
    run, (provider, url) = media
    poster = _sized_image(run._replace(title=""), _video_size(run.picture))
    notice = words("Playing this video loads it from {provider}.", provider=provider.name)
    return (
        f'<figure class="player">\n<div><a href="{escape(run.href)}" data-player="{escape(url)}">'
        f'<span class="visually-hidden">{escape(words("Play video:"))} </span>{poster}{_PLAY}</a></div>\n'
        f"<figcaption>{escape(run.title)} <small>{escape(notice)}</small>"
        "</figcaption>\n</figure>"
    )


def _video_file(run: Run) -> str:
    """Render a video with its poster. Browsers load the video when a visitor plays it."""
    url = quote(run.video.url) if run.video else ""
    text, picture = escape(run.text), run.picture
    poster = f' poster="{quote(_poster_url(picture))}"' if picture else ""
    return (
        f'<figure class="video" data-address="{url}">\n'
        f'<video src="{url}" controls preload="none" playsinline{poster}{_size(_video_size(picture))}'
        f' aria-label="{text}"><a href="{url}">{text}</a></video>\n{_caption(run)}</figure>'
    )


def _poster_url(picture: Picture) -> str:
    """Return the URL of the picture's largest variant in the format that most browsers support."""
    variants = picture.variants
    return variants[-1].url if variants else picture.url


def _video_size(poster: Picture | None) -> Size | None:
    """Return the width and height of a video on the page, or None if its poster's size is unknown.

    The video has the proportions of its poster, and is as large as the text's width and MAX_VIDEO_HEIGHT allow.
    """
    if poster is None or not poster.width or not poster.height:
        return None
    scale = min(TEXT_WIDTH / poster.width, MAX_VIDEO_HEIGHT / poster.height)
    return max(round(poster.width * scale), 1), max(round(poster.height * scale), 1)
