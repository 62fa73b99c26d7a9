"""Everyday English words beside those that offices write: who types one means releases that have another.

Each line holds words and word pairs that stand for the same thing in announcements of any government. They are
near, not equal, so a search counts them less than the words that were typed.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

from releases.content.text.tokens import split_words

LINES = """
leak, breach, data incident
hack, hacker, cyber attack, cyberattack, intrusion, cyber threat
phone, mobile, handphone, smartphone, telephone
kid, child, children, young, youth, minor
elderly, senior, old people, older, aged
poor, low income, lower income, needy, vulnerable
firm, company, business, enterprise, corporation
small business, small company, small firm, sme, small and medium enterprise
jobless, unemployed, unemployment, retrenched, redundancy
pay, salary, wage, earnings, remuneration
cheque, check
rubbish, waste, garbage, litter, refuse
car, vehicle, motorist
bus, public transport
teacher, educator
doctor, physician, clinician
jail, prison, imprisonment, custody
money, funding, funds, grant, financing
cheat, scam, fraud, fraudulent, deceive
ring, call, hotline, helpline
gay, lgbt, lgbtq, homosexual
disabled, disability, disabilities
blind, visually impaired
deaf, hearing impaired
privacy, personal data, data protection
ransom, ransomware, extortion
chip, semiconductor
wifi, wi fi, wireless
app, application
tv, television, broadcast, broadcaster
film, movie, cinema
newspaper, news publisher, press
gazette, official notice
ad, advert, advertisement, advertising, publicity
lesson, training, course, class
retrain, reskill, upskill, mid career
home, housing, flat, household
help, support, assistance, aid
fine, penalty, punishment, punish, sanction
rule, regulation, guideline, code
law, act, bill, legislation, legal
sue, lawsuit, legal action, legal proceedings
budget debate, committee of supply
ban, prohibit, prohibition
trip, visit
talks, negotiation
deal, agreement, pact, accord, memorandum, mou
work together, cooperate, cooperation, collaborate, collaboration, partnership
treaty, convention
abroad, overseas, foreign
america, american, united states
britain, british, united kingdom, uk
europe, european, eu
korea, korean, rok
emirates, uae, united arab emirates
power, electricity, energy
breakdown, outage, disruption, failure
blackout, power cut, power failure
hospital, healthcare
telehealth, telemedicine, video consultation, online consultation
jab, vaccine, vaccination, immunisation
virus, pandemic, covid
tourist, visitor, tourism
flight, plane, aircraft, aviation
ship, vessel, maritime, shipping
train, rail, railway
road, street, highway
bike, bicycle, cycling
noise, loud
smoke, smoking, tobacco
vape, vaping, cigarette
drink, alcohol, liquor
betting, gambling, casino
woman, women, girl, female, gender
job, employment, worker, career
worker, staff, employee, workforce, manpower, talent
shortage, shortfall, lack, gap
shop, retail, retailer, merchant
shopping centre, shopping mall, mall
price, cost, inflation, rate, fee, charge
dearer, expensive, costly, price increase, rate increase, increase in rates
rent, rental, lease, tenancy
school, education, student, pupil
university, tertiary, undergraduate
computer, laptop, pc, device
tech, technology, ict
internet, online, broadband, web
website, site, portal, platform
social media, influencer
fake news, falsehood, misinformation, disinformation
chatbot, ai, artificial intelligence, generative ai
robot, automation
identity card, id, identification
password, login, authentication
text message, sms, message
spam, unsolicited, telemarketing, telemarketer
cloud, data centre
satellite, space
flood, flooding, river
climate, carbon, emission, greenhouse gas
green, sustainable, sustainability, environmental
food court, hawker centre, canteen, eatery
park, garden
police, law enforcement
army, military, defence, armed forces
soldier, serviceman, national service
court, judge, judiciary, judicial
lawyer, legal profession, solicitor
crime, offence, criminal
theft, steal, stolen, thief
kill, death, died, fatal
sick, ill, illness, disease, patient
mental health, wellbeing, depression
drug, narcotic, medicine
baby, infant, birth, newborn
marriage, wedding, married
parent, family, mother, father
immigrant, migrant, foreigner, foreign worker
boss, chief executive, leader
civil servant, public officer, public servant, official
poll, survey
vote, election, electoral
speech, address, remarks
row, dispute, complaint
check, audit, inspection
safe, safety, security, secure
danger, risk, threat, hazard
cut, reduce, reduction
rise, increase, growth, surge
start, begin, launch, commence
stop, end, cease, discontinue, terminate, step down
move, relocate, relocation
merge, merger, combine, consolidate, integrate
build, construction, construct, develop
buy, purchase, procurement, procure
spend, expenditure, outlay
tender, bid, contract
usage, take up, uptake, utilisation
sell, sale
hire, recruit, recruitment
quit, resign, resignation
appoint, appointment, name
prize, award, scholarship
proof, certificate, certification
plan, masterplan, blueprint, roadmap, strategy
letter, forum reply
post, postal, postage, mail, parcel
postman, postmen, postal worker
yearly, annual, every year
cheap, affordable, affordability
free, no charge
rich, wealthy
donor, donation, charity, philanthropy
dirty, pollution, polluted
clean, cleanliness, hygiene
tax, levy, duty
pension, retirement, superannuation
benefit, payout, subsidy, rebate, allowance
loan, borrow, credit, debt
bank, financial institution
insurance, insurer
farm, agriculture, farmer
fish, fishery, aquaculture
animal, wildlife, pet
tree, forest, forestry
heritage, historic, history, museum
book, reading, library
sport, athlete, game
art, arts, culture, cultural
music, concert
"""
Way = tuple[str, ...]


def find_related(words: Sequence[Way]) -> list[tuple[Way, ...]]:
    """For the words of each term of a search, as they are compared, others that mean about the same; those of words
    that stand together too."""
    found: list[dict[Way, None]] = [{} for _ in words]
    for start, end in combinations(range(len(words) + 1), 2):
        run = tuple(word for term in words[start:end] for word in term)
        for place in range(start, end):
            found[place].update(dict.fromkeys(_RELATED.get(run, ())))
    return [tuple(way for way in ways if way != own) for ways, own in zip(found, words, strict=True)]


def _read(lines: Iterable[str]) -> dict[Way, tuple[Way, ...]]:
    related: dict[Way, dict[Way, None]] = {}
    for line in lines:
        ways = dict.fromkeys(tuple(split_words(name)) for name in line.split(","))
        for way in ways:
            related.setdefault(way, {}).update(ways)
    return {way: tuple(other for other in others if other != way) for way, others in related.items()}


_RELATED = _read(LINES.strip().splitlines())
