"""All diagrams of a standard: which there are, and what every one of them must be."""

import re
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

import lines
from clausework.emit.graphviz import Drawn, Job, diagrams, finish_svg, is_current, render, trace_diagram
from clausework.emit.graphviz.palette import DARK, HEIGHTS
from clausework.emit.graphviz.sequence_diagram import sequence_diagram
from clausework.emit.graphviz.state_diagram import state_diagram
from clausework.model.about import Citation
from clausework.model.standard import Clause
from clausework.source import Name
from emit.graphviz import examples

SVG = "{http://www.w3.org/2000/svg}"


def all_texts() -> dict[str, str]:
    texts = {artifact.path.removesuffix(".dot"): artifact.text for artifact in diagrams(examples.standard())}
    for machine in (examples.dhcp_client(), examples.nasty_machine(), examples.long_machine(20)):
        texts[machine.flow] = state_diagram(machine, name=machine.flow, title='<T> & "U" \\N', subtitle="a·b")
    nasty = examples.nasty_sequence()
    flow = examples.relationship_flow()
    texts["nasty-sequence"] = sequence_diagram(flow, nasty, name="nasty-sequence", title="\\G & <b>", subtitle='"').dot
    texts["crossing"] = trace_diagram(examples.crossing(), name="crossing", title="T", subtitle="S", foot="Why.")
    texts["circling"] = trace_diagram(examples.circling(), name="circling", title="T", subtitle="S")
    return texts


TEXTS = all_texts()


@pytest.fixture(scope="module")
def pictures() -> dict[str, Drawn]:
    results = list(render([Job(name, dot) for name, dot in TEXTS.items()], 60))
    failed = [result for result in results if not isinstance(result, Drawn)]
    assert failed == []
    return {result.name: result for result in results if isinstance(result, Drawn)}


def test_a_standard_has_a_diagram_for_everything_it_declares() -> None:
    assert [artifact.path for artifact in diagrams(examples.standard())] == [
        "flows.dot",
        "login-client.dot",
        "relationship-roles.dot",
        "relationship-irsp.dot",
        "relationship-figure-4.dot",
        "relationship-figure-1.dot",
    ]


def test_a_sequence_that_says_it_is_from_a_figure_has_its_printed_title() -> None:
    """Seen to fail when one that must not happen had it, and one that has the figure from its flow."""
    figure = Clause(kind="figure", number="4", title="Flow of a request", about=examples.about())
    whole = replace(examples.about(), source=Citation(clause="10.3", figures=("4",)))
    drawn = replace(whole, source=Citation(clause="10.3", figures=("4",)))
    flow = replace(examples.relationship_flow(), about=whole)
    first, second = flow.sequences
    inherits = replace(first, name=Name("inherits"), about=whole)
    sequences = (replace(first, about=drawn), replace(second, about=drawn), inherits)
    standard = replace(examples.standard(), clauses=(figure,), flows=(replace(flow, sequences=sequences),))

    texts = {each.path: each.text for each in diagrams(standard)}

    assert second.impossible
    assert "10.3, Figure 4 “Flow of a request”" in texts["relationship-figure-4.dot"]
    assert "“" not in texts["relationship-figure-1.dot"]
    assert "“" not in texts["relationship-inherits.dot"]


def test_what_a_machine_is_kept_for_is_a_list_in_words() -> None:
    for keys, said in (((), " · "), (("a",), ", one per a"), (("a", "b", "c"), ", one per a, b and c · ")):
        kept = replace(
            examples.relationship_irsp(), role=Name("irsp"), keys=examples.machine("m", "a", (), (), keys=keys).keys
        )
        flow = replace(examples.relationship_flow(), machines=(kept,))
        standard = replace(examples.standard(), flows=(flow,))
        (text,) = [each.text for each in diagrams(standard) if each.path == "relationship-irsp.dot"]
        assert f"machine of role irsp{said}" in text


