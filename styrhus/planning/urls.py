from django.urls import include, path

from styrhus.planning.views import making, measures, plans, strategy

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
    path("<int:pk>/horing/<slug:about>/", making.open_consultation, name="open_consultation"),
    path("<int:pk>/horing/<int:consultation>/lukk/", making.close_consultation, name="close_consultation"),
    path("<int:pk>/til-vedtak/", making.submit, name="submit_plan"),
    path("<int:pk>/innsigelser/ny/", making.new_objection, name="new_objection"),
    path("<int:pk>/innsigelser/<int:objection>/", making.objection, name="objection"),
    path("<int:pk>/program/", making.programme, name="programme"),
    path("<int:pk>/program/<int:entry>/", making.edit_entry, name="edit_entry"),
    path("<int:pk>/program/<int:entry>/fjern/", making.remove_entry, name="remove_entry"),
    path("<int:pk>/foringer/", making.guidelines, name="guidelines"),
    path("<int:pk>/foringer/<int:guideline>/", making.edit_guideline, name="edit_guideline"),
    path("<int:pk>/foringer/<int:guideline>/fjern/", making.remove_guideline, name="remove_guideline"),
    path("<int:pk>/vurderinger/", strategy.judgements, name="judgements"),
    path("<int:pk>/vurderinger/ny-plan/", strategy.needed_plan, name="needed_plan"),
]
urlpatterns = [
    path("planer/", include(PLANS)),
    path("tiltak/", include(MEASURES)),
]
