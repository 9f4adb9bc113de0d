"""A job's page, seen by the one who asked for it only."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render

from styrhus.jobs.models import Job


def job(request, pk):
    return render(request, "jobs/job.html", {"job": _own_job(request, pk)})


def progress(request, pk):
    """The bar alone, asked for every two seconds until the job has ended."""
    return render(request, "jobs/progress.html", {"job": _own_job(request, pk)})


def result(request, pk):
    job = _own_job(request, pk)
    if not job.result or not default_storage.exists(job.result):
        raise Http404
    return FileResponse(default_storage.open(job.result), as_attachment=True, filename=job.result_name)


def _own_job(request, pk) -> Job:
    # A file made for the person may hold what is exempt: not for someone who helps with the screen.
    if getattr(request.user, "support", None):
        raise Http404
    return get_object_or_404(Job, pk=pk, by=request.user)
