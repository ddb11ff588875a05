from django.urls import re_path

from pages import views

urlpatterns = [re_path(r"^", views.document)]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
