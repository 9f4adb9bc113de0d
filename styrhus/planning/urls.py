from django.urls import path

from styrhus.planning import views

app_name = "planning"
urlpatterns = [
    path("", views.MeasureList.as_view(), name="measures"),
    path("ny/", views.NewMeasure.as_view(), name="new_measure"),
    path("diagram/", views.chart, name="chart"),
    path("<int:pk>/", views.measure, name="measure"),
    path("<int:pk>/endre/", views.EditMeasure.as_view(), name="edit_measure"),
    path("<int:pk>/framdrift/", views.progress, name="progress"),
]
