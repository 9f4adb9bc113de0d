"""A closed measure is to be evaluated on its day; money is read as people write it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from styrhus.items.flow import Held
from styrhus.items.models import FollowUp
from styrhus.items.operations import step, tick_off
from styrhus.planning.forms.fields import KronerField, in_kroner
from styrhus.planning.models import EffectEvaluation, Measure
from styrhus.planning.operations.measures import evaluate
from styrhus.planning.queries.evaluation import AWAITED, LATE, by_evaluation

pytestmark = pytest.mark.django_db
TODAY = date.today()
SOON, LATER = TODAY + timedelta(days=30), TODAY + timedelta(days=90)


@pytest.fixture
def done(world, make):
    """A measure that is done and to be evaluated in a month."""
    Measure.objects.filter(pk=world.things.internal.pk).update(evaluate_on=SOON)
    step(world.things.internal, "finish", by=world.people.principal)
    return make.again(world.things.internal)


def said(verdict, **fields) -> EffectEvaluation:
    return EffectEvaluation(**{"verdict": verdict, "evidence": "Fraværet gikk ned", "on": TODAY} | fields)


def test_closing_a_measure_promises_its_evaluation_on_the_day(done, world):
    assert (done.evaluation.due, done.evaluation.responsible) == (SOON, world.people.principal.position)


def test_an_evaluation_planned_for_a_day_that_has_been_is_due_today(world, make):
    Measure.objects.filter(pk=world.things.internal.pk).update(evaluate_on=TODAY - timedelta(days=9))
    step(world.things.internal, "finish", by=world.people.principal)
    assert make.again(world.things.internal).evaluation.due == TODAY


def test_opening_a_measure_again_withdraws_the_duty_and_closing_makes_it_anew(done, world, make):
    step(done, "reopen", by=world.people.principal, note="Mer igjen")
    assert make.again(done).evaluation is None
    assert not FollowUp.objects.filter(item=done.pk).exists()
    step(make.again(done), "finish", by=world.people.principal)
    assert make.again(done).evaluation.due == SOON


def test_a_verdict_ticks_the_duty_off(done, world, make):
    evaluate(done, said("partly"), by=world.people.principal)
    assert make.again(done).evaluation.done_by == world.people.principal
    assert done.evaluations.get().by == world.people.principal


def test_ticking_the_duty_off_asks_for_the_verdict_instead(done, world, signed_in, make):
    client, duty = signed_in(world.people.principal), done.evaluation
    asked = client.post(reverse("items:tick_off", args=[done.pk, duty.pk]), {"next": "/mine-oppgaver/"})
    assert asked.url == reverse("planning:evaluate", args=[done.pk])
    with pytest.raises(Held):
        tick_off(duty, by=world.people.principal)
    assert make.again(duty).done is None
    assert client.post(asked.url, {"verdict": "no", "evidence": "Tall", "on": TODAY.isoformat()}).status_code == 302
    assert make.again(duty).done_by == world.people.principal


def test_whose_duty_it_is_evaluates_without_being_allowed_to_change_the_measure(done, world, signed_in):
    client, url = signed_in(world.people.teacher), reverse("planning:evaluate", args=[done.pk])
    assert client.get(url).status_code == 403
    FollowUp.objects.filter(pk=done.evaluation.pk).update(responsible=world.people.teacher.position)
    assert client.get(url).status_code == 200


def test_what_is_done_once_more_is_evaluated_once_more(done, world, make):
    principal = world.people.principal
    evaluate(done, said("no"), by=principal)
    with pytest.raises(ValidationError, match=principal.name):
        evaluate(done, said("yes"), by=principal)
    step(make.again(done), "reopen", by=principal, note="Det virket ikke")
    step(make.again(done), "finish", by=principal)
    assert list(by_evaluation(Measure.objects.all(), AWAITED, TODAY)) == [done]
    evaluate(make.again(done), said("yes"), by=principal)
    assert make.again(done).evaluation.done is not None
    assert [each.verdict for each in done.evaluations.order_by("at")] == ["no", "yes"]


def test_what_cannot_be_said_yet_gets_a_new_day_and_stays_a_duty(done, world, make):
    for missing in (None, TODAY):
        with pytest.raises(ValidationError):
            evaluate(done, said("unknown"), by=world.people.principal, again_on=missing)
    evaluate(done, said("unknown"), by=world.people.principal, again_on=LATER)
    kept = make.again(done)
    assert (kept.evaluation.due, kept.evaluation.done, kept.evaluate_on) == (LATER, None, LATER)


def test_a_measure_that_runs_is_not_evaluated(world):
    with pytest.raises(ValidationError):
        evaluate(world.things.internal, said("yes"), by=world.people.principal)


def test_the_register_finds_measures_by_what_is_said_of_them(done, world):
    def found(asked, on=TODAY):
        return list(by_evaluation(Measure.objects.all(), asked, on))

    assert (found(AWAITED), found(LATE), found("yes")) == ([done], [], [])
    assert found(LATE, SOON + timedelta(days=1)) == [done]
    evaluate(done, said("unknown"), by=world.people.principal, again_on=LATER)
    assert (found(AWAITED), found("unknown")) == ([done], [done])
    evaluate(done, said("no"), by=world.people.principal)
    assert (found(AWAITED), found("unknown"), found("no")) == ([], [], [done])


def test_the_page_asks_and_keeps_what_was_typed(done, world, signed_in):
    client, url = signed_in(world.people.principal), reverse("planning:evaluate", args=[done.pk])
    refused = client.post(url, {"verdict": "unknown", "evidence": "For tidlig", "on": TODAY.isoformat()})
    assert refused.status_code == 422
    assert "For tidlig" in refused.content.decode()
    kept = client.post(url, {"verdict": "yes", "evidence": "Tallene", "on": TODAY.isoformat()})
    assert kept["Location"] == done.get_absolute_url()
    assert "Tallene" in client.get(done.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("written", "kroner"),
    [
        ("1 250 000", 1_250_000),
        ("1,25 mill.", 1_250_000),
        ("1,25 millioner", 1_250_000),
        ("300 tusen", 300_000),
        ("0", 0),
        ("99,50", 99.5),
        ("", None),
    ],
)
def test_money_is_read_as_people_write_it(written, kroner):
    ore = KronerField(required=False).clean(written)
    assert ore == (None if kroner is None else round(kroner * 100))
    assert KronerField(required=False).clean(in_kroner(ore)) == ore


@pytest.mark.parametrize("written", ["mye", "-5", "1,2,3", "mill", "9" * 30])
def test_what_is_no_amount_is_refused(written):
    with pytest.raises(ValidationError):
        KronerField().clean(written)
