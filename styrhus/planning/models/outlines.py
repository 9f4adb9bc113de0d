"""The chapters that plans of a standard type usually have: title, what is asked for, level."""

from django.utils.translation import gettext_lazy as _

CHAPTERS = {
    # plan- og bygningsloven § 10-1; folkehelseloven § 6; boligsosialloven § 5.
    "planning_strategy": (
        (_("Development and challenges"), _("What the knowledge base shows, and what it means for us."), 1),
        (_("Strategic choices"), _("Discuss the choices before us; the next chapters take one subject each."), 1),
        (_("The local community"), "", 2),
        (_("Long-term land use"), "", 2),
        (_("The environment"), "", 2),
        (_("The activity of the sectors"), "", 2),
        (_("Public health, housing and preparedness"), _("What the overviews of these show, and how we meet it."), 1),
        (
            _("Planning needs"),
            _("Which plans are made, revised, continued and repealed, and why. The lines are kept beside the text."),
            1,
        ),
        (_("The municipal plan"), _("Is it revised, in whole or part, or continued?"), 1),
        (_("Participation and views received"), _("Who has been asked, what they said, how it was assessed."), 1),
    ),
    # plan- og bygningsloven § 4-1.
    "planning_programme": (
        (_("Purpose"), _("Why the plan is made."), 1),
        (_("Themes to be revised"), "", 1),
        (_("Alternatives to be considered"), "", 1),
        (_("Need for studies"), _("What must be looked into, by whom and by when."), 1),
        (_("Process with deadlines and participants"), "", 1),
        (_("Participation"), _("Especially groups that will be affected."), 1),
        (_("Guidelines"), _("State, regional and municipal guidelines that the plan must answer."), 1),
    ),
    "municipal_plan_society": (
        (_("Introduction"), "", 1),
        (_("Where we are, and what awaits us"), _("Population, public health, housing, climate, economy."), 1),
        (_("Vision and values"), "", 1),
        (_("Goals and strategies"), _("One chapter below for each priority area; place the goals in the text."), 1),
        (_("Land-use strategy"), _("What the societal part means for the use of land."), 1),
        (_("How it is carried out"), _("The way into the action programme, and how we follow it up."), 1),
    ),
    "municipal_plan_land_use": (
        (_("Introduction"), "", 1),
        (_("Plan description"), _("Purpose, main contents and effects (pbl § 4-2)."), 1),
        (_("Impact assessment"), "", 1),
        (_("Risk and vulnerability"), _("For development (pbl § 4-3)."), 1),
        (_("Provisions and guidelines"), "", 1),
    ),
    # kommuneloven §§ 14-2 to 14-4.
    "action_programme": (
        (_("Summary and proposal for decision"), _("The total borrowing is part of the decision."), 1),
        (_("Trends and frames"), _("Population, and the frame factors with their dates."), 1),
        (_("Financial analysis"), _("Financial targets and fiscal rules."), 1),
        (_("Goals and results"), _("Per focus area: goal, last result and targets. Place the goals in the text."), 1),
        (_("Economic plan and annual budget"), "", 1),
        (_("Service areas"), _("One chapter below for each: status, challenges, priorities and budget."), 1),
        (_("Investments"), "", 1),
        (_("Risk"), _("The largest risks, and what is done about them."), 1),
        (_("Consultation and political treatment"), "", 1),
    ),
    "unit_plan": (
        (_("The unit in brief"), _("Task, users, staff and budget."), 1),
        (_("Status and challenges"), "", 1),
        (_("Goals and measures"), _("Place the goals and measures in the text."), 1),
        (_("Competence and staffing"), "", 1),
        (_("Health, safety and environment"), "", 1),
        (_("User participation"), "", 1),
        (_("Improvement and innovation"), "", 1),
    ),
}
