"""Open workbooks in LibreOffice, which recalculates them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell

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


def recalculate(folder: Path, workbooks: Mapping[str, Workbook]) -> dict[str, Workbook]:
    """Recalculate the formulas of all `workbooks` with one run of LibreOffice. `folder` is for temporary files."""
    profile = folder / "profile" / "user" / "registrymodifications.xcu"
    profile.parent.mkdir(parents=True)
    profile.write_text(_PROFILE)
    for name, workbook in workbooks.items():
        workbook.save(folder / f"{name}.xlsx")  # without values of formulas
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
    files = [str(folder / f"{name}.xlsx") for name in workbooks]
    subprocess.run(
        [*command, "--outdir", str(folder / "out"), *files], check=True, capture_output=True, timeout=PATIENCE
    )
    return {
        name: openpyxl.load_workbook(folder / "out" / f"{name}.xlsx", data_only=True, keep_links=False)
        for name in workbooks
    }


def named_cell(workbook: Workbook, name: str) -> Cell:
    """Return the cell that `name` is defined for."""
    (place,) = workbook.defined_names[name].destinations
    return workbook[place[0]][place[1].replace("$", "")]
