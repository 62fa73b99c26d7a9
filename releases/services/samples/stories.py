"""What made-up releases tell, as forms with `{slots}`: facts of the release, and what each sentence draws anew.

All of it is ours, and what it tells of is nowhere. Forms are ASCII, for documents in one of the old fonts of PDF.
"""

from typing import NamedTuple


class Matter(NamedTuple):
    """`told`: what there is to tell of it; `themes`: of what else is told with it."""

    told: tuple[str, ...]
    themes: tuple[str, ...]


class Story(NamedTuple):
    """One kind of release: `title`, the `lead` that says the same in full, and the matter."""

    title: str
    lead: str
    matter: Matter


THEMES = {
    "Background": (
        "The first {thing} in {place} goes back to a gift of the guild of {trade}s.",
        "For many years {place} and {other} shared one {thing}, and a timetable to go with it.",
        "A survey two years ago found that one household in {few} lives too far away to use it.",
        "The {agency} looks after {number} sites of this kind, large and small.",
        "What used to be a yard for barges is now the busiest corner of {place}.",
        "The rules for {things} were last changed a decade ago, when fewer people used them.",
    ),
    "Costs": (
        "All of this costs {sum}, a little less than had been set aside.",
        "Entry stays free for everybody under eighteen and over sixty-five.",
        "The largest part is wages; materials are less than a third.",
        "A day ticket costs as much as a ride on the tram, and is valid on it.",
        "Running it will take about {sum} a year, most of it for people and light.",
    ),
    "Dates to remember": (
        "The first open day is on the second {weekday} of {month}, from ten to four.",
        "**Registration** closes on the last {weekday} of {month}.",
        "A first review is due in {month} {future}.",
        "From {month} on there will be a guided walk every {weekday} afternoon.",
        "In the week of the {place} fair everything is open until ten at night.",
    ),
    "Who can take part": (
        "Everybody can take part who lives, works or learns in {place} or {other}.",
        "Nothing has to be brought but shoes that may get wet.",
        "There are {number} places, and a waiting list for those who come late.",
        "Interpreters, also of sign language, are there on request.",
        "Clubs and schools are asked to name one person who speaks for them.",
        "Families with small children have the first hour to themselves.",
    ),
    "Next steps": (
        "In {month} the plans go to the council of {place}, which decides within {weeks} weeks.",
        "If the trial goes well, {other} will follow in {future}.",
        "The next report comes in {month}, with figures for each town.",
        "Until then the {thing} is inspected every {weekday}.",
        "A list of what is still to be done hangs at the entrance and is kept up to date.",
        "Tenders for the second part will be invited in {month}.",
    ),
    "Common questions": (
        "*Will there be more noise?* Not after seven in the evening, and never on Sundays.",
        "*Can the {thing} be hired?* Yes, by clubs, on any {weekday} evening.",
        "*What happens when it rains?* Everything goes on, under the long roof.",
        "*Who answers for it?* The warden on duty, and in the end the {agency}.",
        "*Is there a place for bicycles?* There are {number}, half of them under cover.",
    ),
}
"""What may be told of several matters, by the heading under which it stands where there are headings."""
ASKED_OFTEN = "Common questions"

