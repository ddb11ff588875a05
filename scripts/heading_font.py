"""Build static/fonts/bricolage-grotesque.woff2, the font of headings. docs/face.md says how to run this script.

The font must be small: a server sends 14,600 bytes in its first ten packets, and then waits for the browser.
"""

from __future__ import annotations

import math
import sys
import unicodedata
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.otlLib.builder import buildLookup, buildPairPosClassesSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otBase import ValueRecord
from fontTools.varLib.instancer import instantiateVariableFont
from fontTools.varLib.iup import iup_delta_optimize

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "fonts" / "bricolage-grotesque.woff2"

RUPEE = 0x20B9  # ₹
LETTERS = [*range(0x20, 0x7F), 0xC9, *range(0xDF, 0xFD)]
SIGNS = [0xA0, 0xA7, 0xA9, 0xB1, 0xB7, 0xD7, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, RUPEE]
MISSING = {0xE6, 0xF0, 0xF7, 0xFD}  # æ, ð, ÷ and ý are rare in headings

# Most headings have this font weight. Its kerning is used for all font weights.
KERNING_WEIGHT = 650
# The left letters of kerning pairs are sorted into this many classes, and so are the right letters.
KERNING_CLASSES = 32
# Kerning is a multiple of this length. This length and the next two are in thousandths of an em.
KERNING_STEP = 10

# The font stores how the outlines of lighter weights differ from those of weight 800. Round these differences to
# multiples of this length.
VARIATION_STEP = 4
# If a point has no variation, browsers interpolate the variation from the neighboring points. Leave out a point's
# variation if the interpolated variation differs by at most this length.
VARIATION_TOLERANCE = 4


def build(folder: Path) -> TTFont:
    """Return the font, made from the files of the npm package in `folder`."""
    font, extended = (_variable_weight(folder, part) for part in ("latin", "latin-ext"))
    heading = instantiateVariableFont(_variable_weight(folder, "latin"), {"wght": KERNING_WEIGHT})
    for tag in ("GPOS", "GDEF"):
        font[tag] = heading[tag]
    del font["HVAR"]  # the table gvar has the same widths
    _copy_rupee(extended, font)
    options = subset.Options(layout_features=["kern", "tnum", "ccmp", "mark", "locl"], hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted({*LETTERS, *SIGNS} - MISSING))
    subsetter.subset(font)
    _simplify_variations(font)
    _simplify_kerning(font)
    return font


def _variable_weight(folder: Path, part: str) -> TTFont:
    font = TTFont(folder / "files" / f"bricolage-grotesque-{part}-opsz-normal.woff2")
    return instantiateVariableFont(font, {"opsz": 36, "wght": (300, 800)})


def _copy_rupee(source: TTFont, target: TTFont) -> None:
    """Copy ₹, which is in another file of the package. A second font would cost visitors a second request."""
    name = source.getBestCmap()[RUPEE]
    for tag in ("glyf", "gvar", "hmtx"):
        source[tag], target[tag]  # decompile the tables before the list of glyphs changes
    target.setGlyphOrder([*target.getGlyphOrder(), name])
    target["glyf"][name] = source["glyf"][name]
    target["hmtx"][name] = source["hmtx"][name]
    target["gvar"].variations[name] = source["gvar"].variations[name]
    for table in target["cmap"].tables:
        table.cmap[RUPEE] = name


def _simplify_variations(font: TTFont) -> None:
    """Simplify the outline variations. A variation is how far a point moves from one font weight to another.

    Round each variation, and leave out the variations that browsers can interpolate.
    """
    for name, variations in font["gvar"].variations.items():
        points, control = font["glyf"]._getCoordinatesAndControls(name, font["hmtx"].metrics)
        for variation in variations:
            variation.calcInferredDeltas(points, control.endPts)
            rounded = [(_rounded(x, VARIATION_STEP), _rounded(y, VARIATION_STEP)) for x, y in variation.coordinates]
            variation.coordinates = iup_delta_optimize(rounded, points, control.endPts, tolerance=VARIATION_TOLERANCE)


