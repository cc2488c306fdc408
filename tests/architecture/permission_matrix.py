"""Who may do what at every door, written down in advance. One row per method and path, one status per kind of person.

`journeys/test_permission_matrix.py` asks every cell of a running product; a path without a row fails there too.
Own things are those of Priya, an owner; Rahul is another owner; the officer's bank has Priya's consent.
302: to the sign-in page, or on to what was made. 403: the role lacks it. 404: not theirs to see. 422: allowed to
try, and the empty form is incomplete.
"""

KINDS = ("anonymous", "individual", "owner", "other_owner", "officer", "analyst", "risk", "admin")

MATRIX = {
    # the house
    "GET ": "302 302 302 302 302 302 302 302",
    "GET livez": "200 200 200 200 200 200 200 200",
    "GET readyz": "200 200 200 200 200 200 200 200",
    "GET metrics": "401 401 401 401 200 200 200 200",
    "GET welcome": "302 200 200 200 200 200 200 200",
    "GET sign-in": "200 302 302 302 302 302 302 302",
    "POST sign-in": "200 302 302 302 302 302 302 302",
    "POST sign-out": "302 302 302 302 302 302 302 302",
    "GET overview": "302 403 403 403 403 403 403 200",
    "GET overview/chain": "302 403 403 403 403 403 200 200",
    "GET django-admin/": "302 403 403 403 403 403 403 200",
    # owners
    "GET owner": "302 403 200 200 403 403 403 403",
    "GET owner/panel": "302 403 200 200 403 403 403 403",
    "GET owner/apply": "302 403 200 200 403 403 403 403",
    "POST owner/apply": "302 403 200 200 403 403 403 403",
    "GET owner/score": "302 403 200 200 403 403 403 403",
    "GET owner/score/panel": "302 403 200 200 403 403 403 403",
    "POST owner/score/request": "302 403 302 302 404 404 404 403",
    "GET owner/evidence": "302 403 200 200 403 403 403 403",
    "POST owner/evidence": "302 403 200 200 403 403 403 403",
    "GET owner/evidence/panel": "302 403 200 200 403 403 403 403",
    "GET owner/evidence/template.csv": "302 403 200 200 403 403 403 403",
    "GET owner/evidence/<uuid:upload_id>": "302 403 200 404 403 403 403 403",
    "GET owner/evidence/<uuid:upload_id>/panel": "302 403 200 404 403 403 403 403",
    "GET scores/<uuid:business_id>/panel": "302 403 200 404 200 200 200 403",
    # officers, and those who sanction
    "GET officer": "302 403 403 403 200 403 200 403",
    "GET officer/panel": "302 403 403 403 200 403 200 403",
    "GET officer/applications/<uuid:application_id>": "302 403 403 403 200 403 200 403",
    "GET officer/applications/<uuid:application_id>/panel": "302 403 403 403 200 403 200 403",
    "POST officer/applications/<uuid:application_id>/decisions": "302 403 403 403 422 403 422 403",
    "GET risk/approvals": "302 403 403 403 403 403 200 403",
    "GET risk/approvals/panel": "302 403 403 403 403 403 200 403",
    # analysts and risk managers
    "GET analyst": "302 403 403 403 403 200 200 403",
    "GET risk": "302 403 403 403 403 200 200 403",
    "GET risk/panel": "302 403 403 403 403 200 200 403",
    "GET risk/topology": "302 403 403 403 403 200 200 403",
    "GET risk/rings/<uuid:ring_id>": "302 403 403 403 403 200 200 403",
    "POST risk/rings/<uuid:ring_id>/decisions": "302 403 403 403 403 403 422 403",
    # the programming interface
    "GET api/v1/schema": "200 200 200 200 200 200 200 200",
    "GET api/v1/docs": "200 200 200 200 200 200 200 200",
    "GET api/v1/health": "200 200 200 200 200 200 200 200",
    "GET api/v1/health/detailed": "401 403 403 403 200 200 200 200",
    "POST api/v1/auth/sign_up": "422 422 422 422 422 422 422 422",
    "POST api/v1/auth/sign_in": "422 422 422 422 422 422 422 422",
    "POST api/v1/auth/refresh_token": "422 422 422 422 422 422 422 422",
    "POST api/v1/auth/sign_out": "401 204 204 204 204 204 204 204",
    "GET api/v1/auth/me": "401 200 200 200 200 200 200 200",
    "GET api/v1/consents": "401 403 200 200 200 403 200 200",
    "GET api/v1/audit/verify": "401 403 403 403 403 403 200 200",
    "POST api/v1/audit/replay": "401 403 403 403 403 422 422 422",
    "POST api/v1/evidence/uploads": "401 403 422 422 403 403 403 403",
    "GET api/v1/evidence/uploads/<uuid:upload_id>": "401 403 200 404 200 200 200 403",
    "GET api/v1/evidence/uploads/<uuid:upload_id>/rejections": "401 403 200 404 200 200 200 403",
    "POST api/v1/score": "401 403 422 422 422 422 422 403",
    "GET api/v1/score/<uuid:task_id>": "401 403 200 404 200 200 200 403",
    "GET api/v1/score/<uuid:task_id>/stream": "401 403 200 404 200 200 200 403",
    "GET api/v1/features": "401 403 200 200 200 200 200 403",
    "GET api/v1/features/<uuid:business_id>": "401 403 200 404 200 200 200 403",
    "GET api/v1/applications": "401 403 200 200 200 403 200 403",
    "POST api/v1/applications": "401 403 422 422 403 403 403 403",
    "GET api/v1/applications/<uuid:application_id>": "401 403 200 404 200 403 200 403",
    "POST api/v1/applications/<uuid:application_id>/decisions": "401 403 403 403 422 403 422 403",
    "GET api/v1/fraud/rings": "401 403 403 403 403 200 200 403",
    "GET api/v1/fraud/rings/<uuid:ring_id>": "401 403 403 403 403 200 200 403",
    "GET api/v1/fraud/graph": "401 403 403 403 403 200 200 403",
    "GET api/v1/fraud/screening/<uuid:business_id>": "401 403 403 403 403 200 200 403",
}