BUILDING = Matter(
    (
        "It takes the place of the old {thing}, which had become too small.",
        "There is room for {number} people at a time, and the doors are wide enough for wheelchairs and prams.",
        "The architects chose larch from {other}, because it needs no paint and ages well.",
        "Builders found an older foundation in the first week, and moved the entrance by two metres to keep it.",
        "Rain from the roof runs into a tank that waters the gardens nearby.",
        "Neighbours were asked twice before the plans were drawn, and {number} of them answered.",
        "The building is warmed from the ground, which will save about a third of the heating.",
        "Deliveries come by water where they can, so that the lanes of {place} stay quiet.",
        "Every apprentice who worked on it has put a name under the stairs.",
    ),
    ("Background", "Costs", "Dates to remember", "Next steps"),
)
ASKING = Matter(
    (
        "The questions fit on two pages and can be answered on paper, by mail or at the counter.",
        "Three drafts are on show in the hall of {place}, with a model that can be touched.",
        "Nobody has to give a name, and every answer is read by two people.",
        "An evening for questions is held on the second {weekday} of {month}.",
        "When {other} was asked about its own plans, {number} answers came in within a month.",
        "What is said will be published in full, together with what we make of it.",
        "Children can draw what they would like; the drawings count as answers.",
    ),
    ("Dates to remember", "Who can take part", "Next steps"),
)
CLOSING = Matter(
    (
        "Storms in {month} had loosened the fastenings, and an inspection found more than could be seen from outside.",
        "The nearest {things} that stay open are in {other}, ten minutes away by tram.",
        "Work is done from Monday to Friday between eight and five, and never during the evening market.",
        "Season tickets are extended by the time of the closure; nobody has to apply for it.",
        "Signs show the way around, and a steward is there in the first week.",
        "If the weather holds, everything will be open again some days earlier.",
        "Old parts that are still sound go to the training workshop in {other}.",
    ),
    ("Background", "Costs", "Next steps"),
)
MONEY = Matter(
    (
        "Half of the money comes from the reserve, the rest from this year's savings on heating.",
        "No fee is raised for it, and none is planned.",
        "Towns pay a tenth of the cost themselves; the smallest pay nothing.",
        "Applications are decided in the order in which they come in, within {weeks} weeks.",
        "Last year {number} applications were received, and two in three were granted.",
        "The accounts are open to everybody once a year, in the first week of {month}.",
        "Small clubs can ask for help with the forms on any {weekday} afternoon.",
        "What is left at the end of {future} goes back into the fund.",
    ),
    ("Costs", "Dates to remember", "Next steps"),
)
FIGURES = Matter(
    (
        "In {place} alone {number} people a day were counted in {month}, {share} per cent more than a year before.",
        "The quietest month was {month}, as in every year since the counting began.",
        "Visits on weekdays grew faster than those at weekends.",
        "For the first time more than half came on foot or by bicycle.",
        "Satisfaction was highest in {other}, where opening hours had been extended.",
        "The figures are counted at the door by hand, and checked against tickets.",
        "One in {few} visitors was under the age of twelve.",
        "Repairs took {share} per cent less time than in the year before.",
    ),
    ("Background", "Costs", "Next steps"),
)
ADVICE = Matter(
    (
        "**Please note:** the last visitors are let in half an hour before the gates close.",
        "In strong wind a red pennant is hoisted, and nobody may go in until it is taken down.",
        "Dogs are welcome on a lead, except during the nesting season from March to July.",
        "Groups of more than twelve are asked to book a week before.",
        "A wheelchair and two prams can be borrowed at the entrance.",
        "The paths are lit until ten; after that, bring a lamp.",
        "Whoever finds something broken can tell the warden, or write to us.",
        "The ferry from {other} stops at the gate every twenty minutes.",
    ),
    ("Dates to remember", "Who can take part", "Background"),
)
PEOPLE = Matter(
    (
        "{resident}, a {trade} from {other}, has been there from the first day.",
        "Most of them give two hours a week, some a whole {weekday}.",
        "The youngest is nine and the oldest eighty-six.",
        "They are trained by the people who did the work before, and get tools and gloves.",
        "A book of what they have learned is kept in the hall and may be copied.",
        "Last {month} they mended in one day what a storm had broken in an hour.",
        '"I came for an afternoon and stayed for eleven years," says {resident}.',
        "Schools from {place} and {other} take turns, one class a month.",
    ),
    ("Who can take part", "Dates to remember", "Background"),
)
SPEAKING = Matter(
    (
        "When I was a child, the {thing} at {place} was a drawing on a wall, and nobody believed in it.",
        "Let me begin with a number: {number}. That is how many letters we had about this last year, not all of them"
        " kind, and all of them useful.",
        "We did not get everything right at once: the first plan was too large, the second too dear, and the"
        " third is the one that you see.",
        "I would like to thank {resident}, who found the mistake in our sums before anybody else did.",
        "A good {thing} is like a good neighbour: you notice it most when it is missing.",
        "Care costs less than repair; whoever doubts it may look at the bills of the old {thing}.",
        "People who are asked early seldom object late.",
        "Nothing of this is ever finished, and I would not want it to be.",
        "In {other} they tried another way, and we have learned from them.",
        "I am often asked what {things} are for, and I answer: come on a {weekday} morning and look.",
        "Ten years ago we had {few} {things}, and no list of them.",
        "Today every one of them is inspected twice a year, and that is the work of people whose names are never"
        " in the papers.",
        "Money matters, of course, and we spent {sum} less than we were given. But what people will remember is"
        " whether the door was open when it rained.",
        "To those who are worried about the noise I say: so am I, and we shall measure it.",
        "My grandmother, who was a {trade}, used to say that a thing is done when it has been swept.",
        "Next year will be harder, because the easy repairs are behind us.",
        "We shall need apprentices, and we shall need patience.",
        "Keep an evening in {month} free, when the plans for {other} are shown.",
        "If you see something that does not work, tell us while it is small.",
    ),
    ("Background", "Costs", "Next steps"),
)
AGREEING = Matter(
    (
        "The partners will exchange what they know about {subject} twice a year, in turn at each other's seat.",
        "A joint committee meets for the first time in {month} and publishes its minutes.",
        "Nothing in it obliges anybody to buy anything.",
        "Young {trade}s may work with a partner for up to {months} months.",
        "Disputes are settled by talking; if that fails, by three people whom all sides trust.",
        "The negotiators have met in turn in {place} and in {other}.",
        "Each partner bears its own costs and names one person who answers questions.",
        "It is reviewed after five years, and may be ended with a year's notice.",
        "Common forms will spare small firms about {number} hours of paperwork a year.",
        "Each side keeps its own rules where they are stricter.",
        "A first list of {few} common projects is annexed to the text, and may be added to.",
        "What is learned is published, unless the one who learned it asks for a year's delay.",
        "Measurements are taken in the same way from now on, so that they can be compared.",
        "Travel for the meetings is by rail and ship wherever that takes less than a day.",
        "Other partners may join if none of the first objects.",
        "The text is kept in two originals, one of them in the archive in {other}.",
    ),
    (),
)

