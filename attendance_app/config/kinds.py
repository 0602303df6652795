"""Kinds of values of settings: which values are accepted, how they are described, how a text becomes a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from attendance_app.config.errors import SettingNotOneOf, SettingNotText, SettingNotWhole, SettingsError

Value: TypeAlias = str | int

LONGEST_WORD: Final = 18
"""Digits; Python refuses to read a number of thousands of them."""


@dataclass(frozen=True, slots=True)
class AnyText:
    """A text that is not blank, or (``optional``) empty."""

    optional: bool = False

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and (bool(value.strip()) or (self.optional and not value))

    def refusal(self, *, file: str, key: str, value: str) -> SettingsError:
        return SettingNotText(file=file, key=key, value=value)

    def parsed(self, word: str) -> object:
        return word

    def allowed(self) -> str:
        """What is accepted, for the command line's help."""
        return 'a text, or "" for none' if self.optional else "a text"


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number from ``least`` to ``most``, in ``unit``. ``steps``: the ones that the window offers, else all."""

    least: int
    most: int
    unit: str
    steps: tuple[int, ...] = ()

    def accepts(self, value: object) -> bool:
        # To Python, TOML's true is an int too.
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most

    def refusal(self, *, file: str, key: str, value: str) -> SettingsError:
        return SettingNotWhole(file=file, key=key, value=value, least=self.least, most=self.most)

    def parsed(self, word: str) -> object:
        # What is no number stays as it is: ``accepts`` refuses it, and the error has the word that was typed.
        return int(word) if word.removeprefix("-").isdecimal() and len(word) <= LONGEST_WORD else word

    def allowed(self) -> str:
        return f"{self.least} to {self.most} ({self.unit})"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of the keys of ``words``, whose values are what the window calls them, in English."""

    words: Mapping[str, str]

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and value in self.words

    def refusal(self, *, file: str, key: str, value: str) -> SettingsError:
        return SettingNotOneOf(file=file, key=key, value=value, words=tuple(self.words))

    def parsed(self, word: str) -> object:
        return word

    def allowed(self) -> str:
        return ", ".join(self.words)


Kind: TypeAlias = AnyText | WholeNumber | OneOf
