"""Tells the database who acts in a request that may write."""

from styrhus.trail.operations import acting

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Actor:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in READING or not request.user.is_authenticated:
            return self.get_response(request)
        with acting(request.user):
            return self.get_response(request)