QUOTES = (
    '"It took longer than we had hoped, and it is better than we had planned," said {office} {person}.',
    '"People in {place} have waited for this, and they have helped with it," said {office} {person}.',
    "{office} {person} thanked all who had written in, and promised that the figures would be checked again.",
    '"A town is as good as the places where you need not buy anything," {office} {person} said.',
    '{office} {person} called it "a small thing that makes many days easier".',
    '"We asked first and drew afterwards. I would do it again," said {office} {person}.',
    '"Come and look, and tell us what does not work," said {office} {person}.',
    '"I cross {place} every morning, and I shall use it myself," said {resident}, a {trade}.',
)
ENDINGS = (
    "And now the kettle is on, and I have talked for long enough. Thank you.",
    "I was told to be brief, and I have tried. Thank you for listening.",
    "Thank you, and a good evening to {place}.",
    "Now let us go and look at it. Thank you.",
)
"""How a speech ends."""
SUMMARIES = (
    "What has been decided about {things} in {place}, what it costs, and what comes next.",
    "The {agency} sets out its plans for {things} in {place} and {other}.",
    "What visitors, neighbours and clubs in {place} should know about {things}.",
    "From {month} on more people will be able to use {things} close to where they live.",
    "Dates, costs and answers to common questions on {things} in {place}.",
)
LINKING = (
    "More is said in {link}.",
    "Details are in {link}.",
    "For further facts, see {link}.",
    "Whoever wants to know more will find it in {link}.",
)
ANNEXES = (
    "{Things} in figures",
    "Plan of the {thing} at {place}",
    "Questions and answers on {things}",
    "Calendar of the works in {place}",
    "List of all {things} by town",
    "Rules for the use of {things}",
)
TABLED = (
    "The table shows how many people came last year, and how that changed.",
    "Visitors were counted in each town, at the door and by hand:",
    "These are the figures by town, with the change from the year before.",
)
ASKED = (
    "Visitors of {place} are asked to",
    "The wardens have a few wishes. Please",
    "It will be a good day for everybody if you",
)
ITEMS = (
    "bring a cup and a warm coat|ask at the landing for a map|keep dogs away from the hedges|"
    "register at least a week before|read the notice at the gate|leave bicycles in the shed|"
    "tell the warden about broken lamps|share benches and tables|write to us by post or mail|"
    "come by ferry or tram where you can|take home what you brought|keep the ramps free"
).split("|")

