from django.urls import path

from styrhus.organisation import lists, views

app_name = "organisation"
urlpatterns = [
    path("enheter/", views.units, name="units"),
    path("enheter/<int:pk>/", views.unit, name="unit"),
    path("stillinger/", lists.PositionList.as_view(), name="positions"),
    path("stillinger/ny/", views.new_position, name="new_position"),
    path("stillinger/finn/", views.find_positions, name="find_positions"),
    path("stillinger/<int:pk>/", views.position, name="position"),
    path("stillinger/<int:pk>/endre/", views.edit_position, name="edit_position"),
    path("stillinger/<int:pk>/pa-vegne-av/", views.let_prepare, name="let_prepare"),
    path("stillinger/<int:pk>/pa-vegne-av/<int:preparer>/slutt/", views.stop_preparing, name="stop_preparing"),
    path("personer/", lists.PersonList.as_view(), name="people"),
    path("personer/ny/", views.new_person, name="new_person"),
    path("personer/finn/", views.find_people, name="find_people"),
    path("personer/<int:pk>/", views.person, name="person"),
    path("personer/<int:pk>/endre/", views.edit_person, name="edit_person"),
]
