from django.urls import path

from styrhus.home import gaps, views

app_name = "home"
urlpatterns = [
    path("hull/", gaps.GapList.as_view(), name="gaps"),
    path("<int:pk>/", views.thread, name="thread"),
]