OPENED = Story(
    "{place} Opens Its New {Thing}",
    "The {agency} opened the new {thing} at {place} today, {months} months after work had begun.",
    BUILDING,
)
ANNOUNCED = Story(
    "New {Thing} for {place}",
    "From {month} {future} on {place} will have its own {thing}, the {agency} said today.",
    BUILDING,
)
MORE = Story(
    "{few} More {Things} by {future}",
    "By {future} there will be {few} more {things} in {place}, {other} and the towns between them.",
    BUILDING,
)
RENEWED = Story(
    "{field}: {few} {Things} to Be Renewed",
    "The {agency} will renew {few} {things} over the next three years, beginning in {place}.",
    BUILDING,
)
ASKED_FOR_VIEWS = Story(
    "Public Asked About the {Thing} at {place}",
    "What should become of the {thing} at {place}? The {agency} asks everybody who uses it,"
    " from today until the end of {month}.",
    ASKING,
)
WON = Story(
    "Winners of the {year} {field} Prize",
    "The jury of the {field} Prize has chosen three out of {count} entries. The first prize goes to those who"
    " look after the {thing} at {place}, the second and third to projects in {other}.",
    PEOPLE,
)
REPAIRED = Story(
    "{Things} in {place} Closed for Repairs",
    "The {things} in {place} will be closed for repairs from next {weekday}, for about {weeks} weeks.",
    CLOSING,
)
SAFER = Story(
    "Safer {Things} for Everybody",
    "New safety rules for all {things} take effect on the first of {month}. The {agency} drew them up with"
    " wardens, visitors and the fire brigade of {place}.",
    ADVICE,
)
GRANTED = Story(
    "Grants of {money} for {Things}",
    "Towns and clubs can apply for grants for {things} from {month} on. The {agency} has set aside {money},"
    " and {place} and {other} are the first to apply.",
    MONEY,
)
REPORTED = Story(
    "Report on {Things} in {past}",
    "More people used {things} in {past} than had been expected, says a report that the {agency} published today.",
    FIGURES,
)
BEGUN = Story(
    "Work Begins on the {Thing} at {place}",
    "Work on the {thing} at {place} began this morning. It is to be ready in {month} {future}.",
    BUILDING,
)
ADVISED = Story(
    "Advice to Visitors of {place} on {Things}",
    "The {agency} expects many visitors in {place} in the coming weeks, and asks them to read this before they"
    " set out for the {things} there.",
    ADVICE,
)
CARED_FOR = Story(
    "{count} Volunteers Care for the {Things} of {place}",
    "There are now {count} volunteers who look after the {things} of {place}, and the {agency} thanked them"
    " today with a supper.",
    PEOPLE,
)
PAID_FOR = Story(
    "How {place} Will Pay for Its {Things}",
    "The {things} of {place} will cost {money} over the next ten years. The {agency} and the council have"
    " agreed on how to share that.",
    MONEY,
)
COUNTED = Story(
    "{Things} Reach a Record in {past}",
    "Never before did so many people use {things} as in {past}. The {agency} counted at every door, and those in"
    " {place} were the busiest.",
    FIGURES,
)
OPEN_HOURS = Story(
    "Opening Hours of the {Thing} at {place}",
    "From the first {weekday} of {month} on the {thing} at {place} is open from eight in the morning, an hour"
    " earlier than before.",
    ADVICE,
)
PLANNED = Story(
    "{field} and Partners Set Out a Plan for {few} {Things} in {place}, {other} and Further Places, With {money} in"
    " Support Until {future}",
    "The {agency} and its partners presented a plan today: {few} {things} in {place}, {other} and further places,"
    " with {money} in support until {future}.",
    MONEY,
)
ANSWERED = Story(
    "Questions and Answers on the {Thing} at {place}, the Repairs at {other}, and What Changes for Families, Schools"
    " and Small Shops From {future}",
    "The {agency} has been asked much about the {thing} at {place} and the repairs at {other}. Here are the"
    " answers, as far as they are known.",
    ADVICE,
)
REMARKS = Story(
    "Remarks by {person} at the Opening of the {Thing} at {place}",
    "Friends, neighbours, people of {place}: the {thing} is open.",
    SPEAKING,
)
SPEECH = Story(
    "Speech by {person} on {Things}",
    "Ladies and gentlemen, thank you for the invitation. I am to speak on {things}, and I do so gladly.",
    SPEAKING,
)
TOAST = Story(
    "Toast by {person} at the {year} Dinner of {field}",
    "Dear guests, before the soup gets cold, a few words on the year behind us, here in {place}.",
    SPEAKING,
)
KEYNOTE = Story(
    "Keynote by {person} at the {field} Conference",
    "It is good to see this hall in {place} so full, {share} years after we met here for the first time.",
    SPEAKING,
)
REPLIED = Story(
    "Reply to a Question on the {Thing} at {place}",
    "The member for {place} asked how the {thing} is used, and what it has cost so far.",
    FIGURES,
)
WRITTEN_ANSWER = Story(
    "Written Answer on {Things}",
    "The member for {other} asked how many {things} there are, who pays for them, and how they are kept up.",
    MONEY,
)
COST_REPLY = Story(
    "Reply on the Cost of {Things} in {past}",
    "In {past} the {agency} spent {money} on {things}. The member for {place} asked for the reasons.",
    MONEY,
)

