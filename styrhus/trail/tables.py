"""Tables that are not on the trail, each with its reason. A test compares this with the database."""

NOT_KEPT = {
    "trail_change": "is the trail",
    "django_migrations": "the program's own bookkeeping; holds nothing that people wrote",
    "django_content_type": "made from the code",
    "auth_permission": "made from the code; permissions here are data in code",
    "auth_group": "not used: roles are data in code",
    "auth_group_permissions": "not used: roles are data in code",
    "django_session": "personal and short-lived; sign-ins are in the security log",
    "kit_cache": "rate limits and caches; nothing that people wrote",
    "usersessions_usersession": "personal and short-lived; sign-ins are in the security log",
    "account_emailaddress": "sign-in data; changes are in the security log",
    "account_emailconfirmation": "short-lived",
    "mfa_authenticator": "holds secrets; changes are in the security log",
    "procrastinate_jobs": "the queue keeps its own events",
    "procrastinate_events": "the queue's own events",
    "procrastinate_periodic_defers": "the queue's own bookkeeping",
    "procrastinate_workers": "the queue's own bookkeeping",
    "jobs_job": "progress of a job, short-lived; what the job changed is on the trail",
    "items_notification": "a copy for one reader; reading is never tracked",
    "items_event": "append-only history of its own",
    "signin_securityevent": "append-only log of its own",
}
