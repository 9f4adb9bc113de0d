"""How every form is drawn."""

from collections.abc import Callable
from html import escape

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape


class Renderer(DjangoTemplates):
    """Gives every input the design system's class, whoever's form it is.

    The plain inputs are written here: Django draws each through two or three templates, and a form has a dozen.
    """

    def render(self, template_name, context, request=None):
        widget = context.get("widget")
        if widget is None:
            return super().render(template_name, context, request)
        widget["attrs"].setdefault("class", "ds-input")
        draw = DRAWN.get(template_name)
        return draw(widget) if draw else super().render(template_name, context, request)


def attributes(attrs: dict) -> str:
    """Attributes as a tag holds them: what is True stands alone, what is False or None is left out."""
    return "".join(
        [
            f" {name}" if value is True else f' {name}="{escape(str(value))}"'
            for name, value in attrs.items()
            if value is not None and value is not False
        ]
    )


def _input(widget: dict) -> str:
    own = {"type": widget["type"], "name": widget["name"], "value": widget["value"]}
    return f"<input{attributes(own | widget['attrs'])}>"


def _textarea(widget: dict) -> str:
    # A browser throws away the first line break inside a textarea: this one is its, not the reader's.
    text = conditional_escape(widget["value"] or "")
    return f"<textarea{attributes({'name': widget['name']} | widget['attrs'])}>\n{text}</textarea>"


def _select(widget: dict) -> str:
    groups = "".join(_group(name, options) for name, options, _place in widget["optgroups"])
    return f"<select{attributes({'name': widget['name']} | widget['attrs'])}>{groups}</select>"


def _group(name: str | None, options: list[dict]) -> str:
    drawn = "".join(map(_option, options))
    return f'<optgroup label="{conditional_escape(name)}">{drawn}</optgroup>' if name else drawn


def _option(option: dict) -> str:
    own = attributes({"value": option["value"]} | option["attrs"])
    return f"<option{own}>{conditional_escape(option['label'])}</option>"


_INPUTS = ("checkbox", "date", "email", "hidden", "number", "password", "text")
DRAWN: dict[str, Callable[[dict], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
