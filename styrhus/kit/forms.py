"""How every form is drawn."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Gives every input the design system's class, whoever's form it is."""

    def render(self, template_name, context, request=None):
        if "widget" in context:
            context["widget"]["attrs"].setdefault("class", "ds-input")
        return super().render(template_name, context, request)
