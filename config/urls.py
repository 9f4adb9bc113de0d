"""The site map. Addresses are Norwegian for people, names English in code."""

from django.urls import include, path

from styrhus.home import views as home
from styrhus.items import views as items
from styrhus.kit import health
from styrhus.organisation import views as organisation

urlpatterns = [
    path("", home.home, name="home"),
    path("mine-oppgaver/", home.duties, name="duties"),
    path("rod-trad/", include("styrhus.home.urls")),
    path("sok/", home.search, name="search"),
    path("sok/forslag/", home.suggest, name="suggest"),
    path("sprak/", home.set_language, name="set_language"),
    path("varsler/", items.notifications, name="notifications"),
    path("varsler/lest/", items.read_notifications, name="read_notifications"),
    path("mine-stillinger/", organisation.my_positions, name="my_positions"),
    path("organisasjon/omstilling/", include("styrhus.reorganisation.urls")),
    path("organisasjon/", include("styrhus.organisation.urls")),
    path("", include("styrhus.leadership.urls")),
    path("", include("styrhus.planning.urls")),
    path("", include("styrhus.scorecard.urls")),
    path("", include("styrhus.economy.urls")),
    path("", include("styrhus.compliance.urls")),
    path("tekst/", include("styrhus.writing.urls")),
    path("ansvarshelse/", include("styrhus.assurance.urls")),
    path("arkiv/", include("styrhus.records.urls")),
    path("fullmakter/", include("styrhus.delegation.urls")),
    path("ting/", include("styrhus.items.urls")),
    path("import/", include("styrhus.imports.urls")),
    path("jobber/", include("styrhus.jobs.urls")),
    path("", include("styrhus.reminders.urls")),
    path("", include("styrhus.signin.urls")),
    path("helse/", health.alive, name="alive"),
    path("klar/", health.ready, name="ready"),
    path("csp-rapport/", health.browser_report, name="browser_report"),
]

handler429 = "styrhus.signin.views.too_many_requests"
