"""Norwegian words, as a database expression. Migrations name the sort key here too."""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func

from styrhus.kit.sorting import NorwegianKey

__all__ = ["NorwegianKey", "NorwegianWords"]


class NorwegianWords(Func):
    template = "to_tsvector('norwegian'::regconfig, %(expressions)s)"
    output_field = SearchVectorField()


class SearchWords(Func):
    """The words of a text as they are searched: folded, in their Norwegian stems. `items.words` folds the same way."""

    function = "norwegian_words"
    output_field = SearchVectorField()
