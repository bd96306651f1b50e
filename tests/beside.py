"""One system, searched by the reference and by the compiled engine: what both have noted."""

from clausework.explore.packed.engine import ALONE, Crew
from clausework.explore.packed.exploring import Noted
from clausework.explore.packed.layout import WORD
from clausework.explore.packed.search import PackedSearch
from clausework.explore.packed.views import views
from clausework.explore.verdicts.looking import Looked
from clausework.explore.verdicts.watching import Watch
from clausework.semantics.space import Space
from clausework.semantics.system import System

SIDE_BY_SIDE = Crew(workers=2, grain=1)  # though there is so little to do
NARROW = 26  # bits of a word that are used: so small systems need several words


def both(system_: System, most: int, word: int = WORD, crew: Crew = ALONE) -> tuple[Looked, Noted]:
    """Searched up to so many configurations."""
    looked = Looked(Space(system_), most, None)
    looked.search.run(looked.watch)
    space = Space(system_)
    watch = Watch(space, looked.watch.properties)
    search = PackedSearch(space, most, views=tuple(views(watch)), word=word, crew=crew)
    search.run()
    for number in search.notable():
        configuration = search.configuration(number)
        watch.configuration(number, configuration, list(space.steps(configuration)))
    return looked, Noted(space, search, watch)
