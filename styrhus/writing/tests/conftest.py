import pytest

from styrhus.writing import operations
from styrhus.writing.models import Heading


@pytest.fixture
def text(world):
    """A text of four chapters on a measure that the principal answers for: 1, 1.1, 1.2 and 2."""
    outline = [
        Heading("Innledning", "Si hvorfor"),
        Heading("Bakgrunn", level=2),
        Heading("Mål", level=2),
        Heading("Slutt"),
    ]
    return operations.begin(world.things.internal, outline, by=world.people.principal)


@pytest.fixture
def write(world):
    """`write(chapter, "<p>Hei</p>")`: saves the text on the version that stands."""

    def save(chapter, words, by=None, *, version=None, note=""):
        chapter.refresh_from_db(fields=["version", "title"])
        draft = operations.Draft(chapter.title, words, note)
        return operations.write(chapter, draft, version=version or chapter.version, by=by or world.people.principal)

    return save
