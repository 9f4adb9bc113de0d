from django.urls import path

from styrhus.reminders import views

app_name = "reminders"
urlpatterns = [
    path("paaminnelser/", views.wishes, name="wishes"),
    path("paaminnelser/kalender/", views.make_feed, name="make_feed"),
    path("paaminnelser/kalender/steng/", views.revoke_feed, name="revoke_feed"),
    path("paaminnelser/trapp/", views.ladder, name="ladder"),
    path("paaminnelser/avviste-adresser/", views.refused, name="refused"),
    path("kalender/<str:token>.ics", views.calendar, name="calendar"),
]
