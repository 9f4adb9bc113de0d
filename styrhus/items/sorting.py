"""Norwegian order and Norwegian words, as database expressions."""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, TextField


class NorwegianKey(Func):
    """Sort key: byte order of the key is Norwegian order (æ ø å last, aa as å)."""

    function = "norwegian_key"
    output_field = TextField(db_collation="C")


class NorwegianWords(Func):
    template = "to_tsvector('norwegian'::regconfig, %(expressions)s)"
    output_field = SearchVectorField()
