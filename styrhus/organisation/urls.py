from django.urls import path

from styrhus.organisation import views

app_name = "organisation"
urlpatterns = [
    path("enheter/", views.units, name="units"),
    path("enheter/<int:pk>/", views.unit, name="unit"),
    path("stillinger/finn/", views.find_positions, name="find_positions"),
    path("stillinger/<int:pk>/", views.position, name="position"),
]
