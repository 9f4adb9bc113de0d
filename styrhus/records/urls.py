from django.urls import path

from styrhus.records import lists, views

app_name = "records"
urlpatterns = [
    path("forfalt/", lists.Due.as_view(), name="due"),
    path("ting/<int:pk>/", views.of_thing, name="of_thing"),
    path("bevaring/", views.rules, name="rules"),
    path("eksport/", views.export, name="export"),
    path("fjerning/", lists.Removals.as_view(), name="removals"),
    path("fjerning/<int:pk>/", views.removal, name="removal"),
    path("fjerning/tekst/", views.remove_text, name="remove_text"),
    path("fjerning/person/", views.remove_person, name="remove_person"),
    path("fjerning/fil/<int:pk>/<int:attachment>/", views.remove_file, name="remove_file"),
]
