from django.urls import path

from styrhus.compliance.views import clock, facts, law

app_name = "compliance"
urlpatterns = [
    path("", clock.DeadlineList.as_view(), name="deadlines"),
    path("aret/", clock.year, name="year"),
    path("<int:pk>/", clock.deadline, name="deadline"),
    path("<int:pk>/oppfylt/", clock.fulfil, name="fulfil"),
    path("datoer/", facts.FactList.as_view(), name="facts"),
    path("datoer/ny/", facts.new, name="new_fact"),
    path("datoer/<int:pk>/", facts.edit, name="edit_fact"),
    path("datoer/<int:pk>/fjern/", facts.remove, name="remove_fact"),
    path("regler/", law.rule_list, name="rules"),
    path("regler/<slug:rule>/av/", law.switch_off, name="switch_off"),
    path("regler/<slug:rule>/pa/", law.switch_on, name="switch_on"),
    path("ansvar/", law.answering_list, name="answering"),
    path("ansvar/<slug:name>/", law.let_answer, name="let_answer"),
]
