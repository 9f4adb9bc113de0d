from django.urls import path

from styrhus.records import lists, views

app_name = "records"
urlpatterns = [
    path("forfalt/", lists.Due.as_view(), name="due"),
    path("ting/<int:pk>/", views.of_thing, name="of_thing"),
    path("kassasjon/", lists.Disposals.as_view(), name="disposals"),
    path("kassasjon/<int:pk>/", views.disposal, name="disposal"),
    path("kassasjon/<int:pk>/bekreft/", views.confirm_disposal, name="confirm_disposal"),
    path("kassasjon/<int:pk>/avsla/", views.decline_disposal, name="decline_disposal"),
    path("ting/<int:pk>/kasser/", views.ask_disposal, name="ask_disposal"),
    path("bevaring/", views.rules, name="rules"),
    path("eksport/", views.export, name="export"),
    path("fjerning/", lists.Removals.as_view(), name="removals"),
    path("fjerning/<int:pk>/", views.removal, name="removal"),
    path("fjerning/tekst/", views.remove_text, name="remove_text"),
    path("fjerning/person/", views.remove_person, name="remove_person"),
    path("fjerning/fil/<int:pk>/<int:attachment>/", views.remove_file, name="remove_file"),
]
