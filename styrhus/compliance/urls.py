from django.urls import path

from styrhus.compliance.views import clock, facts, law, requirements

app_name = "compliance"
urlpatterns = [
    path("lovens-frister/", clock.DeadlineList.as_view(), name="deadlines"),
    path("lovens-frister/aret/", clock.year, name="year"),
    path("lovens-frister/<int:pk>/", clock.deadline, name="deadline"),
    path("lovens-frister/<int:pk>/oppfylt/", clock.fulfil, name="fulfil"),
    path("lovens-frister/datoer/", facts.FactList.as_view(), name="facts"),
    path("lovens-frister/datoer/ny/", facts.new, name="new_fact"),
    path("lovens-frister/datoer/<int:pk>/", facts.edit, name="edit_fact"),
    path("lovens-frister/datoer/<int:pk>/fjern/", facts.remove, name="remove_fact"),
    path("lovens-frister/regler/", law.rule_list, name="rules"),
    path("lovens-frister/regler/<slug:rule>/av/", law.switch_off, name="switch_off"),
    path("lovens-frister/regler/<slug:rule>/pa/", law.switch_on, name="switch_on"),
    path("lovens-frister/ansvar/", law.answering_list, name="answering"),
    path("lovens-frister/ansvar/<slug:name>/", law.let_answer, name="let_answer"),
    path("krav/", requirements.RequirementList.as_view(), name="requirements"),
    path("krav/ny/", requirements.NewRequirement.as_view(), name="new_requirement"),
    path("krav/ta-inn/", requirements.take_in, name="take_in"),
    path("krav/<int:pk>/", requirements.requirement, name="requirement"),
    path("krav/<int:pk>/endre/", requirements.EditRequirement.as_view(), name="edit_requirement"),
    path("krav/for/<int:pk>/", requirements.points_to, name="points_to"),
    path("krav/for/<int:pk>/legg-til/", requirements.add, name="point_to"),
    path("krav/for/<int:pk>/<int:link>/fjern/", requirements.take_away, name="point_no_longer"),
]
