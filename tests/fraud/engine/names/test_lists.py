"""List files as publishers write them, and as they should not be written."""

import json

import pytest

from fraud.engine.names.entities import ListedEntity, ListedName
from fraud.engine.names.lists.loading import Change, compare_versions, read_lists
from fraud.engine.names.lists.reading import BadList, country_of, date_of, identifier_of
from fraud.engine.names.queries import read_subjects, score_pairs

pytestmark = pytest.mark.unit
SDN = (
    b'2674,"QAMARI, Abu","individual","SDT] [SYRIA","Director",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    b'"DOB 10 Dec 1948; alt. DOB 1947 to 1949; nationality Iraq; Passport A1234567 (Iraq); '
    b"Digital Currency Address - XBT 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h; a.k.a. 'ABU MISK'.\"\r\n"
    b'36,"ISLA AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    b'77,"PEARL STAR","vessel","IRAN",-0- ,"EPXY7","Tanker",-0- ,-0- ,"Panama",-0- ,"IMO 9187631"\r\n\x1a'
)
ALT = b'2674,1,"aka","ZAYDUN, Muhamm\xe1d",-0- \r\n'
ADD = b'36,25,-0- ,"Havana","Cuba",-0- \r\n'
UN = b"""<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-06-01"><INDIVIDUALS><INDIVIDUAL><DATAID>69085</DATAID>
<FIRST_NAME>RI</FIRST_NAME><SECOND_NAME>SONG</SECOND_NAME><THIRD_NAME>HO</THIRD_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
<REFERENCE_NUMBER>KPi.1</REFERENCE_NUMBER><LISTED_ON>2016-11-30</LISTED_ON>
<NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Songho</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Ri Seong Ho</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1964-07-17</DATE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1965</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
</INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><DATAID>7</DATAID><FIRST_NAME>NORTH STAR TRADING</FIRST_NAME>
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>NST</ALIAS_NAME></ENTITY_ALIAS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""
TARGETS = (
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,dataset,first_seen,last_seen\n"
    + ('Q1,Person,Ivan Zorin,"Vanya Zorin;Иван Зорин",1970-01-05,ru,,"77 1234567",EU,eu,2022,2026\n')
)
FTM = {
    "id": "a-1", "schema": "Person",
    "properties": {"name": ["Ivan Zorin"], "weakAlias": ["Vanya"], "birthDate": ["1970"], "nationality": ["ru"]},
}  # fmt: skip


def test_the_ofac_files_are_one_list() -> None:
    (found,) = read_lists([("SDN.CSV", SDN), ("ALT.CSV", ALT), ("ADD.CSV", ADD)])
    person, airline, vessel = found.entities
    assert person.names == (
        ListedName("QAMARI, Abu"),
        ListedName("ZAYDUN, Muhammád"),
        ListedName("ABU MISK", weak=True),
    )
    assert person.births == ("1948-12-10", "1947", "1949")
    assert (person.countries, person.identifiers) == ({"iraq"}, {"A1234567"})
    assert person.wallets == {"12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"}
    assert person.programmes == ("SDT", "SYRIA")
    assert (airline.kind, airline.countries) == ("organisation", {"cuba"})
    assert (vessel.kind, vessel.identifiers) == ("vessel", {"9187631", "EPXY7"})


def test_the_un_list_names_people_and_entities() -> None:
    (found,) = read_lists([("consolidated.xml", UN)])
    person, entity = found.entities
    assert person.names == (ListedName("RI SONG HO"), ListedName("Songho", weak=True), ListedName("Ri Seong Ho"))
    assert person.births == ("1964-07-17", "1965")
    assert person.countries == {"north korea"}
    assert (entity.key, entity.names[1].text) == ("7", "NST")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_targets_are_read_in_any_encoding(encoding: str) -> None:
    (found,) = read_lists([("targets.csv", TARGETS.encode(encoding))])
    (person,) = found.entities
    assert [name.text for name in person.names] == ["Ivan Zorin", "Vanya Zorin", "Иван Зорин"]
    assert (person.births, person.countries, person.identifiers) == (("1970-01-05",), {"russia"}, {"771234567"})


def test_follow_the_money_lines_leave_out_what_bears_no_name() -> None:
    lines = [json.dumps(FTM), json.dumps({"id": "x", "schema": "Address", "properties": {}}), ""]
    (found,) = read_lists([("entities.json", "\n".join(lines).encode())])
    (person,) = found.entities
    assert person.names == (ListedName("Ivan Zorin"), ListedName("Vanya", weak=True))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("SDN.CSV", b'12,"A"\n', "SDN.CSV line 1"),
        ("SDN.CSV", b'12,"A"' + b",x" * 10 + b"\nname,B" + b",x" * 10, "line 2"),
        ("ALT.CSV", ALT, "need the SDN.CSV"),
        ("un.xml", b"<CONSOLIDATED_LIST><INDIVIDUALS>", "not well-formed"),
        ("un.xml", b"<html></html>", "CONSOLIDATED_LIST"),
        ("un.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>', "refused"),
        ("un.xml", b"<CONSOLIDATED_LIST/>", "lists nobody"),
        ("list.csv", b"nummer,naam\n1,2\n", "no column id, schema, name"),
        ("list.csv", b"id,schema,name\n,Person,A\n", "line 2"),
        ("list.csv", b"", "line 1"),
        ("list.json", b'{"id": 1}\n', "line 1"),
        ("list.json", b'{"id": "a", "schema": "Person", "properties": []}', "line 1"),
        ("list.json", b'{"id": "a"', "not a JSON object"),
        ("list.json", b'{"a":' + b"[" * 100_000, "line 1"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(name: str, content: bytes, told: str) -> None:
    with pytest.raises(BadList, match=told):
        read_lists([(name, content)])


def test_nul_bytes_and_overlong_names_do_no_harm() -> None:
    content = b"id,schema,name\nQ1,Person,A\x00nna " + b"x" * 5_000 + b"\n"
    (found,) = read_lists([("list.csv", content)])
    assert found.entities[0].names[0].text.startswith("Anna ")


def test_an_entity_survives_storage_and_keeps_its_digest() -> None:
    (found,) = read_lists([("SDN.CSV", SDN), ("ALT.CSV", ALT)])
    for entity in found.entities:
        again = ListedEntity.from_content(json.loads(json.dumps(entity.content())))
        assert (again.digest, again.names[0]) == (entity.digest, entity.names[0])


def test_a_delta_names_what_changed() -> None:
    assert compare_versions({"a": "1", "b": "1"}, {"b": "2", "c": "1"}) == Change(("c",), ("b",), ("a",))


@pytest.mark.parametrize(
    ("written", "iso"),
    [("12 May 1970", "1970-05-12"), ("May 1970", "1970-05"), ("circa 1970", "1970"), ("05/12/1970", "1970-12-05"),
     ("1970-13-01", "1970"), ("", ""), ("unknown", "")],
)  # fmt: skip
def test_dates_are_as_precise_as_written(written: str, iso: str) -> None:
    assert date_of(written) == iso


def test_short_identifiers_identify_nobody() -> None:
    assert (identifier_of("12-34"), identifier_of("ab 12-34")) == ("", "AB1234")
    assert country_of("IN") == country_of("India") == "india"


def test_queries_take_full_or_parted_names() -> None:
    full = read_subjects(b"full_name,date_of_birth,nationality,city\nAsha Rao,1980-02-01,IN,Pune\n")[0]
    parted = read_subjects(b"first_name,middle_name,last_name\nAsha,K,Rao\n")[0]
    assert (full.name, full.birth, full.countries) == ("Asha Rao", "1980-02-01", {"india"})
    assert (parted.name, parted.kind) == ("Asha K Rao", "person")


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"city\nPune\n", "full_name"), (b"full_name\n\nx\n", ""), (b"full_name,a\n,1\n", "line 2: no name"),
     (b"full_name,date_of_birth\nA B,soon\n", "line 2: date_of_birth")],
)  # fmt: skip
def test_bad_queries_are_refused_with_their_line(content: bytes, told: str) -> None:
    if told:
        with pytest.raises(BadList, match=told):
            read_subjects(content)
    else:
        assert len(read_subjects(content)) == 1


def test_pairs_are_scored() -> None:
    report = score_pairs(
        b"schema,name1,name2,is_match\nPerson,Asha Rao,Asha Rao,true\nPerson,Asha Rao,Vikram Seth,false\n"
        b"Company,Zenith Steel Ltd,Zenith Steel Limited,1\n"
    )
    assert (report.pairs, report.f1, report.precision, report.recall) == (3, 1.0, 1.0, 1.0)
    assert report.strictly_ordered
    with pytest.raises(BadList, match="line 2: is_match"):
        score_pairs(b"schema,name1,name2,is_match\nPerson,A,B,perhaps\n")
