"""The site's own words in components that show figures. `site_words.py` has the site's other words."""

EXAMPLE = ("Example.", "All figures made up.")
RANGE = ("{lowest} to {highest}",)
CHART = (
    *("Sorted by weight: {first} first, then {second}.", "Sorted by weight: {first} first."),
    *("Roles with other dimensions come last, from A to Z.", "With other dimensions"),
)
CHART_OF_REPORTS = (
    "How wide the combined interval of each example is, and where it lies. Don’t compare the roles: their questions "
    "and weights differ.",
    "Widest interval: {name}, {margin}",
)
REPORT = (
    *("The scores, on one axis", "The point is the score. The bar is its interval: where the score plausibly lies."),
    *("Weights", "Combined"),
    *("Ask this in your interview", "No dimension has a wider interval than {name}, {margin}."),
    "{name} has the widest interval, {margin}. That is where the answers left most doubt.",
    *("See all questions for this role", "The rule of this example."),
    "If each true score is in its interval, their weighted average lies between {low} and {high}.",
    *("The combined interval is rounded outward to whole points.", "Low end", "High end"),
    *("Where an answer was unclear, we asked again", "Question {number}, {dimension}", "Adaptive follow-up"),
    *("{name}, before", "{name}, after", "No name, no verdict."),
    "A report says how good the answers were, and how sure that is. The decision is yours.",
)
DUEL = (
    *("Compare the candidates", "Bare scores", "With intervals"),
    *("By score alone, {leader} leads by {points}.", "Both score {score}."),
    "The intervals don’t overlap. The whole interval of {leader} is higher.",
    "The intervals overlap from {low} to {high}, so either candidate may be better.",
    "The intervals meet at {score}, so either candidate may be better.",
)
# A value such as {hours} is a number with its unit. {count} is a number alone.
CALCULATOR = (
    *("people", "hours", "rupees", "rupees an hour", "percent", "Calculate"),
    *("Between {lowest} and {highest}.", "Enter a number from {lowest} to {highest}"),
    "Enter a number, such as 1,200 or 12.5",
    "The server didn’t respond. Press “Calculate” to try again.",
    *("Correct {inputs} to see the result.", "the marked inputs", "No result yet"),
    *("Saves {amount} a year", "Costs {amount} more a year", "No difference", "Break-even: {hours}"),
    "Assessments pay for themselves if each saves {hours} of interview time, or if together they avoid {count} wrong "
    "hires a year.",
    "Assessments pay for themselves if each saves {hours} of interview time.",
    "Assessments pay for themselves if together they avoid {count} wrong hires a year.",
    "The avoided wrong hires pay for the assessments, even without saved hours.",
    "The saved hours pay for the assessments, even without fewer wrong hires.",
    "In both cases, your other figures stay as entered.",
    "{hours} is more than the {entered} you entered.",
    "{count} wrong hires are more than the {total} you would make without assessments.",
    "With these figures, assessments save {amount} a year.",
    "With these figures, assessments cost {amount} more a year.",
    "With these figures, both ways cost the same.",
    *("Cost of a year, side by side", "Interviews alone", "With assessments"),
    *("Assessments", "Interviews", "Wrong hires"),
    *("Every step", "Each step rounds amounts to whole rupees.", "{hours} h", "{count} hires", "Candidates a year"),
    *("Interview hours", "Cost of interviews", "Wrong hires a year", "Cost of wrong hires", "Remaining hours"),
    *("Cost of remaining hours", "Remaining wrong hires", "Cost of remaining wrong hires", "Total", "Difference"),
)
