"""Norwegian order, as a database expression."""

from django.db.models import Func, TextField


class NorwegianKey(Func):
    """Sort key: byte order of the key is Norwegian order (æ ø å last, aa as å)."""

    function = "norwegian_key"
    output_field = TextField(db_collation="C")
