from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as pages


def empty(request):
    return render(request, "kit/base.html")


urlpatterns = [*pages, path("tom/", empty, name="empty")]
