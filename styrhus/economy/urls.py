from django.urls import path

from styrhus.economy.views import codes, forecasts, money, statements

app_name = "economy"
urlpatterns = [
    path("okonomi/", money.own_money, name="economy"),
    path("okonomi/<int:pk>/", money.money, name="money"),
    path("okonomi/<int:pk>/prognose/", forecasts.forecast, name="forecast"),
    path("okonomi/<int:pk>/linjer/", money.LineList.as_view(), name="lines"),
    path("okonomi/oppstillinger/", statements.all_statements, name="statements"),
    path("okonomi/oppstillinger/<slug:name>/", statements.statement, name="statement"),
    path("okonomi/koder/", codes.CodeList.as_view(), name="codes"),
    path("okonomi/koder/<int:pk>/endre/", codes.edit_code, name="edit_code"),
    path("okonomi/uttrekk/", codes.ExtractList.as_view(), name="extracts"),
]
