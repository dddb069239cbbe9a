"""Every address of the workspace. Each view says what it asks for; tests/web/permission_matrix.txt says who gets what."""

from __future__ import annotations

from django.urls import path

from assay_web.page import errors
from assay_web.people import accounts, links, own_account, sign_in
from assay_web.workspace import (
    activity,
    checks,
    controls,
    coverage,
    criteria,
    drift,
    evidence,
    gaps,
    health,
    helping,
    home,
    interview,
    jobs,
    patterns,
    scope,
    search,
    start,
    verifying,
)

handler400, handler403, handler404, handler500 = errors.bad, errors.refused, errors.missing, errors.broken

urlpatterns = [
    path("", home.home, name="home"),
    # The start and the scope
    path("help/", helping.help_page, name="help"),
    path("scope/", scope.scope, name="scope"),
    path("scope/versions/", scope.versions, name="scope_versions"),
    path("commitments/", scope.versions, name="commitments"),
    path("interview/", interview.interview, name="interview"),
    path("interview/<slug:group>/", interview.interview_group, name="interview_group"),
    path("start/", start.start, name="start"),
    path("start/summary/", start.start_summary, name="start_summary"),
    path("start/<slug:slug>/", start.start_page, name="start_page"),
    path("criteria/", criteria.criteria, name="criteria"),
    path("criteria/<str:criterion_id>/", criteria.criterion, name="criterion"),
    path("controls/", controls.controls, name="controls"),
    path("controls/<str:control_id>/", controls.control, name="control"),
    path("checks/", checks.checks, name="checks"),
    path("checks/<str:check_id>/", checks.check, name="check"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("drift/", drift.drift, name="drift"),
    path("search/", search.search, name="search"),
    path("activity/", activity.activity, name="activity"),
    path("verifying/", verifying.verifying, name="verifying"),
    path("patterns/", patterns.patterns, name="patterns"),
    path("collect/", jobs.collect, name="collect"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<str:job_id>/", jobs.job, name="job"),
    path("jobs/<str:job_id>/cancel/", jobs.cancel_job, name="cancel_job"),
    path("healthz", health.healthz, name="healthz"),
    # People
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<str:account_id>/", accounts.account, name="account"),
    path("link/<str:token>/", links.link, name="link"),
    # Signing in: the names are allauth's, which looks them up
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/code/", sign_in.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", sign_in.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("sign-in/inactive/", sign_in.inactive, name="account_inactive"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("confirm/", sign_in.confirm_password, name="account_reauthenticate"),
    path("confirm/code/", sign_in.confirm_code, name="mfa_reauthenticate"),
    path("confirm/passkey/", sign_in.confirm_passkey, name="mfa_reauthenticate_webauthn"),
    # One's own account
    path("account/", own_account.own_account, name="mfa_index"),
    path("account/second-factor/", own_account.second_factor, name="second_factor"),
    path("account/end-sessions/", own_account.end_sessions, name="end_sessions"),
    path("account/password/", sign_in.change_password, name="account_change_password"),
    path("account/password/set/", sign_in.set_password, name="account_set_password"),
    path("account/app/", sign_in.add_app, name="mfa_activate_totp"),
    path("account/app/remove/", sign_in.remove_app, name="mfa_deactivate_totp"),
    path("account/passkeys/add/", sign_in.add_passkey, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/", sign_in.rename_passkey, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", sign_in.remove_passkey, name="mfa_remove_webauthn"),
    path("account/recovery-codes/", sign_in.see_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", sign_in.new_codes, name="mfa_generate_recovery_codes"),
]
