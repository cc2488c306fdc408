"""Who may do what at every door, written down in advance. One row per method and path, one status per kind of person.

`journeys/test_permission_matrix.py` asks every cell of a running product; a path without a row fails there too.
Own things are those of Priya, an owner; Rahul is another owner; the officer's bank has Priya's consent, the other
bank has not; the auditor reads and changes nothing; collections are officers with one duty more; whose account is
disabled and whose token has expired are nobody (their cells are those of `anonymous` but where a door is open).
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
    "GET glossary": "302 200 200 200 200 200 200 200",
    "GET overview": "302 403 403 403 403 403 403 200",
    "GET overview/chain": "302 403 403 403 403 403 200 200",
    "GET django-admin/": "302 403 403 403 403 403 403 200",
    "GET sign-in/second-step": "302 302 302 302 302 302 302 302",
    "POST sign-in/second-step": "302 302 302 302 302 302 302 302",
    "GET sign-in/passkey": "200 200 200 200 200 200 200 200",
    "POST sign-in/passkey": "422 422 422 422 422 422 422 422",
    "GET sign-up": "200 200 200 200 200 200 200 200",
    "POST sign-up": "422 422 422 422 422 422 422 422",
    "GET verify-email/<str:token>": "200 200 200 200 200 200 200 200",
    "POST verify-email/<str:token>": "409 409 409 409 409 409 409 409",
    "GET reset-password": "200 200 200 200 200 200 200 200",
    "POST reset-password": "422 422 422 422 422 422 422 422",
    "GET reset-password/<str:user_id>/<str:token>": "200 200 200 200 200 200 200 200",
    "POST reset-password/<str:user_id>/<str:token>": "422 422 422 422 422 422 422 422",
    "GET outbox": "200 200 200 200 200 200 200 200",
    # one's own account
    "GET account": "302 200 200 200 200 200 200 200",
    "POST account": "302 422 422 422 422 422 422 422",
    "GET account/security": "302 200 200 200 200 200 200 200",
    "GET account/password": "302 200 200 200 200 200 200 200",
    "POST account/password": "302 422 422 422 422 422 422 422",
    "GET account/authenticator": "302 200 200 200 200 200 200 200",
    "POST account/authenticator": "302 422 422 422 422 422 422 422",
    "GET account/passkeys": "302 200 200 200 200 200 200 200",
    "POST account/passkeys": "302 422 422 422 422 422 422 422",
    "POST account/recovery-codes": "302 409 409 409 409 409 409 409",
    "POST account/factors/remove": "302 422 422 422 422 422 422 422",
    "POST account/sessions/end": "302 422 422 422 422 422 422 422",
    "GET account/confirm": "302 200 200 200 200 200 200 200",
    "POST account/confirm": "302 422 422 422 422 422 422 422",
    "GET account/first-steps": "302 302 302 302 302 302 302 302",
    "POST account/first-steps": "302 302 302 302 302 302 302 302",
    "GET account/invitations/<str:key>": "302 200 200 200 200 200 200 200",
    "POST account/invitations/<str:key>": "302 409 409 409 409 409 409 409",
    # the people of a business
    "GET owner/people": "302 200 200 200 403 403 403 403",
    "POST owner/people/invite": "302 403 422 422 403 403 403 403",
    "POST owner/people/leave": "302 403 422 422 403 403 403 403",
    "POST owner/people/invitations/<uuid:invitation_id>/withdraw": "302 403 404 404 403 403 403 403",
    "GET owner/claim": "302 200 200 200 403 403 403 403",
    "POST owner/claim": "302 422 422 422 403 403 403 403",
    "GET owner/claims/<uuid:claim_id>": "302 404 200 404 403 403 403 403",
    "POST owner/claims/<uuid:claim_id>": "302 404 422 404 403 403 403 403",
    "POST owner/claims/<uuid:claim_id>/dispute": "302 422 422 422 403 403 403 403",
    # administrators
    "GET admin/people": "302 403 403 403 403 403 403 200",
    "GET admin/people/invite": "302 403 403 403 403 403 403 200",
    "POST admin/people/invite": "302 403 403 403 403 403 403 422",
    "GET admin/people/<uuid:user_id>": "302 403 403 403 403 403 403 200",
    "POST admin/people/<uuid:user_id>": "302 403 403 403 403 403 403 422",
    "POST admin/people/<uuid:user_id>/factors/reset": "302 403 403 403 403 403 403 409",
    "GET admin/banks": "302 403 403 403 403 403 403 200",
    "POST admin/banks": "302 403 403 403 403 403 403 422",
    "POST admin/banks/<uuid:organisation_id>/status": "302 403 403 403 403 403 403 422",
    "GET admin/claims": "302 403 403 403 403 403 403 200",
    "GET admin/claims/<uuid:claim_id>": "302 403 403 403 403 403 403 404",
    "POST admin/claims/<uuid:claim_id>": "302 403 403 403 403 403 403 404",
    "GET admin/claims/<uuid:claim_id>/certificate": "302 403 403 403 403 403 403 404",
    "GET admin/access-review": "302 403 403 403 403 403 403 200",
    "POST admin/access-review": "302 403 403 403 403 403 403 422",
    "GET admin/flags": "302 403 403 403 403 403 403 200",
    "POST admin/flags": "302 403 403 403 403 403 403 422",
    "GET account/data": "302 200 200 200 200 200 200 200",
    "POST account/data": "302 422 422 422 422 422 422 422",
    "GET account/keys": "302 200 200 200 200 200 200 200",
    "POST account/keys": "302 422 422 422 422 422 422 422",
    "POST account/keys/<uuid:key_id>/rotate": "302 404 404 404 404 404 404 404",
    "POST account/keys/<uuid:key_id>/revoke": "302 404 404 404 404 404 404 404",
    "POST account/data/copy": "302 200 200 200 200 200 200 200",
    "GET admin/data-requests": "302 403 403 403 403 403 403 200",
    "POST admin/data-requests/<uuid:request_id>": "302 403 403 403 403 403 403 302",
    "GET admin/jobs": "302 403 403 403 403 403 403 200",
    "POST admin/jobs": "302 403 403 403 403 403 403 422",
    "GET admin/jobs/panel": "302 403 403 403 403 403 403 200",
    "GET admin/jobs/<uuid:job_id>": "302 403 403 403 403 403 403 404",
    "GET admin/jobs/<uuid:job_id>/panel": "302 403 403 403 403 403 403 404",
    "POST admin/jobs/<uuid:job_id>/cancel": "302 403 403 403 403 403 403 404",
    "POST admin/jobs/<uuid:job_id>/retry": "302 403 403 403 403 403 403 404",
    "GET admin/set-aside": "302 403 403 403 403 403 403 200",
    "POST admin/set-aside/<uuid:delivery_id>/replay": "302 403 403 403 403 403 403 404",
    # news and reminders; the calendar's key is no key
    "GET notifications": "302 200 200 200 200 200 200 200",
    "GET notifications/panel": "302 200 200 200 200 200 200 200",
    "GET notifications/bell": "302 200 200 200 200 200 200 200",
    "POST notifications/read": "302 302 302 302 302 302 302 302",
    "POST notifications/<uuid:notification_id>/read": "302 404 404 404 404 404 404 404",
    "GET reminders": "302 403 200 200 403 403 403 403",
    "POST reminders/<uuid:reminder_id>/done": "302 403 404 404 403 403 403 403",
    "GET calendar/<str:token>.ics": "404 404 404 404 404 404 404 404",
    # the approval desk, asked for a request that is not there
    "GET approvals": "302 403 403 403 200 200 200 200",
    "GET approvals/<uuid:approval_id>": "302 403 403 403 404 404 404 404",
    "POST approvals/<uuid:approval_id>/decision": "302 403 403 403 404 404 404 404",
    # the audit trail, asked for an entry that is not there
    "GET account/trail": "302 200 200 200 200 200 200 200",
    "GET audit": "302 403 403 403 403 403 200 200",
    "POST audit/pack": "302 403 403 403 403 403 422 422",
    "GET audit/replay": "302 403 403 403 403 200 200 200",
    "POST audit/replay": "302 403 403 403 403 422 422 422",
    "GET audit/verifier.py": "302 200 200 200 200 200 200 200",
    "GET audit/entries/<str:entry_hash>": "302 403 403 403 403 403 404 404",
    "GET audit/entries/<str:entry_hash>/proof.json": "302 404 404 404 404 404 404 404",
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
    "GET owner/reconciliation": "302 403 200 200 403 403 403 403",
    "GET owner/reconciliation.csv": "302 403 200 200 403 403 403 403",
    "GET businesses/<uuid:business_id>/reconciliation": "302 403 200 404 200 200 200 403",
    "GET businesses/<uuid:business_id>/reconciliation.csv": "302 403 200 404 200 200 200 403",
    "GET owner/evidence/template.csv": "302 403 200 200 403 403 403 403",
    "GET owner/evidence/<uuid:upload_id>": "302 403 200 404 403 403 403 403",
    "POST owner/evidence/<uuid:upload_id>/cancel": "302 403 409 404 403 403 403 403",
    "GET owner/evidence/<uuid:upload_id>/rejections.csv": "302 403 200 404 403 403 403 403",
    "GET owner/evidence/<uuid:upload_id>/panel": "302 403 200 404 403 403 403 403",
    "GET scores/<uuid:business_id>/panel": "302 403 200 404 200 200 200 403",
    "GET owner/consents": "302 403 200 200 403 403 403 403",
    "GET owner/consents/panel": "302 403 200 200 403 403 403 403",
    "GET owner/consents/give": "302 403 200 200 403 403 403 403",
    "POST owner/consents/give": "302 403 422 422 403 403 403 403",
    "GET owner/consents/<uuid:consent_id>": "302 403 200 404 403 403 403 403",
    "POST owner/consents/<uuid:consent_id>/answers": "302 403 422 404 403 403 403 403",
    # officers, and those who sanction
    "GET officer/access": "302 403 403 403 200 403 403 403",
    "POST officer/access": "302 403 403 403 422 403 403 403",
    "GET officer/access/panel": "302 403 403 403 200 403 403 403",
    "GET officer": "302 403 403 403 200 403 200 403",
    "GET officer/panel": "302 403 403 403 200 403 200 403",
    "GET officer/applications/<uuid:application_id>": "302 403 403 403 200 403 200 403",
    "GET officer/applications/<uuid:application_id>/panel": "302 403 403 403 200 403 200 403",
    "POST officer/applications/<uuid:application_id>/decisions": "302 403 403 403 422 403 422 403",
    "GET risk/approvals": "302 403 403 403 403 403 200 403",
    "GET risk/approvals/panel": "302 403 403 403 403 403 200 403",
    # analysts and risk managers
    "GET analyst": "302 403 403 403 403 200 200 403",
    "GET analyst/businesses": "302 403 403 403 403 200 200 403",
    "GET analyst/businesses.csv": "302 403 403 403 403 200 200 403",
    "GET analyst/businesses/<uuid:business_id>": "302 403 403 403 403 200 200 403",
    "POST analyst/businesses/<uuid:business_id>/reveal": "302 403 403 403 403 422 422 403",
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
    "POST api/v1/auth/verify_email": "422 422 422 422 422 422 422 422",
    "POST api/v1/auth/password/change": "401 422 422 422 422 422 422 422",
    "POST api/v1/auth/password/reset": "422 422 422 422 422 422 422 422",
    "POST api/v1/auth/password/reset/confirm": "422 422 422 422 422 422 422 422",
    "POST api/v1/auth/step_up": "401 422 422 422 422 422 422 422",
    "GET api/v1/auth/mfa": "401 200 200 200 200 200 200 200",
    "POST api/v1/auth/mfa/totp": "401 200 200 200 200 200 200 200",
    "POST api/v1/auth/mfa/totp/confirm": "401 422 422 422 422 422 422 422",
    "POST api/v1/auth/mfa/recovery_codes": "401 409 409 409 409 409 409 409",
    "DELETE api/v1/auth/mfa/factors/<int:factor_id>": "401 404 404 404 404 404 404 404",
    "GET api/v1/auth/sessions": "401 200 200 200 200 200 200 200",
    "DELETE api/v1/auth/sessions/<str:session_id>": "401 404 404 404 404 404 404 404",
    "GET api/v1/profile": "401 200 200 200 200 200 200 200",
    "PATCH api/v1/profile": "401 200 200 200 200 200 200 200",
    "GET api/v1/users": "401 403 403 403 403 403 403 200",
    "POST api/v1/users": "401 403 403 403 403 403 403 422",
    "PATCH api/v1/users/<uuid:user_id>": "401 403 403 403 403 403 403 422",
    "GET api/v1/banks": "401 403 403 403 403 403 403 200",
    "POST api/v1/banks": "401 403 403 403 403 403 403 422",
    "PATCH api/v1/banks/<uuid:organisation_id>": "401 403 403 403 403 403 403 422",
    "GET api/v1/flags": "401 403 403 403 403 403 403 200",
    "PUT api/v1/flags/<str:name>": "401 403 403 403 403 403 403 422",
    "GET api/v1/claims": "401 200 200 200 403 403 403 403",
    "POST api/v1/claims": "401 422 422 422 403 403 403 403",
    "POST api/v1/claims/<uuid:claim_id>/prove": "401 422 422 422 403 403 403 403",
    "GET api/v1/consents": "401 403 200 200 200 403 200 200",
    "POST api/v1/consents": "401 403 403 403 422 403 403 403",
    "POST api/v1/consents/<uuid:consent_id>/grant": "401 403 409 404 403 403 403 403",
    "POST api/v1/consents/<uuid:consent_id>/deny": "401 403 409 404 403 403 403 403",
    "POST api/v1/consents/<uuid:consent_id>/withdraw": "401 403 409 404 403 403 403 403",
    "GET api/v1/consents/<uuid:consent_id>/uses": "401 403 200 404 200 403 200 200",
    "GET api/v1/audit/verify": "401 403 403 403 403 403 200 200",
    "GET api/v1/audit/events": "401 200 200 200 200 200 200 200",
    "GET api/v1/audit/events/<str:entry_hash>/proof": "401 404 404 404 404 404 404 404",
    "GET api/v1/audit/checkpoints": "401 403 403 403 403 403 200 200",
    "POST api/v1/audit/packs": "401 403 403 403 403 403 422 422",
    "POST api/v1/audit/replay": "401 403 403 403 403 422 422 422",
    "POST api/v1/evidence/uploads": "401 403 422 422 403 403 403 403",
    "GET api/v1/evidence/uploads/<uuid:upload_id>": "401 403 200 404 200 200 200 403",
    "GET api/v1/evidence/uploads/<uuid:upload_id>/rejections": "401 403 200 404 200 200 200 403",
    "GET api/v1/reconciliation": "401 403 422 422 422 422 422 403",
    "GET api/v1/evidence/uploads/<uuid:upload_id>/rejections.csv": "401 403 200 404 200 200 200 403",
    "POST api/v1/evidence/uploads/<uuid:upload_id>/cancel": "401 403 409 404 403 403 403 403",
    "POST api/v1/evidence/<str:kind>": "401 403 422 422 403 403 403 403",
    "GET api/v1/businesses": "401 403 200 200 200 200 200 403",
    "GET api/v1/records": "401 403 422 422 422 422 422 403",
    "POST api/v1/score/by_key": "401 403 403 403 403 403 403 403",
    "POST api/v1/score": "401 403 422 422 422 422 422 403",
    "GET api/v1/score/<uuid:task_id>": "401 403 200 404 200 200 200 403",
    "GET api/v1/score/<uuid:task_id>/stream": "401 403 200 404 200 200 200 403",
    "GET api/v1/features": "401 403 200 200 200 200 200 403",
    "GET api/v1/features/<uuid:business_id>": "401 403 200 404 200 200 200 403",
    "GET api/v1/applications": "401 403 200 200 200 403 200 403",
    "POST api/v1/applications": "401 403 422 422 403 403 403 403",
    "GET api/v1/applications/<uuid:application_id>": "401 403 200 404 200 403 200 403",
    "POST api/v1/applications/<uuid:application_id>/decisions": "401 403 403 403 422 403 422 403",
    "GET api/v1/keys": "401 200 200 200 200 200 200 200",
    "POST api/v1/keys": "401 422 422 422 422 422 422 422",
    "DELETE api/v1/keys/<uuid:key_id>": "401 404 404 404 404 404 404 404",
    "POST api/v1/keys/<uuid:key_id>/rotate": "401 404 404 404 404 404 404 404",
    "GET api/v1/data_requests": "401 200 200 200 200 200 200 200",
    "POST api/v1/data_requests": "401 422 422 422 422 422 422 422",
    "POST api/v1/data_requests/copy": "401 200 200 200 200 200 200 200",
    "GET api/v1/notifications": "401 200 200 200 200 200 200 200",
    "POST api/v1/notifications/read": "401 200 200 200 200 200 200 200",
    "POST api/v1/notifications/<uuid:notification_id>/read": "401 404 404 404 404 404 404 404",
    "GET api/v1/reminders": "401 403 200 200 403 403 403 403",
    "POST api/v1/reminders/<uuid:reminder_id>/complete": "401 403 404 404 403 403 403 403",
    "GET api/v1/jobs": "401 403 403 403 403 403 403 200",
    "POST api/v1/jobs": "401 403 403 403 403 403 403 422",
    "GET api/v1/jobs/<uuid:job_id>": "401 403 403 403 403 403 403 404",
    "POST api/v1/jobs/<uuid:job_id>/cancel": "401 403 403 403 403 403 403 404",
    "POST api/v1/jobs/<uuid:job_id>/retry": "401 403 403 403 403 403 403 404",
    "GET api/v1/dead_letters": "401 403 403 403 403 403 403 200",
    "POST api/v1/dead_letters/<uuid:delivery_id>/replay": "401 403 403 403 403 403 403 404",
    "GET api/v1/approvals": "401 403 403 403 200 200 200 200",
    "GET api/v1/approvals/<uuid:approval_id>": "401 403 403 403 404 404 404 404",
    "POST api/v1/approvals/<uuid:approval_id>/approve": "401 403 403 403 404 404 404 404",
    "POST api/v1/approvals/<uuid:approval_id>/reject": "401 403 403 403 404 404 404 404",
    "POST api/v1/approvals/<uuid:approval_id>/cancel": "401 403 403 403 404 404 404 404",
    "GET api/v1/fraud/rings": "401 403 403 403 403 200 200 403",
    "GET api/v1/fraud/rings/<uuid:ring_id>": "401 403 403 403 403 200 200 403",
    "GET api/v1/fraud/graph": "401 403 403 403 403 200 200 403",
    "GET api/v1/fraud/screening/<uuid:business_id>": "401 403 403 403 403 200 200 403",
}

MORE_KINDS = ("other_bank", "collections", "principal", "auditor", "disabled", "expired")
"""People of the demo without a card, and two who come with a token that is good no more (API only)."""
READ = ("GET",)
CHANGES_OWN = (
    "notifications",
    "api/v1/notifications",
    "api/v1/data_requests",
    "api/v1/keys",
    "account",
    "sign-",
    "verify-email",
    "reset-password",
    "api/v1/auth/",
    "api/v1/profile",
)
"""Where everybody acts on their own account only, an auditor too."""
OTHERWISE = {
    # a token that is no good is refused even where none is needed
    **{(f"GET api/v1/{path}", kind): 401 for path in ("schema", "docs") for kind in ("disabled", "expired")},
    # forms whose only use is to change something, and lists that come with one
    ("GET admin/people/invite", "auditor"): 403,
    ("GET admin/people/<uuid:user_id>", "auditor"): 403,
    ("GET admin/banks", "auditor"): 403,
    ("GET admin/claims", "auditor"): 403,
    ("GET admin/flags", "auditor"): 403,
    ("GET api/v1/users", "auditor"): 403,
    ("GET api/v1/banks", "auditor"): 403,
    ("GET django-admin/", "auditor"): 403,
    ("GET risk/approvals", "auditor"): 403,
    ("GET risk/approvals/panel", "auditor"): 403,
    ("GET admin/jobs/<uuid:job_id>", "auditor"): 404,
    ("GET admin/jobs/<uuid:job_id>/panel", "auditor"): 404,
    ("GET api/v1/jobs/<uuid:job_id>", "auditor"): 404,
    # an auditor opens the desk, so a request that is not there is not there
    ("POST approvals/<uuid:approval_id>/decision", "auditor"): 404,
    ("POST api/v1/approvals/<uuid:approval_id>/approve", "auditor"): 404,
    ("POST api/v1/approvals/<uuid:approval_id>/reject", "auditor"): 404,
    ("POST api/v1/approvals/<uuid:approval_id>/cancel", "auditor"): 404,
    # reviewing access, replaying and revealing with a reason are an auditor's work; an empty form is incomplete
    ("POST admin/access-review", "auditor"): 422,
    ("POST api/v1/audit/replay", "auditor"): 422,
    ("POST api/v1/audit/packs", "auditor"): 422,
    ("POST audit/pack", "auditor"): 422,
    ("POST audit/replay", "auditor"): 422,
    ("POST analyst/businesses/<uuid:business_id>/reveal", "auditor"): 422,
    # the form is read before the thing is looked for and the act is judged: a complete one gets 404 and 403
    ("POST officer/applications/<uuid:application_id>/decisions", "auditor"): 422,
    ("POST api/v1/applications/<uuid:application_id>/decisions", "auditor"): 422,
    ("POST api/v1/applications/<uuid:application_id>/decisions", "other_bank"): 422,
}


def cell(row: str, kind: str) -> int | None:
    """The status written for one of MORE_KINDS: by rule from the row, or in OTHERWISE; None where it is not asked."""
    method, _, path = row.partition(" ")
    if written := OTHERWISE.get((row, kind)):
        return written
    cells = dict(zip(KINDS, map(int, MATRIX[row].split()), strict=True))
    if kind in {"disabled", "expired"}:
        return cells["anonymous"] if path.startswith("api/v1/") else None
    if kind == "collections":
        return cells["officer"]
    if kind == "principal":
        return cells["risk"]
    if kind == "other_bank":
        return _of_another_bank(path, cells["officer"])
    return _of_an_auditor(method, path, cells)


def _of_another_bank(path: str, officers: int) -> int:
    """What is Priya's is not there for an officer without her consent; everything else is as for any officer."""
    return 404 if "<uuid:" in path and officers in {200, 409, 422} else officers


def _of_an_auditor(method: str, path: str, cells: dict[str, int]) -> int:
    """Whatever staff of the platform may read; nothing may be changed but one's own account."""
    if path.startswith(CHANGES_OWN):
        return cells["risk"]
    seen = {cells["risk"], cells["admin"]}
    if method in READ:
        return 200 if 200 in seen else cells["risk"]
    return 403
