"""Sessions that end twelve hours after sign-in, however busy they are."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils import timezone

# Keys in the session: when it began, the support session it is in, how to leave the provider one came from, and
# where the browser goes on to when it has left.
SIGNED_IN = "signed_in"
SUPPORT = "support_session"
PROVIDER = "provider"
ONWARD = "onward"


def begin(session) -> None:
    """From now on the clock runs."""
    session[SIGNED_IN] = timezone.now().isoformat()


class SessionStore(db.SessionStore):
    """Django's own moves the end forward each time something is kept in the session; here the end stands."""

    def get_expiry_date(self, **kwargs):
        began = self.get(SIGNED_IN)
        if began is None:
            return super().get_expiry_date(**kwargs)
        return datetime.fromisoformat(began) + timedelta(seconds=settings.SESSION_COOKIE_AGE)
