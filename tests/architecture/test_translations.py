"""The words of the owner's pages in five more languages: nothing missing, nothing broken, nothing stale."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

LOCALE = Path(settings.LOCALE_PATHS[0])
SPOKEN = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
APPS = ("accounts", "creditiq", "fraud", "lending", "scoring", "wallets")
STRING = r"""(u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*")"""
MARKED = re.compile(rf"\b(?:n?gettext|_)\({STRING}")
HOLES = re.compile(r"%\(\w+\)s|%%|\{\d\}|</?\w+[^>]*>")
LINE = re.compile(r'^(msgid_plural|msgid|msgstr(?:\[\d\])?)? ?"(.*)"$')


def read_po(path: Path) -> dict[str, list[str]]:
    """Translations by msgid, one per plural form; the header is under the empty msgid."""
    found: dict[str, list[str]] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        field = ""
        for line in filter(LINE.match, block.splitlines()):
            key, text = LINE.match(line).groups()
            field = key or field
            fields[field] = fields.get(field, "") + ast.literal_eval(f'"{text}"')
        found[fields["msgid"]] = [text for key, text in fields.items() if key.startswith("msgstr")]
    return found


def read_mo(path: Path) -> dict[str, list[str]]:
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    found: dict[str, list[str]] = {}
    for key, text in catalogue.items():
        found.setdefault(key[0] if isinstance(key, tuple) else key, []).append(text)
    return found


def of_templates() -> Iterator[str]:
    for path in sorted(Path("templates").rglob("*.html")):
        for literal in MARKED.findall(templatize(path.read_text(encoding="utf-8"))):
            yield ast.literal_eval(literal)


def of_modules() -> Iterator[str]:
    for path in (path for app in APPS for path in sorted(Path(app).rglob("*.py"))):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                marks = call.func.id in {"_", "gettext", "gettext_noop", "gettext_lazy", "ngettext"}
                if marks and call.args and isinstance(call.args[0], ast.Constant):
                    yield call.args[0].value


MSGIDS = sorted({*of_templates(), *of_modules()})


def test_the_owners_pages_are_marked() -> None:
    assert len(MSGIDS) > 600
    assert {"Score report", "What helps and what hurts", "CGTMSE not eligible"} <= set(MSGIDS)


@pytest.mark.parametrize("language", SPOKEN)
def test_every_marked_text_is_translated_and_nothing_else_is(language: str) -> None:
    kept = read_po(LOCALE / language / "LC_MESSAGES" / "django.po")
    assert [msgid for msgid in MSGIDS if not all(kept.get(msgid, [""]))] == []
    assert sorted(set(kept) - {""} - set(MSGIDS)) == []


@pytest.mark.parametrize("language", SPOKEN)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    folder = LOCALE / language / "LC_MESSAGES"
    assert read_mo(folder / "django.mo") == read_po(folder / "django.po")


@pytest.mark.parametrize("language", SPOKEN)
def test_translations_keep_figures_names_and_marks(language: str) -> None:
    for msgid, texts in read_po(LOCALE / language / "LC_MESSAGES" / "django.po").items():
        for text in texts if msgid else ():
            assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(msgid)), msgid
