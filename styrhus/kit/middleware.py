"""What every request passes: one log line without personal data, and the reader's language."""

import logging
import time
import uuid

from django.conf import settings
from django.utils import translation

log = logging.getLogger("styrhus.request")


class RequestLog:
    """One structured line per request: the route's pattern, never the address itself, nor who asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        request.number = uuid.uuid4().hex[:12]
        response = self.get_response(request)
        response["X-Request-ID"] = request.number
        match = request.resolver_match
        log.info(
            "request",
            extra={
                "request": request.number,
                "method": request.method,
                "route": match.view_name if match else "none",
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
            },
        )
        return response


class Language:
    """The language the reader has chosen, else bokmål: what a browser happens to be set to is not a choice."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        known = dict(settings.LANGUAGES)
        request.LANGUAGE_CODE = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response
