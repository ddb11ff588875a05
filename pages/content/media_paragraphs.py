"""Paragraphs that hold only images or a video: rows of images, players, and video files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .blocks import Block, Paragraph, child_blocks
from .images import TEXT_WIDTH
from .inlines import Inline, Run
from .video_files import is_video
from .video_players import Player, Provider, find_player

# The smallest height of the images in a row, in CSS pixels, because smaller images are hard to recognize. If all images
# beside each other would be smaller than this, the row wraps onto more lines.
MIN_ROW_HEIGHT = 48
ROW_GAP = 16  # the gap between two images (--space-3 in static/css/tokens.css)


@dataclass(frozen=True)
class ImageRow:
    """Two or more images that have the same height on the page."""

    images: tuple[Run, ...]

    @cached_property
    def height(self) -> int:
        """The height of the row, in CSS pixels, or 0 if no image has a known size.

        The row is as wide as the text, unless its images would be less than MIN_ROW_HEIGHT high, or larger than their
        files. Images that are much smaller than the others (`small_images`) don't limit the height.
        """
        sizes = [size for size in map(_size, self.images) if size]
        if not sizes:
            return 0
        room = TEXT_WIDTH - ROW_GAP * (len(sizes) - 1)
        fitting = max(int(room / sum(width / height for width, height in sizes)), MIN_ROW_HEIGHT)
        smallest = min(height for _, height in sizes if not self._is_small(height))
        return min(fitting, smallest)

    @property
    def fits_one_line(self) -> bool:
        """Whether all images fit beside each other in the full width of the text (TEXT_WIDTH)."""
        widths = [size[0] for image in self.images if (size := self.size_of(image))]
        # Each width is rounded by half a pixel at most.
        return sum(widths) + ROW_GAP * (len(widths) - 1) <= TEXT_WIDTH + len(widths) / 2

    @cached_property
    def typical_height(self) -> int:
        """The median of the images' own heights, or 0 if no image has a known height."""
        heights = sorted(size[1] for size in map(_size, self.images) if size)
        return heights[len(heights) // 2] if heights else 0

    @property
    def small_images(self) -> tuple[Run, ...]:
        """The images that are less than half as high as `typical_height`.

        The page enlarges small SVGs to the height of the row. It doesn't enlarge other small images.
        """
        return tuple(image for image in self.images if (size := _size(image)) and self._is_small(size[1]))

    def _is_small(self, height: int) -> bool:
        return height * 2 < self.typical_height

    def size_of(self, image: Run) -> tuple[int, int] | None:
        """Return the width and height of an image of this row, or None if its size is unknown."""
        size, picture = _size(image), image.picture
        if not size or not picture:
            return None
        width, own_height = size
        height = self.height if picture.format == "SVG" else min(self.height, own_height)
        return max(round(width * height / own_height), 1), height


class LinkedPlayer(NamedTuple):
    """A poster that links to a video on another site."""

    poster: Run
    player: Player


class VideoFile(NamedTuple):
    """A video in the content folder."""

    video: Run


class EmbeddedVideo(NamedTuple):
    """A video on a page, and its position in the document. `provider` is None for a video in the content folder."""

    provider: Provider | None
    line: int
    column: int
    length: int


def read_media(content: Inline) -> ImageRow | LinkedPlayer | VideoFile | None:
    """Return the images or the video in a paragraph that has nothing else. Otherwise, return None."""
    runs = [run for run in content.runs if run.image or run.text.strip()]
    if not runs or not all(run.image for run in runs):
        return None
    if len(runs) > 1:
        return None if any(is_video(run.image) for run in runs) else ImageRow(tuple(runs))
    [run] = runs
    if is_video(run.image):
        return None if run.href else VideoFile(run)
    player = find_player(run.href) if run.href else None
    return LinkedPlayer(run, player) if player else None


def videos_of(blocks: Iterable[Block]) -> Iterator[EmbeddedVideo]:
    """Yield the videos that `blocks` show."""
    for paragraph in paragraphs_of(blocks):
        match read_media(paragraph.inline):
            case LinkedPlayer(run, player):
                yield EmbeddedVideo(player.provider, run.line, run.column, max(len(run.text), 1))
            case VideoFile(run) if run.video:
                yield EmbeddedVideo(None, run.line, run.column, max(len(run.text), 1))


def paragraphs_of(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Yield the paragraphs of `blocks`, including those inside other blocks, such as lists and quotations."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        yield from paragraphs_of(child_blocks(block))


def _size(image: Run) -> tuple[int, int] | None:
    picture = image.picture
    return (picture.width, picture.height) if picture and picture.width and picture.height else None
