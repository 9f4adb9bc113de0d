from django.urls import path

from styrhus.scorecard.views import cards, indicators

app_name = "scorecard"
urlpatterns = [
    path("styringskort/", cards.scorecard, name="scorecard"),
    path("styringskort/<int:pk>/", cards.scorecard, name="unit_scorecard"),
    path("fokusomrader/<int:pk>/", cards.focus_area, name="focus_area"),
    path("resultater/", cards.to_enter, name="to_enter"),
    path("resultater/<int:pk>/", cards.enter, name="enter"),
    path("indikatorer/", indicators.IndicatorList.as_view(), name="indicators"),
    path("indikatorer/ny/", indicators.NewIndicator.as_view(), name="new_indicator"),
    path("indikatorer/<int:pk>/", indicators.IndicatorPage.as_view(), name="indicator"),
    path("indikatorer/<int:pk>/endre/", indicators.EditIndicator.as_view(), name="edit_indicator"),
    path("indikatorer/<int:pk>/maltall/", indicators.set_target, name="set_target"),
    path("indikatorer/<int:pk>/maltall/<int:target>/fjern/", indicators.remove_target, name="remove_target"),
    path("indikatorer/<int:pk>/enheter/", indicators.measured_in, name="measured_in"),
]
