# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "qtawesome==1.4.2"]
# ///
"""Makes resources/icons/phosphor.ttf and phosphor.json, the line icons of Phosphor: ``uv run .ci/icons.py``.

The font comes from the package qtawesome, which the program itself does not need. Its other weights are left out.
"""

import json
from importlib.metadata import files
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
WEIGHTS = ("bold", "duotone", "fill", "light", "thin")


def main() -> None:
    shipped = {Path(str(file)).name: Path(str(file.locate())) for file in files("qtawesome") or ()}
    names = json.loads(shipped["phosphor-charmap-1.3.0.json"].read_text(encoding="utf-8"))
    codes = {name: int(code, 16) for name, code in sorted(names.items()) if not name.endswith(WEIGHTS)}
    font = TTFont(shipped["phosphor-1.3.0.ttf"], recalcTimestamp=False)
    subsetter = Subsetter(Options(hinting=False, notdef_outline=True))
    subsetter.populate(unicodes=codes.values())
    subsetter.subset(font)
    font.save(ICONS / "phosphor.ttf")
    (ICONS / "phosphor.json").write_text(json.dumps(codes, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
