from django.urls import path

from styrhus.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.ImportList.as_view(), name="imports"),
    path("ny/", views.new, name="new"),
    path("<int:pk>/", views.show, name="import"),
    path("<int:pk>/kolonner/", views.columns, name="columns"),
    path("<int:pk>/framdrift/", views.progress, name="progress"),
    path("<int:pk>/last-inn/", views.load, name="load"),
    path("<int:pk>/angre/", views.undo, name="undo"),
    path("<int:pk>/kast/", views.throw_away, name="throw_away"),
    path("<int:pk>/avvist/", views.refused, name="refused"),
    path("<int:pk>/fil/<int:file>/", views.download, name="download"),
]
