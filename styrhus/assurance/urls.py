from django.urls import path

from styrhus.assurance import views

app_name = "assurance"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("funn/", views.FindingList.as_view(), name="findings"),
    path("funn/<int:pk>/", views.finding, name="finding"),
    path("bekreft/", views.confirm, name="confirm"),
]
