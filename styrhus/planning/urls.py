from django.urls import include, path

from styrhus.planning.views import (
    contents,
    cornerstones,
    drawings,
    giving,
    making,
    measures,
    plan_types,
    plans,
    strategy,
    things,
    versions,
)

app_name = "planning"
CONTENTS = [
    path("planer/<int:pk>/innhold/", contents.contents, name="contents"),
    path("planer/<int:pk>/innhold/hent/", contents.fetch, name="fetch"),
    path("planer/<int:pk>/innhold/<int:item>/ta-ut/", contents.take_out, name="take_out"),
    path("planer/<int:pk>/innhold/<int:item>/flytt/", contents.move, name="move"),
    path("planer/<int:pk>/innhold/<int:item>/endre/", versions.revise, name="revise"),
]
PRIORITY_AREAS = [
    path("", things.PriorityAreaList.as_view(), name="priority_areas"),
    path("ny/", things.NewPriorityArea.as_view(), name="new_priority_area"),
    path("<int:pk>/", things.PriorityAreaPage.as_view(), name="priority_area"),
    path("<int:pk>/endre/", things.EditPriorityArea.as_view(), name="edit_priority_area"),
]
GOALS = [
    path("", things.GoalList.as_view(), name="goals"),
    path("ny/", things.NewGoal.as_view(), name="new_goal"),
    path("finn/", things.find_things, name="find_things"),
    path("<int:pk>/", things.GoalPage.as_view(), name="goal"),
    path("<int:pk>/endre/", things.EditGoal.as_view(), name="edit_goal"),
    path("<int:pk>/gi-til-enheter/", giving.give, name="give"),
]
STRATEGIES = [
    path("", things.StrategyList.as_view(), name="strategies"),
    path("ny/", things.NewStrategy.as_view(), name="new_strategy"),
    path("<int:pk>/", things.StrategyPage.as_view(), name="strategy"),
    path("<int:pk>/endre/", things.EditStrategy.as_view(), name="edit_strategy"),
]
ASSIGNMENTS = [
    path("", things.AssignmentList.as_view(), name="assignments"),
    path("ny/", things.NewAssignment.as_view(), name="new_assignment"),
    path("<int:pk>/", things.AssignmentPage.as_view(), name="assignment"),
    path("<int:pk>/endre/", things.EditAssignment.as_view(), name="edit_assignment"),
]
MEASURES = [
    path("", measures.MeasureList.as_view(), name="measures"),
    path("ny/", measures.NewMeasure.as_view(), name="new_measure"),
    path("diagram/", measures.chart, name="chart"),
    path("<int:pk>/", measures.MeasurePage.as_view(), name="measure"),
    path("<int:pk>/endre/", measures.EditMeasure.as_view(), name="edit_measure"),
    path("<int:pk>/framdrift/", measures.progress, name="progress"),
    path("<int:pk>/effekt/", measures.evaluate, name="evaluate"),
]
CORNERSTONES = [
    path("", cornerstones.cornerstones, name="cornerstones"),
    path("utfordringer/", cornerstones.challenges, name="challenges"),
    path("ny/", cornerstones.new, name="new_cornerstone"),
    path("<int:pk>/endre/", cornerstones.edit, name="edit_cornerstone"),
    path("<int:pk>/avslutt/", cornerstones.end, name="end_cornerstone"),
]
PLANS = [
    path("", plans.PlanList.as_view(), name="plans"),
    path("tidslinje/", drawings.time_line, name="time_line"),
    path("hierarki/", drawings.hierarchy, name="hierarchy"),
    path("typer/", plan_types.plan_types, name="plan_types"),
    path("typer/ny/", plan_types.new_plan_type, name="new_plan_type"),
    path("typer/<int:pk>/", plan_types.edit_plan_type, name="edit_plan_type"),
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
    *CONTENTS,
    path("satsingsomrader/", include(PRIORITY_AREAS)),
    path("mal/", include(GOALS)),
    path("strategier/", include(STRATEGIES)),
    path("oppdrag/", include(ASSIGNMENTS)),
    path("tiltak/", include(MEASURES)),
    path("grunnsteiner/", include(CORNERSTONES)),
]