NEWS = (
    OPENED,
    ANNOUNCED,
    MORE,
    RENEWED,
    ASKED_FOR_VIEWS,
    WON,
    REPAIRED,
    GRANTED,
    REPORTED,
    BEGUN,
    CARED_FOR,
    PAID_FOR,
    COUNTED,
    PLANNED,
)
ADVISORIES = (REPAIRED, SAFER, ADVISED, OPEN_HOURS)
FACTSHEETS = (ANSWERED, MORE, RENEWED, REPORTED, COUNTED)
SPEECHES = (REMARKS, SPEECH, TOAST, KEYNOTE)
REPLIES = (REPLIED, WRITTEN_ANSWER, COST_REPLY)

LAUNCHED = Story(
    "Negotiations Begin on the {agreement}",
    "Negotiations on the {agreement} have begun ({day}).",
    AGREEING,
)
CONCLUDED = Story(
    "Negotiations Concluded on the {agreement}",
    "Negotiations on the {agreement} have been concluded ({day}).",
    AGREEING,
)
SIGNED = Story("Signing of the {agreement}", "The {agreement} has been signed ({day}).", AGREEING)
IN_FORCE = Story(
    "Entry Into Force of the {agreement}", "The {agreement} enters into force ({day}).", AGREEING
)
NAMED = Story(
    "Partners Review Their Work Under the {agreement}",
    "Partners met in {place} to review their work under the {agreement} ({day}).",
    AGREEING,
)
