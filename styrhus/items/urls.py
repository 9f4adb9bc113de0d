from django.urls import path

from styrhus.items import views

app_name = "items"
urlpatterns = [
    path("<int:pk>/", views.open_item, name="open"),
    path("<int:pk>/steg/<slug:name>/", views.step, name="step"),
    path("<int:pk>/stemmer/", views.confirm, name="confirm"),
    path("<int:pk>/folg/", views.follow, name="follow"),
    path("<int:pk>/folg-ikke/", views.unfollow, name="unfollow"),
    path("<int:pk>/navn/", views.mentionable, name="mentionable"),
    path("<int:pk>/kommentar/", views.comment, name="comment"),
    path("<int:pk>/fil/", views.attach, name="attach"),
    path("<int:pk>/fil/<int:attachment>/", views.download, name="download"),
    path("<int:pk>/kobling/", views.link, name="link"),
    path("<int:pk>/oppfolging/", views.follow_up, name="follow_up"),
    path("<int:pk>/oppfolging/<int:follow_up>/ferdig/", views.tick_off, name="tick_off"),
    path("<int:pk>/endringer/", views.changes, name="changes"),
    path("stilling/<int:pk>/", views.answered_for, name="answered_for"),
    path("<int:pk>/slik-det-stod/", views.as_it_stood, name="as_it_stood"),
    path("visning/", views.save_view, name="save_view"),
    path("visning/<int:pk>/slett/", views.forget_view, name="forget_view"),
]
