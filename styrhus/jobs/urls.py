from django.urls import path

from styrhus.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/framdrift/", views.progress, name="progress"),
    path("<int:pk>/resultat/", views.result, name="result"),
]
