from django.urls import path

from styrhus.reorganisation import views

app_name = "reorganisation"
urlpatterns = [
    path("", views.ReorganisationList.as_view(), name="list"),
    path("ny/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/endre/", views.edit, name="edit"),
    path("<int:pk>/endring/<slug:kind>/", views.add_change, name="add"),
    path("<int:pk>/endringer/<int:change>/fjern/", views.take_away, name="take_away"),
    path("<int:pk>/endringer/<int:change>/fordel/", views.distribute, name="distribute"),
    path("<int:pk>/planlegg/", views.plan, name="plan"),
    path("<int:pk>/trekk/", views.withdraw, name="withdraw"),
]
