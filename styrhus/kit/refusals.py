"""What the database refuses, told in words beside the field it is about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import Promise

# The name of a constraint → the field it is about ("" for none) and what to say.
Words = Mapping[str, tuple[str, str | Promise]]


@contextmanager
def told_in_words(words: Words, refusal: type[ValidationError] = ValidationError) -> Iterator[None]:
    """For what a second person meets: the constraint holds where two checks at the same moment both passed.

    What was written inside is taken back. Raises `refusal` by field; a constraint without words is raised as it is.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        broken = getattr(error.__cause__, "diag", None)
        if broken is None or broken.constraint_name not in words:
            raise
        field, said = words[broken.constraint_name]
        raise refusal({field or "__all__": said}) from error