def _simplify_kerning(font: TTFont) -> None:
    """Replace the kerning between letters with kerning between classes of letters.

    Letters with similar kerning share a class. An accented letter shares the class of its base letter.
    """
    names = font.getBestCmap()
    accented: dict[str, list[str]] = {}
    for code, name in names.items():
        base = names[ord(unicodedata.normalize("NFD", chr(code))[0])]
        accented.setdefault(base, []).append(name)
    kerning, weights = _kerning(font), _weights(names)

    def row(left: str) -> list[tuple[float, float]]:
        return [(kerning.get((left, right), 0), weights.get((left, right), 0)) for right in accented]

    left_classes = _merge([([left], row(left)) for left in accented])
    columns = zip(*(cells for _, cells in left_classes), strict=True)
    right_classes = _merge([([right], list(cells)) for right, cells in zip(accented, columns, strict=True)])

    pairs = {}
    for rights, cells in right_classes:
        for (lefts, _), (value, _) in zip(left_classes, cells, strict=True):
            record = ValueRecord()
            record.XAdvance = _rounded(value, KERNING_STEP)
            both = [tuple(name for base in bases for name in accented[base]) for bases in (lefts, rights)]
            pairs[tuple(both)] = (record, None)
    gpos = font["GPOS"].table
    gpos.LookupList.Lookup = [buildLookup([buildPairPosClassesSubtable(pairs, font.getReverseGlyphMap())])]
    for record in gpos.FeatureList.FeatureRecord:
        record.Feature.LookupListIndex = [0]


def _kerning(font: TTFont) -> dict[tuple[str, str], int]:
    """Return the kerning of each pair of glyphs. If several subtables have a pair, use the first of them."""
    values: dict[tuple[str, str], int] = {}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for extension in lookup.SubTable:
            table = getattr(extension, "ExtSubTable", extension)
            for index, left in enumerate(table.Coverage.glyphs):
                if table.Format == 1:
                    records = {each.SecondGlyph: each.Value1 for each in table.PairSet[index].PairValueRecord}
                else:
                    row = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)].Class2Record
                    classes = table.ClassDef2.classDefs
                    records = {right: row[classes.get(right, 0)].Value1 for right in font.getGlyphOrder()}
                for right, record in records.items():
                    values.setdefault((left, right), getattr(record, "XAdvance", 0))
    return values


def _weights(names: dict[int, str]) -> dict[tuple[str, str], float]:
    """Return a weight for the kerning of each pair of letters. Frequent pairs in the documents have high weights."""
    texts = [path.read_text() for path in (ROOT / "content").rglob("*.md")]
    counts = Counter(pair for text in texts for pair in pairwise(text))
    return {
        (left, right): math.sqrt(counts[chr(left_code), chr(right_code)]) + 0.1
        for left_code, left in names.items()
        for right_code, right in names.items()
    }


def _merge(classes: list[tuple[list[str], list[tuple[float, float]]]]) -> list[Any]:
    """Merge the two most similar classes, again and again, until KERNING_CLASSES are left (Ward's method).

    A class has two lists: the names of its glyphs, and its kerning. Each item of the kerning list is for one possible
    neighbor, which is a glyph or a class. The item has the kerning next to this neighbor, and the kerning's weight.
    All classes list the neighbors in the same order.
    """
    remaining = dict(enumerate(classes))
    costs = {(one, two): _cost(classes[one][1], classes[two][1]) for one, two in combinations(remaining, 2)}
    number = len(classes)
    while len(remaining) > KERNING_CLASSES:
        one, two = min(costs, key=costs.__getitem__)
        (names, cells), (other_names, other_cells) = remaining.pop(one), remaining.pop(two)
        costs = {pair: cost for pair, cost in costs.items() if not {one, two} & {*pair}}
        means = [
            ((value * weight + other_value * other_weight) / ((weight + other_weight) or 1), weight + other_weight)
            for (value, weight), (other_value, other_weight) in zip(cells, other_cells, strict=True)
        ]
        costs |= {(key, number): _cost(each, means) for key, (_, each) in remaining.items()}
        remaining[number] = (names + other_names, means)
        number += 1
    return list(remaining.values())


def _cost(cells: list[tuple[float, float]], other_cells: list[tuple[float, float]]) -> float:
    """Return the cost of merging two classes: the weighted square error of the merged kerning.

    `cells` and `other_cells` list the kerning values of the two classes, with their weights (see `_merge`).
    """
    return sum(
        weight * other_weight / (weight + other_weight) * (value - other_value) ** 2
        for (value, weight), (other_value, other_weight) in zip(cells, other_cells, strict=True)
        if value != other_value and weight and other_weight
    )


def _rounded(value: float, step: int) -> int:
    return round(value / step) * step


if __name__ == "__main__":
    font = build(Path(sys.argv[1]))
    font.flavor = "woff2"
    font.save(TARGET)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes")
