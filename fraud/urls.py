from django.urls import path

from fraud import views

app_name = "fraud"
urlpatterns = [
    path("risk", views.queue, name="queue"),
    path("risk/panel", views.queue_panel, name="queue_panel"),
    path("risk/topology", views.topology, name="topology"),
    path("risk/rings/<uuid:ring_id>", views.ring, name="ring"),
    path("risk/rings/<uuid:ring_id>/decisions", views.decide, name="decide"),
]