def test_a_machine_that_is_extended_is_from_where_the_extending_flow_is() -> None:
    """Seen to fail when it had the figure of the flow that it was extended from."""
    flow = examples.relationship_flow()
    (machine,) = flow.machines
    here = replace(machine, flow=flow.name, about=examples.about("8.1"))
    extended = replace(machine, flow=Name("another"), about=examples.about("8.1"))

    for drawn, clause in ((here, "8.1"), (extended, flow.about.source)):
        standard = replace(examples.standard(), flows=(replace(flow, machines=(drawn,)),))
        (text,) = [each.text for each in diagrams(standard) if each.path == "relationship-irsp.dot"]
        assert f"ISO/IEC 14543-5-8:2017, {clause} · machine of role" in text


def test_a_sequence_of_an_imported_flow_is_called_by_its_title() -> None:
    """Seen to fail when it was looked for under the name that only the importing standard gives it."""
    login = examples.login_flow()
    drawn = examples.figure_4()
    figure_3 = replace(drawn, name=Name("figure_3"), about=replace(drawn.about, title="Somebody logs in"))
    imported = replace(login, name=Name("xmpp.login"), sequences=(figure_3,))
    standard = replace(examples.standard(), flows=(imported, examples.relationship_flow()))

    texts = {each.path: each.text for each in diagrams(standard)}

    assert texts["relationship-figure-1.dot"].count("<B>Somebody logs in</B>") == 2


def test_what_is_needed_by_way_of_another_flow_has_no_arrow_of_its_own() -> None:
    flows = (
        examples.flow("login", "Login", "8"),
        examples.flow("relation", "Relation", "10", uses=("login",)),
        examples.flow("message", "Message", "11", uses=("relation", "login")),
    )

    (text,) = [each.text for each in diagrams(replace(examples.standard(), flows=flows)) if each.path == "flows.dot"]

    assert set(re.findall(r"\bf\d -> f\d", text)) == {"f1 -> f2", "f2 -> f3"}
    assert "needs by way of another one has no arrow of its own" in text
    assert "message needs login" in text, "the description has all"


def test_the_text_is_the_same_every_time() -> None:
    assert list(diagrams(examples.standard())) == list(diagrams(examples.standard()))


