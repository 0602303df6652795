"""Brings every text of the window and the words of every kind of error into the Spanish translation file.

python tests/ui/collect_strings.py            add what is new as unfinished, drop what is gone
python tests/ui/collect_strings.py --missing  list what has no translation
python tests/ui/collect_strings.py --fill-es F  take translations from a tab-separated file: "English||comment", Spanish
                                             (plural texts: "singular|plural"); --fill-en for English plurals
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from attendance_app.config.kinds import OneOf, WholeNumber
from attendance_app.config.settings import SETTINGS

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PACKAGE = CHECKOUT / "attendance_app"
TRANSLATIONS = CHECKOUT / "resources" / "translations"


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One English text as it stands in the source."""

    context: str
    source: str
    comment: str = ""
    plural: bool = False


def texts_of_window() -> set[Text]:
    """Literals handed to ``tr``, ``bind_text``, ``with_text`` and ``set_texts``: window, words, laboratory's pages."""
    found: set[Text] = set()
    pages = (PACKAGE / "lab").rglob("*.py")
    shared = (PACKAGE / "words" / name for name in ("audit.py", "audit_changes.py", "sheets.py"))
    for path in [*sorted((PACKAGE / "ui").rglob("*.py")), *shared, *sorted(pages)]:
        for call in _calls(path):
            found |= set(_window_texts(call, path))
    return found | texts_of_settings()


def texts_of_settings() -> set[Text]:
    """What declared settings, their values and units are called."""
    words = {setting.caption for setting in SETTINGS.values()}
    for setting in SETTINGS.values():
        if isinstance(setting.kind, OneOf):
            words |= set(setting.kind.words.values())
        elif isinstance(setting.kind, WholeNumber):
            words.add(setting.kind.unit)
    return {Text("Window", text) for text in words}


def texts_of_errors() -> set[Text]:
    """The shared words of every kind, and the window's own remedies."""
    remedies = _constants(PACKAGE / "ui" / "messages.py")["REMEDIES"]
    found = {Text("KnownError", literal) for literal in _literals(remedies)}
    for path in [*sorted((PACKAGE / "words").rglob("*.py")), PACKAGE / "lab" / "words.py"]:
        constants = _constants(path)
        for call in _calls(path):
            if getattr(call.func, "id", "") == "Words":
                templates = [*call.args, *(word.value for word in call.keywords)]
                found |= {Text("KnownError", literal) for node in templates for literal in _literals(node, constants)}
    return found


def _constants(path: Path) -> dict[str, ast.expr]:
    """Values of the module's own names: some templates stand in constants and tables."""
    found: dict[str, ast.expr] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found[node.target.id] = node.value
    return found


def _calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _window_texts(call: ast.Call, path: Path) -> Iterator[Text]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {word.arg: word.value for word in call.keywords}
    arguments = call.args
    if name == "tr":
        comment = arguments[1] if len(arguments) > 1 else given.get("comment")
        plural = "n" in given or len(arguments) > 2
        yield from _texts(arguments[0], comment, path, plural=plural)
    elif name == "bind_text" and len(arguments) > 1:
        yield from _texts(arguments[1], arguments[2] if len(arguments) > 2 else None, path)
    elif name == "with_text":
        yield from _texts(arguments[0], arguments[1] if len(arguments) > 1 else None, path)
        if "hint" in given:
            yield from _texts(given["hint"], None, path)
    elif name == "set_texts":
        for node in arguments[:3]:
            yield from _texts(node, None, path)


def _texts(node: ast.expr, comment: ast.expr | None, path: Path, *, plural: bool = False) -> Iterator[Text]:
    said = next(iter(_literals(comment)), "") if comment is not None else ""
    literals = list(_literals(node))
    if (
        not literals
        and path.name not in {"i18n.py", "translated_widget.py", "controls.py"}
        and not isinstance(node, ast.Constant)
    ):
        raise SystemExit(f"{path}:{node.lineno}: not a literal, so it can't be collected")
    yield from (Text("Window", literal, said, plural) for literal in literals if literal)


