from django.urls import path

from styrhus.scorecard.views import answering, cards, comparison, focus, goals, indicators

app_name = "scorecard"
urlpatterns = [
    path("styringskort/", cards.scorecard, name="scorecard"),
    path("styringskort/<int:pk>/", cards.scorecard, name="unit_scorecard"),
    path("styringskort/<int:pk>/jevnhet/", cards.evenness_below, name="evenness"),
    path("styringskort/mal/", goals.GoalsOnScorecard.as_view(), name="goals"),
    path("styringskort/mal/nytt/", goals.new_goal, name="new_goal"),
    path("styringskort/mal/<int:pk>/endre/", goals.edit_goal, name="edit_goal"),
    path("styringskort/mal/<int:pk>/avslutt/", goals.end_goal, name="end_goal"),
    path("fokusomrader/", focus.focus_areas, name="focus_areas"),
    path("fokusomrader/nytt/", focus.new_focus_area, name="new_focus_area"),
    path("fokusomrader/<int:pk>/endre/", focus.edit_focus_area, name="edit_focus_area"),
    path("fokusomrader/<int:pk>/avslutt/", focus.end_focus_area, name="end_focus_area"),
    path("fokusomrader/<int:pk>/", cards.focus_area, name="focus_area"),
    path("resultater/", cards.to_enter, name="to_enter"),
    path("resultater/<int:pk>/", cards.enter, name="enter"),
    path("indikatorer/", indicators.IndicatorList.as_view(), name="indicators"),
    path("indikatorer/ny/", indicators.NewIndicator.as_view(), name="new_indicator"),
    path("indikatorer/<int:pk>/", indicators.IndicatorPage.as_view(), name="indicator"),
    path("indikatorer/<int:pk>/endre/", indicators.EditIndicator.as_view(), name="edit_indicator"),
    path("indikatorer/<int:pk>/maltall/", indicators.set_target, name="set_target"),
    path("indikatorer/<int:pk>/maltall/<int:target>/fjern/", indicators.remove_target, name="remove_target"),
    path("indikatorer/<int:pk>/tiltak/", answering.MeasureOfIndicator.as_view(), name="new_measure"),
    path("indikatorer/<int:pk>/sammenligning/", comparison.comparison, name="comparison"),
    path("sammenligningsgrupper/", comparison.comparison_groups, name="comparison_groups"),
    path("sammenligningsgrupper/ny/", comparison.new_comparison_group, name="new_comparison_group"),
    path("sammenligningsgrupper/<int:pk>/endre/", comparison.edit_comparison_group, name="edit_comparison_group"),
    path("sammenligningsgrupper/<int:pk>/fjern/", comparison.remove_comparison_group, name="remove_comparison_group"),
    path("indikatorer/<int:pk>/enheter/", indicators.measured_in, name="measured_in"),
]
