from django.urls import path

from lending.views import officer, owner, replays

app_name = "lending"
urlpatterns = [
    path("owner", owner.owner_home, name="owner_home"),
    path("owner/panel", owner.owner_panel, name="owner_panel"),
    path("owner/apply", owner.apply, name="apply"),
    path("officer", officer.queue, name="queue"),
    path("officer/panel", officer.queue_panel, name="queue_panel"),
    path("officer/applications/<uuid:application_id>", officer.case, name="case"),
    path("officer/applications/<uuid:application_id>/panel", officer.case_panel, name="case_panel"),
    path("officer/applications/<uuid:application_id>/decisions", officer.decide, name="decide"),
    path("risk/approvals", officer.approvals, name="approvals"),
    path("risk/approvals/panel", officer.approvals_panel, name="approvals_panel"),
    path("audit/replay", replays.replay, name="replay"),
]
