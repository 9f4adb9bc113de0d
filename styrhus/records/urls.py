from django.urls import path

from styrhus.records import lists
from styrhus.records.views import keeping, removals

app_name = "records"
urlpatterns = [
    path("forfalt/", lists.Due.as_view(), name="due"),
    path("ting/<int:pk>/", keeping.of_thing, name="of_thing"),
    path("kassasjon/", lists.Disposals.as_view(), name="disposals"),
    path("kassasjon/<int:pk>/", keeping.disposal, name="disposal"),
    path("kassasjon/<int:pk>/bekreft/", keeping.confirm_disposal, name="confirm_disposal"),
    path("kassasjon/<int:pk>/avsla/", keeping.decline_disposal, name="decline_disposal"),
    path("ting/<int:pk>/kasser/", keeping.ask_disposal, name="ask_disposal"),
    path("bevaring/", keeping.rules, name="rules"),
    path("eksport/", keeping.export, name="export"),
    path("fjerning/", lists.Removals.as_view(), name="removals"),
    path("fjerning/<int:pk>/", removals.removal, name="removal"),
    path("fjerning/bedt-om/<int:pk>/", removals.asked_removal, name="asked_removal"),
    path("fjerning/bedt-om/<int:pk>/framdrift/", removals.removal_progress, name="removal_progress"),
    path("fjerning/bedt-om/<int:pk>/bekreft/", removals.confirm_removal, name="confirm_removal"),
    path("fjerning/bedt-om/<int:pk>/forkast/", removals.throw_away_removal, name="throw_away_removal"),
    path("fjerning/tekst/", removals.remove_text, name="remove_text"),
    path("fjerning/person/", removals.remove_person, name="remove_person"),
    path("fjerning/fil/<int:pk>/<int:attachment>/", removals.remove_file, name="remove_file"),
]
