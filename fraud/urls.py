from django.urls import path

from fraud.views import rings

app_name = "fraud"
urlpatterns = [
    path("risk", rings.queue, name="queue"),
    path("risk/panel", rings.queue_panel, name="queue_panel"),
    path("risk/topology", rings.topology, name="topology"),
    path("risk/rings/<uuid:ring_id>", rings.ring, name="ring"),
    path("risk/rings/<uuid:ring_id>/decisions", rings.decide, name="decide"),
]
