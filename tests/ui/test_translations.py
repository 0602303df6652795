import string
from xml.etree import ElementTree

import pytest
from collect_strings import TRANSLATIONS, collect, missing, read_forms


def test_every_text_is_translated() -> None:
    lacking = {language: [text.source for text in texts] for language, texts in missing().items() if texts}
    assert not lacking, "run tests/ui/collect_strings.py and translate"


def test_no_translation_outlived_its_text() -> None:
    texts = collect()
    assert not [text.source for text in read_forms(TRANSLATIONS / "attendance_es.ts") if text not in texts]


def test_translations_keep_the_placeholders() -> None:
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} | (
            {"%n"} if "%n" in text else set()
        )

    spoilt = [
        (text.source, form)
        for language in ("es", "en")
        for text, forms in read_forms(TRANSLATIONS / f"attendance_{language}.ts").items()
        for form in forms
        if names(form) - names(text.source) or (names(text.source) - names(form) - {"%n"})
    ]
    assert not spoilt


@pytest.mark.parametrize("language", ["en", "es"])
def test_files_are_qt_linguist_files(language: str) -> None:
    root = ElementTree.parse(TRANSLATIONS / f"attendance_{language}.ts").getroot()
    assert root.tag == "TS"
    assert root.get("language") == language