@pytest.mark.parametrize("name", TEXTS)
def test_every_colour_is_in_the_palette(name: str) -> None:
    assert set(re.findall(r"#[0-9a-fA-F]{6}\b", TEXTS[name])) <= set(DARK)
    assert not re.search(r"\b(?:fill|font|bg)?color=\"?(?!#|transparent)\w", TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_every_size_of_text_is_in_the_set(name: str) -> None:
    sizes = re.findall(r'(?:POINT-SIZE="|fontsize=)(\d+)', TEXTS[name])

    assert sizes
    assert {int(size) for size in sizes} <= set(HEIGHTS)


@pytest.mark.parametrize("name", TEXTS)
def test_graphviz_has_nothing_to_complain_of(name: str, pictures: dict[str, Drawn]) -> None:
    assert pictures[name].warnings == ()


@pytest.mark.parametrize("name", TEXTS)
def test_an_svg_has_a_title_and_a_description_and_no_id_twice(name: str, pictures: dict[str, Drawn]) -> None:
    root = ET.fromstring(pictures[name].data)

    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {each for each in ids if each != root.get("id") and not str(each).startswith(f"{root.get('id')}--")} == set()


@pytest.mark.parametrize("name", TEXTS)
def test_links_have_tooltips_and_none_is_in_another(name: str, pictures: dict[str, Drawn]) -> None:
    root = ET.fromstring(pictures[name].data)
    links = list(root.iter(f"{SVG}a"))

    assert links
    assert all(link.findtext(f"{SVG}title") for link in links)
    assert not [inner for link in links for inner in link.iter(f"{SVG}a") if inner is not link]


@pytest.mark.parametrize("name", TEXTS)
def test_links_within_a_diagram_lead_to_what_is_there(name: str, pictures: dict[str, Drawn]) -> None:
    root = ET.fromstring(pictures[name].data)
    ids = {element.get("id") for element in root.iter()}
    hrefs = [str(link.get("href")) for link in root.iter(f"{SVG}a") if link.get("href")]

    own = [href.removeprefix("#") for href in hrefs if "--" in href]
    assert set(own) <= ids
    elsewhere = {href for href in hrefs if "--" not in href}
    assert all(re.match(r"#(?:flow|role|sequence|decision|transitions|state)", href) for href in elsewhere)


def test_every_transition_can_be_linked_to(pictures: dict[str, Drawn]) -> None:
    ids = re.findall(r'id="(dhcp--transition-\d+)"', pictures["dhcp"].data.decode())

    assert len(ids) == 16  # 17 paths, of which one is a sentence


def test_names_of_any_kind_come_through_as_they_are(pictures: dict[str, Drawn]) -> None:
    for name in ("nasty", "nasty-sequence"):
        root = ET.fromstring(pictures[name].data)
        shown = {" ".join(str(text.text).split()) for text in root.iter(f"{SVG}text")}
        assert set(examples.NASTY) <= shown


def test_a_title_of_any_kind_comes_through_as_it_is(pictures: dict[str, Drawn]) -> None:
    assert ET.fromstring(pictures["nasty"].data).findtext(f"{SVG}title") == '<T> & "U" \\N'
    assert ET.fromstring(pictures["nasty-sequence"].data).findtext(f"{SVG}title") == "\\G & <b>"


def test_an_svg_has_every_colour_in_the_dark_too(pictures: dict[str, Drawn]) -> None:
    svg = pictures["crossing"].data.decode()
    style = svg[svg.index("<style>") : svg.index("</style>")]

    used = set(re.findall(r'(?:fill|stroke)="(#\w+)"', svg.replace(style, "")))
    assert used <= set(DARK)
    assert all(f'[fill="{colour}"]{{fill:{DARK[colour]}}}' in style for colour in used)


def test_an_svg_knows_the_dot_that_it_was_drawn_from(pictures: dict[str, Drawn]) -> None:
    svg = pictures["crossing"].data.decode()

    assert is_current(svg, TEXTS["crossing"])
    assert not is_current(svg, TEXTS["crossing"].replace("FAULT", "fault"))


def test_links_can_be_sent_elsewhere() -> None:
    svg = '<svg width="1"><a xlink:href="#role-a" xlink:title="a"><text>a</text></a></svg>'
    finished = finish_svg(svg, name="x", dot="digraph { }", links={"role-a": "roles.html?a=1&b=2"})

    assert '<a href="roles.html?a=1&amp;b=2"><title>a</title>' in finished


def test_the_layout_is_the_same_whatever_fonts_there_are(
    pictures: dict[str, Drawn], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """Sizes of the page and positions of the boxes; letters differ."""
    config = f"{tmp_path}/fonts.conf"
    with open(config, "w", encoding="utf-8") as file:  # noqa: PTH123  as a C library would
        file.write(
            "<fontconfig><dir>/usr/share/fonts</dir><match target='pattern'>"
            "<edit name='family' mode='assign' binding='strong'><string>DejaVu Sans Mono</string></edit>"
            "</match></fontconfig>"
        )
    monkeypatch.setenv("FONTCONFIG_FILE", config)

    names = ("login-client", "relationship-figure-4", "flows")
    for other in render([Job(name, TEXTS[name]) for name in names], 60):
        assert isinstance(other, Drawn)
        assert _shapes(other.data.decode()) == _shapes(pictures[other.name].data.decode())


def _shapes(svg: str) -> list[str]:
    return re.findall(r'<(?:svg width="[^"]*" height="[^"]*"|path [^>]*|polygon [^>]*)', svg)


def test_of_many_flows_of_a_clause_no_more_than_three_stand_in_a_row() -> None:
    flows = tuple(examples.flow(f"f{number}", f"Flow {number}", "7.1") for number in range(8))
    text = next(each.text for each in diagrams(replace(examples.standard(), flows=flows)) if each.path == "flows.dot")

    (done,) = render([Job("flows", text)], 60)

    assert isinstance(done, Drawn)
    rows = Counter(re.findall(r'y="([-.\d]+)"[^>]*>Flow \d<', done.data.decode()))
    assert sum(rows.values()) == 8
    assert max(rows.values()) == 3


def test_the_map_of_flows_shows_what_stands_for_what() -> None:
    """Seen to fail without the arrow."""
    text = next(each.text for each in diagrams(lines.standard()) if each.path == "flows.dot")

    assert 'tooltip="talk is seen as line"' in text
    assert ">is seen as<" in text
