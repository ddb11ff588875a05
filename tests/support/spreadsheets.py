"""Open workbooks in LibreOffice, which recalculates them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from functools import partial
from html import escape
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell
from pypdf import PdfReader

from .waiting import PATIENCE

_REASON = "LibreOffice is missing (Debian: apt-get install libreoffice-calc-nogui)"
needs_libreoffice = pytest.mark.skipif(
    not shutil.which("soffice") and not os.environ.get("REQUIRE_LIBREOFFICE"), reason=_REASON
)

# By default, LibreOffice keeps the values in an XLSX file. 0 means: always recalculate.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def read(data: bytes) -> Workbook:
    """Return the workbook with its formulas."""
    return openpyxl.load_workbook(BytesIO(data))


def read_values(data: bytes) -> Workbook:
    """Return the workbook with the values that are stored beside its formulas."""
    return openpyxl.load_workbook(BytesIO(data), data_only=True)


def fill_in(data: bytes, name: str, values: Mapping[str, float | str | None]) -> bytes:
    """Return the workbook with `values` filled in on the sheet called `name`. The keys are cells such as “B3”.

    All other bytes stay as they are. openpyxl would write a new file, without the parts that it doesn't know.
    """
    path = f"xl/worksheets/sheet{read(data).sheetnames.index(name) + 1}.xml"
    filled = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(filled, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == path:
                sheet = content.decode()
                for place, value in values.items():
                    sheet, count = re.subn(
                        rf'<c r="{place}" s="(\d+)"(?: t="\w+")?(?:/>|>.*?</c>)', partial(_cell, place, value), sheet
                    )
                    assert count == 1, place
                content = sheet.encode()
            new.writestr(item, content)
    return filled.getvalue()


def _cell(place: str, value: float | str | None, match: re.Match[str]) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" s="{match[1]}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}" s="{match[1]}"/>' if value is None else f'<c r="{place}" s="{match[1]}"><v>{value}</v></c>'


def recalculate(folder: Path, workbooks: Mapping[str, bytes]) -> dict[str, Workbook]:
    """Recalculate the formulas of all `workbooks` with one run of LibreOffice. `folder` is for temporary files."""
    for name, workbook in workbooks.items():
        (folder / f"{name}.xlsx").write_bytes(workbook)
    _convert(folder, "xlsx", *(f"{name}.xlsx" for name in workbooks))
    return {
        name: openpyxl.load_workbook(folder / "out" / f"{name}.xlsx", data_only=True, keep_links=False)
        for name in workbooks
    }


def printed(folder: Path, workbook: bytes) -> str:
    """Return the text of all printed pages. `folder` is for temporary files."""
    (folder / "printed.xlsx").write_bytes(workbook)
    _convert(folder, "pdf", "printed.xlsx")
    return "\n".join(page.extract_text() for page in PdfReader(folder / "out" / "printed.pdf").pages)


def _convert(folder: Path, suffix: str, *names: str) -> None:
    profile = folder / "profile" / "user" / "registrymodifications.xcu"
    profile.parent.mkdir(parents=True)
    profile.write_text(_PROFILE)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", suffix]
    files = [str(folder / name) for name in names]
    subprocess.run(
        [*command, "--outdir", str(folder / "out"), *files], check=True, capture_output=True, timeout=PATIENCE
    )


def named_cell(workbook: Workbook, name: str) -> Cell:
    """Return the cell to which the defined name `name` refers."""
    (place,) = workbook.defined_names[name].destinations
    return workbook[place[0]][place[1].replace("$", "")]
