from django.urls import path

from fraud.api import views

urlpatterns = [
    path("fraud/rings", views.Rings.as_view(), name="api-fraud-rings"),
    path("fraud/rings/<uuid:ring_id>", views.OneRing.as_view(), name="api-fraud-ring"),
    path("fraud/graph", views.Graph.as_view(), name="api-fraud-graph"),
    path("fraud/screening/<uuid:business_id>", views.BusinessScreening.as_view(), name="api-fraud-screening"),
]
