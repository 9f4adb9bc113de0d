"""The words on pages and in files: in the reader's language, ours and those of libraries."""

from pathlib import Path

import allauth
import django
import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.utils import translation
from django.utils.functional import lazystr

from styrhus.kit.borrowed_words import WORDS
from styrhus.kit.export import as_csv
from styrhus.kit.lists import Column

CATALOGUES = [
    Path(django.__file__).parent / "conf/locale/en/LC_MESSAGES/django.po",
    Path(allauth.__file__).parent / "locale/en/LC_MESSAGES/django.po",
]


class LanguageInForce:
    def __str__(self):
        return translation.get_language()


def test_file_speaks_the_language_it_was_asked_for_in_though_it_is_written_later():
    column = Column("language", lazystr(LanguageInForce()), "name")
    with translation.override("nn"):
        response = as_csv("Tiltak", [column], apps.get_model("organisation.unit").objects.none())
    assert b"".join(response.streaming_content).decode("utf-8-sig") == "nn\r\n"


@pytest.fixture(scope="module")
def words_of_libraries():
    catalogues = [read_po(path.open("rb"), locale="en") for path in CATALOGUES]
    return {message.id for catalogue in catalogues for message in catalogue}


@pytest.mark.parametrize("words", WORDS)
def test_library_still_says_what_we_have_borrowed(words, words_of_libraries):
    assert words in words_of_libraries
