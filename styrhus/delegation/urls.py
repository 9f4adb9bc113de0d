from django.urls import path

from styrhus.delegation.views import authorisations, powers, regulations

app_name = "delegation"
urlpatterns = [
    path("", authorisations.AuthorisationList.as_view(), name="authorisations"),
    path("ny/", authorisations.new, name="new"),
    path("ny/<slug:way>/", authorisations.new_from, name="new_from"),
    path("<int:pk>/", authorisations.authorisation, name="authorisation"),
    path("<int:pk>/endre/", authorisations.EditAuthorisation.as_view(), name="edit_authorisation"),
    path("<int:pk>/videre/", authorisations.pass_on, name="pass_on"),
    path("<int:pk>/trekk-tilbake/", authorisations.withdraw, name="withdraw"),
    path("<int:pk>/kontroll/", authorisations.check, name="check"),
    path("kontroll-mangler/", authorisations.ChecksNotDone.as_view(), name="checks_not_done"),
    path("tre/", authorisations.tree, name="tree"),
    path("stilling/<int:pk>/", authorisations.position, name="position"),
    path("myndighet/", powers.PowerList.as_view(), name="powers"),
    path("myndighet/ny/", powers.new_power, name="new_power"),
    path("myndighet/<int:pk>/endre/", powers.edit_power, name="edit_power"),
    path("reglement/", regulations.RegulationsList.as_view(), name="regulations"),
    path("reglement/nytt/", regulations.new_regulations, name="new_regulations"),
    path("reglement/<int:pk>/", regulations.regulations_version, name="regulations_version"),
    path("reglement/<int:pk>/endre/", regulations.EditRegulations.as_view(), name="edit_regulations"),
    path("reglement/<int:pk>/vedta/", regulations.adopt_regulations, name="adopt_regulations"),
    path("reglement/<int:pk>/sammenlign/", regulations.compare_regulations, name="compare_regulations"),
    path("nivaer/", powers.levels, name="levels"),
    path("nivaer/<int:pk>/endre/", powers.edit_level, name="edit_level"),
]
