from django.urls import path

from styrhus.leadership import views

app_name = "leadership"
urlpatterns = [
    path("organisasjon/stillinger/<int:pk>/sett-inn/", views.appoint, name="appoint"),
    path("organisasjon/stillinger/<int:pk>/avslutt/", views.close, name="close"),
    path("organisasjon/tilsettinger/<int:pk>/avslutt/", views.end, name="end"),
    path("lederskifte/stilling/<int:pk>/", views.of_position, name="of_position"),
    path("lederskifte/stilling/<int:pk>/ny/", views.begin, name="begin"),
    path("lederskifte/<int:pk>/", views.handover, name="handover"),
    path("lederskifte/<int:pk>/overlever/", views.hand_over, name="hand_over"),
    path("lederskifte/<int:pk>/motta/", views.receive, name="receive"),
]
