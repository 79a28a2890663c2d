"""Who and what there is: municipalities, organisations, companies, persons, venues with their rooms.

Words: a *municipality* is one of Sweden's 290 (four-digit code); an *organisation* (science park, municipality,
region, support actor) serves a set of municipalities; a *company* belongs to one municipality; a *person* is a
company's contact, a participant or both; a *venue* has *rooms* with capacities.
It never stores a personal identity number and never decides who may see what: queries take the viewer.
"""
