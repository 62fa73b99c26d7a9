"""The words of made-up releases. All of them are ours, and what they tell of is nowhere."""

THINGS = {
    "Tides": ("tide gauge", "sea gate", "flood marker"),
    "Orchards": ("fruit store", "cider mill", "apple cellar"),
    "Lanterns": ("lantern walk", "lamp workshop", "lantern pier"),
    "Ferries": ("ferry landing", "boathouse", "waiting room"),
    "Bridges": ("footbridge", "swing bridge", "bridge house"),
    "Meadows": ("hay barn", "meadow path", "grazing field"),
    "Weather": ("weather mast", "storm shelter", "rain gauge"),
    "Libraries": ("reading room", "book van", "children's corner"),
    "Markets": ("market hall", "night market", "covered stall"),
    "Harbours": ("harbour basin", "quay crane", "mooring place"),
    "Footpaths": ("boardwalk", "hill path", "rest shelter"),
    "Kites": ("kite field", "wind tower", "kite workshop"),
    "Gardens": ("herb terrace", "rain garden", "garden school"),
    "Wells": ("village well", "pump house", "drinking fountain"),
    "Signals": ("signal lamp", "signal tower", "fog bell"),
    "Museums": ("map room", "picture store", "hands-on room"),
    "Hedges": ("hedge school", "hedge path", "bird hide"),
    "Bakeries": ("village oven", "flour mill", "bread school"),
    "Canals": ("canal lock", "towpath", "barge stop"),
    "Lighthouses": ("lighthouse stair", "keeper's house", "lamp room"),
    "Playgrounds": ("playground", "climbing wall", "water garden"),
    "Timber": ("sawmill", "timber yard", "drying shed"),
    "Beekeeping": ("bee house", "honey room", "bee garden"),
    "Maps": ("map room", "survey point", "map table"),
    "Festivals": ("bandstand", "festival meadow", "open-air stage"),
    "Stairways": ("hill stairway", "stair lift", "landing garden"),
    "Rivers": ("river island", "fish ladder", "river gauge"),
    "Workshops": ("repair workshop", "tool shed", "tool exchange"),
    "Dunes": ("dune path", "viewing platform", "sand fence"),
    "Clocks": ("clock tower", "town clock", "clock workshop"),
    "Tramways": ("tram stop", "tram depot", "turning loop"),
    "Archives": ("archive vault", "reading desk", "letter store"),
    "Greenhouses": ("palm house", "seedling house", "greenhouse"),
    "Fountains": ("fountain square", "spring house", "water wall"),
    "Seeds": ("seed store", "seed garden", "trial field"),
    "Theatres": ("puppet stage", "rehearsal room", "costume store"),
    "Quarries": ("quarry lake", "stone yard", "quarry path"),
    "Benches": ("shaded seat", "riverside seat", "picnic table"),
    "Observatories": ("star platform", "telescope dome", "night garden"),
    "Bicycles": ("bicycle shed", "cycle lane", "repair stand"),
    "Reefs": ("reef garden", "diving school", "glass-bottomed boat"),
    "Letters": ("letter kiosk", "sorting room", "post boat"),
    "Looms": ("weaving room", "dye garden", "wool store"),
    "Pottery": ("pottery kiln", "clay pit", "glazing room"),
    "Wetlands": ("reed path", "bird hide", "wetland hut"),
    "Windmills": ("windmill", "mill pond", "miller's house"),
    "Ponds": ("skating pond", "duck island", "pond terrace"),
    "Choirs": ("rehearsal hall", "song room", "concert barn"),
    "Vineyards": ("wine cellar", "vineyard terrace", "pressing hall"),
    "Saltworks": ("salt pan", "salt barn", "brine house"),
    "Balloons": ("balloon field", "launch tower", "inflation hall"),
    "Mosaics": ("mosaic wall", "tile workshop", "mosaic court"),
    "Swimming": ("swimming pool", "river bath", "diving tower"),
    "Chess": ("chess garden", "playing hall", "chess corner"),
    "Almanacs": ("printing shop", "almanac room", "star chart"),
    "Pastures": ("cattle trough", "shepherd's hut", "pasture gate"),
    "Jetties": ("landing stage", "fishing pier", "jetty light"),
    "Sundials": ("sundial court", "sundial garden", "noon mark"),
    "Rainwater": ("rain tank", "roof garden", "filter house"),
    "Tunnels": ("foot tunnel", "tunnel portal", "cycle tunnel"),
}
"""What each agency looks after, by its field; all of them add an "s" for more than one."""

FIELDS = tuple(THINGS)
KINDS = ("Ministry of {}", "Board of {}", "Office for {}", "Council of {}", "Department of {}")
FORMER_KINDS = ("Bureau of {}", "Commission for {}", "Directorate of {}")

PLACES = (
    "Amber Quay|Birch Hollow|Cinder Bay|Dover Green|Elder Point|Fallow Hill|Granite Steps|Heron Lake|"
    "Ivory Cove|Juniper Row|Kestrel Park|Linden Wharf|Marble Terrace|Nettle Field|Opal Square|"
    "Plover Sands|Quince Lane|Rowan Heights|Saffron Gate|Thistle Down|Umber Street|Velvet Marsh|"
    "Willow End|Yarrow Bridge"
).split("|")
PEOPLE = (
    "Orla Tamsin|Bram Ovidian|Ines Calloway-Reed|Tobin Arrowfield|Maren Silverbrook|Jonas Petrel|"
    "Asha Windermoor|Felix Oakhurst|Lena Marrowby|Rafi Stonebridge|Greta Hollin|Milo Fernsby|"
    "Nadia Quillon|Osric Penhallow"
).split("|")
OFFICES = (
    "Minister|Minister of State|Permanent Secretary|Chief Executive|Director-General|Chairperson|"
    "Deputy Director"
).split("|")

SPOKEN = {
    "number": tuple(str(number) for number in range(30, 900, 10)),
    "share": tuple(str(number) for number in range(3, 30)),
    "few": tuple(str(number) for number in range(3, 25)),
    "weeks": tuple(str(number) for number in range(2, 15)),
    "months": tuple(str(number) for number in range(7, 31)),
    "sum": tuple(f"${number},000" for number in range(20, 990, 10)),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "month": tuple(
        "January|February|March|April|May|June|July|August|September|October|November|December".split("|")
    ),
    "trade": tuple(
        "baker|ferry captain|weaver|gardener|clockmaker|teacher|joiner|nurse|potter|printer".split("|")
    ),
    "resident": tuple(
        "Edda Thornbury|Pell Marchwood|Sunniva Locke|Corin Haldane-Moss|Ruta Elmsworth|Dario Fenwright|"
        "Hanne Birkdale|Otis Lambourne|Priya Sandhollow|Wenzel Aldercott".split("|")
    ),
}
"""What a sentence draws anew each time, by its slot."""

SUBJECTS = "Harbours|Seeds and orchards|Bridges|Weather|Libraries|Lighthouses|Canals|Festivals".split("|")
INSTRUMENTS = (
    ("treaty", "Sample Treaty on {}", True),
    ("partnership-agreement", "Sample Partnership Agreement on {}", True),
    ("memorandum-of-understanding", "Sample Memorandum of Understanding on {}", False),
    ("arrangement", "Sample Arrangement on {}", False),
)
STATES = ("AQ", "BV", "GS", "HM", "TF", "UM")
"""ISO codes of places where nobody lives for good, so that no state is said to have agreed to anything."""
ORGANISATIONS = (
    "League of Sample Harbours",
    "Sample Union of Lighthouse Keepers",
    "Association of Sample Meadows",
)