def _literals(node: ast.expr, constants: dict[str, ast.expr] | None = None) -> Iterator[str]:
    known = constants or {}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, known)
        yield from _literals(node.orelse, known)
    elif isinstance(node, ast.Name) and node.id in known:
        yield from _literals(known[node.id])
    elif isinstance(node, ast.Subscript):
        yield from _literals(node.value, known)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _literals(value, known)


def read_forms(path: Path) -> dict[Text, tuple[str, ...]]:
    """Read finished translations, plural or not."""
    found: dict[Text, tuple[str, ...]] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type"):
                continue
            forms = tuple(form.text or "" for form in translation.iter("numerusform")) or (translation.text or "",)
            plural = message.get("numerus") == "yes"
            text = Text(
                context.findtext("name", ""), message.findtext("source", ""), message.findtext("comment", ""), plural
            )
            found[text] = forms
    return found


def write_forms(path: Path, language: str, texts: set[Text], forms: dict[Text, tuple[str, ...]]) -> None:
    """Write a .ts file; texts without a form are unfinished."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append(f'<TS version="2.1" language="{language}" sourcelanguage="en">')
    for context in sorted({text.context for text in texts}):
        lines += ["<context>", f"    <name>{context}</name>"]
        for text in sorted(one for one in texts if one.context == context):
            lines += _message(text, forms.get(text))
        lines.append("</context>")
    path.write_text("\n".join([*lines, "</TS>", ""]), encoding="utf-8")


def _message(text: Text, forms: tuple[str, ...] | None) -> list[str]:
    lines = ['    <message numerus="yes">' if text.plural else "    <message>"]
    lines.append(f"        <source>{escape(text.source)}</source>")
    if text.comment:
        lines.append(f"        <comment>{escape(text.comment)}</comment>")
    kind = "" if forms else ' type="unfinished"'
    if text.plural:
        inner = "".join(f"<numerusform>{escape(form)}</numerusform>" for form in forms or ("", ""))
    else:
        inner = escape(forms[0]) if forms else ""
    return [*lines, f"        <translation{kind}>{inner}</translation>", "    </message>"]


def collect() -> set[Text]:
    """All texts there are."""
    return texts_of_window() | texts_of_errors()


def missing() -> dict[str, list[Text]]:
    """What is not translated, by language; English needs the plural texts only."""
    texts = collect()
    spanish = read_forms(TRANSLATIONS / "attendance_es.ts")
    english = read_forms(TRANSLATIONS / "attendance_en.ts")
    return {
        "es": sorted(text for text in texts if text not in spanish),
        "en": sorted(text for text in texts if text.plural and text not in english),
    }


def _fill(table: Path, forms: dict[Text, tuple[str, ...]], texts: set[Text]) -> None:
    for line in table.read_text(encoding="utf-8").splitlines():
        english, _tab, translated = line.partition("\t")
        source, _bar, comment = english.partition("||")
        for text in texts:
            if (text.source, text.comment) == (source, comment) and translated:
                forms[text] = tuple(translated.split("|")) if text.plural else (translated,)


def main(arguments: list[str]) -> None:
    """Do what the arguments ask for."""
    texts = collect()
    if arguments[:1] == ["--missing"]:
        for language, lacking in missing().items():
            for text in lacking:
                print(f"{language}\t{text.context}\t{text.source}\t{text.comment}\t{'plural' if text.plural else ''}")  # noqa: T201
        return
    for language, wanted in (("es", texts), ("en", {text for text in texts if text.plural})):
        path = TRANSLATIONS / f"attendance_{language}.ts"
        forms = read_forms(path) if path.exists() else {}
        if arguments[:1] == [f"--fill-{language}"]:
            _fill(Path(arguments[1]), forms, texts)
        write_forms(path, language, wanted, forms)


if __name__ == "__main__":
    main(sys.argv[1:])
