from django.urls import include, path

from styrhus.planning.views import measures, plans

app_name = "planning"
MEASURES = [
    path("", measures.MeasureList.as_view(), name="measures"),
    path("ny/", measures.NewMeasure.as_view(), name="new_measure"),
    path("diagram/", measures.chart, name="chart"),
    path("<int:pk>/", measures.measure, name="measure"),
    path("<int:pk>/endre/", measures.EditMeasure.as_view(), name="edit_measure"),
    path("<int:pk>/framdrift/", measures.progress, name="progress"),
]
PLANS = [
    path("", plans.PlanList.as_view(), name="plans"),
    path("ny/", plans.new_plan, name="new_plan"),
    path("ny/<slug:code>/", plans.new_plan_of_type, name="new_plan_of_type"),
    path("<int:pk>/", plans.plan, name="plan"),
    path("<int:pk>/endre/", plans.EditPlan.as_view(), name="edit_plan"),
    path("<int:pk>/ny-versjon/", plans.new_version, name="new_version"),
    path("<int:pk>/vedta/", plans.adopt_plan, name="adopt_plan"),
    path("<int:pk>/opphev/", plans.repeal_plan, name="repeal_plan"),
]
urlpatterns = [
    path("planer/", include(PLANS)),
    path("tiltak/", include(MEASURES)),
]
