"""Render a page's files in each format."""

from __future__ import annotations

import logging

from ..calculator.roi_workbook import roi_workbook
from ..content import page_files
from ..content.document import Page
from . import pdf, question_table, workbook
from .kit import Kit

logger = logging.getLogger(__name__)


def render(kit: Kit, suffix: str, site_name: str, site_url: str) -> bytes:
    """Return the kit as a file with this suffix.

    Return b"" for a PDF, or a picture of a PDF, that typst can't typeset. `check_content` reports the known causes.
    """
    try:
        match suffix:
            case ".pdf":
                return pdf.render(kit, site_name, site_url)
            case page_files.PICTURE_SUFFIX:
                return pdf.first_page(kit, site_name, site_url)
            case ".xlsx":
                return workbook.kit_workbook(kit, site_url)
        return question_table.to_csv(kit).encode()
    except pdf.NotTypeset as error:
        logger.error("the PDF of %s can't be typeset: %s", kit.url, error)
        return b""


def calculator(page: Page, site_url: str) -> bytes:
    """Return the page's calculator as a workbook."""
    return roi_workbook(page, site_url)
