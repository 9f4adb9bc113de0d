from django.urls import path

from styrhus.writing import views

app_name = "writing"
urlpatterns = [
    path("<int:pk>/", views.text, name="text"),
    path("<int:pk>/disposisjon/", views.outline, name="outline"),
    path("<int:pk>/begynn/", views.begin, name="begin"),
    path("<int:pk>/nytt-kapittel/", views.new, name="new"),
    path("<int:pk>/kapitler/", views.panel, name="panel"),
    path("kapittel/<int:pk>/", views.write, name="write"),
    path("kapittel/<int:pk>/om/", views.describe, name="describe"),
    path("kapittel/<int:pk>/status/<slug:state>/", views.mark, name="mark"),
    path("kapittel/<int:pk>/flytt/<slug:way>/", views.move, name="move"),
    path("kapittel/<int:pk>/ta-ut/", views.take_out, name="take_out"),
    path("kapittel/<int:pk>/hent-tilbake/", views.bring_back, name="bring_back"),
    path("kapittel/<int:pk>/sett-inn/", views.insert, name="insert"),
    path("kapittel/<int:pk>/kommentar/", views.remark, name="remark"),
    path("kapittel/<int:pk>/kommentar/<int:comment>/", views.settle, name="settle"),
    path("kapittel/<int:pk>/versjoner/", views.versions, name="versions"),
    path("kapittel/<int:pk>/versjoner/<int:number>/", views.version, name="version"),
    path("kapittel/<int:pk>/versjoner/<int:number>/gjenopprett/", views.restore, name="restore"),
]
