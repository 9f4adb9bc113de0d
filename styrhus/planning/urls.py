from django.urls import include, path

from styrhus.planning.views import measures

app_name = "planning"
MEASURES = [
    path("", measures.MeasureList.as_view(), name="measures"),
    path("ny/", measures.NewMeasure.as_view(), name="new_measure"),
    path("diagram/", measures.chart, name="chart"),
    path("<int:pk>/", measures.measure, name="measure"),
    path("<int:pk>/endre/", measures.EditMeasure.as_view(), name="edit_measure"),
    path("<int:pk>/framdrift/", measures.progress, name="progress"),
]
urlpatterns = [
    path("tiltak/", include(MEASURES)),
]
