from django.urls import path

from styrhus.delegation import views

app_name = "delegation"
urlpatterns = [
    path("", views.AuthorisationList.as_view(), name="authorisations"),
    path("ny/", views.new, name="new"),
    path("ny/<slug:way>/", views.new_from, name="new_from"),
    path("<int:pk>/", views.authorisation, name="authorisation"),
    path("<int:pk>/endre/", views.EditAuthorisation.as_view(), name="edit_authorisation"),
    path("<int:pk>/videre/", views.pass_on, name="pass_on"),
    path("<int:pk>/trekk-tilbake/", views.withdraw, name="withdraw"),
    path("<int:pk>/kontroll/", views.check, name="check"),
    path("kontroll-mangler/", views.ChecksNotDone.as_view(), name="checks_not_done"),
    path("tre/", views.tree, name="tree"),
    path("stilling/<int:pk>/", views.position, name="position"),
    path("myndighet/", views.PowerList.as_view(), name="powers"),
    path("myndighet/ny/", views.new_power, name="new_power"),
    path("myndighet/<int:pk>/endre/", views.edit_power, name="edit_power"),
    path("reglement/", views.RegulationsList.as_view(), name="regulations"),
    path("reglement/nytt/", views.new_regulations, name="new_regulations"),
    path("reglement/<int:pk>/", views.regulations_version, name="regulations_version"),
    path("reglement/<int:pk>/endre/", views.EditRegulations.as_view(), name="edit_regulations"),
    path("reglement/<int:pk>/vedta/", views.adopt_regulations, name="adopt_regulations"),
    path("reglement/<int:pk>/sammenlign/", views.compare_regulations, name="compare_regulations"),
    path("nivaer/", views.levels, name="levels"),
    path("nivaer/<int:pk>/endre/", views.edit_level, name="edit_level"),
]
