"""What an EPCIS 2.0 document may say in JSON (ISO/IEC 19987:2024), as tables that a checker walks.

| what | table |
|---|---|
| the document, header, body | DOCUMENT |
| five kinds of event: what each must and may have | EVENTS, COMMON, WHERE |
| a kind of somebody's own: any address as its type, with what all events have | EXTENDED |
| lists inside of them | QUANTITY, TRANSACTION, SOURCE, DESTINATION, SENSOR, REPORT |
| words of CBV 2.0 (ISO/IEC 19988:2024) | STEPS, DISPOSITIONS and those below them |
| what a table can't say: one of several fields, ILMD only with ADD, a unit with its number | rules in `epcis_checks` |

Fields of a stranger's vocabulary have a name that is an address (`example:myField`) and are taken as they are. GS1's
schema lists neither `id` nor `persistentDisposition` for aggregations, but its own example has both: they are taken.
The tests hold this file against that schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Leaf(NamedTuple):
    """A value: uri, node (an address or a blank node), time, offset, version, number, number ≥ 0, uom, text, bool, hex,
    context, attribute, any."""

    kind: str


class Word(NamedTuple):
    """One of these words, or an address that is none of the vocabulary's own."""

    words: frozenset[str]
    own: tuple[str, ...] | None
    """Beginnings of addresses that have a word; None: no address is taken."""


class Many(NamedTuple):
    """A list."""

    of: Shape
    least: int = 0
    unique: bool = False


class Either(NamedTuple):
    """One of these shapes."""

    shapes: tuple[Shape, ...]


class Fields(NamedTuple):
    """An object. `rest`: "none" other fields, "uri" those whose name is an address, "any" of them."""

    known: Mapping[str, Shape]
    needed: tuple[str, ...] = ()
    rest: str = "uri"


Shape = Leaf | Word | Many | Either | Fields

URI, TIME, OFFSET, NUMBER, TEXT = Leaf("uri"), Leaf("time"), Leaf("offset"), Leaf("number"), Leaf("text")
CBV = ("urn:epcglobal:cbv", "http://ns.gs1.org/cbv/", "https://ns.gs1.org/cbv/")
VOC = ("http://gs1.org/voc/", "https://gs1.org/voc/", "http://www.gs1.org/voc/", "https://www.gs1.org/voc/")


def _words(text: str, own: tuple[str, ...] | None = CBV) -> Word:
    return Word(frozenset(text.split()), own)


ACTION = _words("OBSERVE ADD DELETE", None)
STEPS = _words(
    "accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting "
    "decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting "
    "installing killing loading other packing picking receiving removing repackaging repairing replacing reserving "
    "retail_selling shipping staging_outbound stock_taking stocking storing transporting unloading unpacking "
    "void_shipping sensor_reporting sampling"
)
DISPOSITIONS = _words(
    "active container_closed damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive "
    "no_pedigree_match non_sellable_other partially_dispensed recalled reserved retail_sold returned "
    "sellable_accessible sellable_not_accessible stolen unknown available completeness_verified "
    "completeness_inferred conformant container_open mismatch_instance mismatch_class mismatch_quantity "
    "needs_replacement non_conformant unavailable"
)
REASONS = _words("did_not_occur incorrect_data")
PAPERS = _words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt")
PARTIES = _words("owning_party possessing_party location")
ALERTS = _words("ALARM_CONDITION ERROR_CONDITION", VOC)
COMPONENTS = _words(
    "x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting northing latitude "
    "longitude altitude"
)
MEASURES = _words(
    "AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude AmountOfSubstance "
    "AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance "
    "Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity "
    "ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency "
    "Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux "
    "LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate "
    "MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux "
    "RadiantIntensity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity "
    "SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber",
    VOC,
)

PLACE = Fields({"id": URI}, ("id",), "any")
QUANTITY = Fields(
    {"epcClass": URI, "quantity": Leaf("number ≥ 0"), "uom": Leaf("uom")}, ("epcClass",), "none"
)
TRANSACTION = Fields({"type": PAPERS, "bizTransaction": URI}, ("bizTransaction",), "none")
SOURCE = Fields({"type": PARTIES, "source": URI}, ("type", "source"), "none")
DESTINATION = Fields({"type": PARTIES, "destination": URI}, ("type", "destination"), "none")
PERSISTENT = Fields({"set": Many(DISPOSITIONS, 1, True), "unset": Many(DISPOSITIONS, 1, True)}, (), "none")
_DEVICE = dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), URI)
METADATA = Fields({"time": TIME, "startTime": TIME, "endTime": TIME, **_DEVICE})
_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
_ADDRESSES = ("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue")
REPORT = Fields(
    {
        "type": MEASURES,
        "exception": ALERTS,
        "time": TIME,
        "component": COMPONENTS,
        "stringValue": TEXT,
        "booleanValue": Leaf("bool"),
        "hexBinaryValue": Leaf("hex"),
        "uom": TEXT,
        **_DEVICE,
        **dict.fromkeys(_ADDRESSES, URI),
        **dict.fromkeys(_NUMBERS, NUMBER),
    },
    ("type",),
)
SENSOR = Fields({"sensorMetadata": METADATA, "sensorReport": Many(REPORT, 1)}, ("sensorReport",))
ERROR = Fields(
    {"declarationTime": TIME, "reason": REASONS, "correctiveEventIDs": Many(URI)}, ("declarationTime",)
)
EPCS, QUANTITIES = Many(URI), Many(QUANTITY)
COMMON: dict[str, Shape] = {
    "@context": Leaf("context"),
    "id": Leaf("node"),
    "type": TEXT,
    "eventTime": TIME,
    "recordTime": TIME,
    "eventTimeZoneOffset": OFFSET,
    "eventID": URI,
    "certificationInfo": Either((URI, Many(URI))),
    "errorDeclaration": ERROR,
}
WHERE: dict[str, Shape] = {
    "bizStep": STEPS,
    "disposition": DISPOSITIONS,
    "persistentDisposition": PERSISTENT,
    "readPoint": PLACE,
    "bizLocation": PLACE,
    "bizTransactionList": Many(TRANSACTION),
    "sourceList": Many(SOURCE),
    "destinationList": Many(DESTINATION),
    "sensorElementList": Many(SENSOR),
}
_NEEDED = ("type", "eventTime", "eventTimeZoneOffset")
_CHILDREN: dict[str, Shape] = {"parentID": URI, "childEPCs": EPCS, "childQuantityList": QUANTITIES}
_ILMD: dict[str, Shape] = {"ilmd": Fields({})}
_UNIQUE = Many(URI, 0, True)
EVENTS: dict[str, Fields] = {
    "ObjectEvent": Fields(
        {**COMMON, **WHERE, **_ILMD, "action": ACTION, "epcList": _UNIQUE, "quantityList": QUANTITIES},
        (*_NEEDED, "action"),
    ),
    "AggregationEvent": Fields({**COMMON, **WHERE, **_CHILDREN, "action": ACTION}, (*_NEEDED, "action")),
    "AssociationEvent": Fields(
        {**COMMON, **WHERE, **_CHILDREN, "action": ACTION}, (*_NEEDED, "action", "parentID")
    ),
    "TransactionEvent": Fields(
        {
            **COMMON, **WHERE, "action": ACTION, "parentID": URI, "epcList": EPCS, "quantityList": QUANTITIES,
            "bizTransactionList": Many(TRANSACTION, 1),
        },
        (*_NEEDED, "action", "bizTransactionList"),
    ),
    "TransformationEvent": Fields(
        {
            **COMMON, **WHERE, **_ILMD, "inputEPCList": _UNIQUE, "inputQuantityList": QUANTITIES,
            "outputEPCList": _UNIQUE, "outputQuantityList": QUANTITIES, "transformationID": URI,
        },
        _NEEDED,
    ),
}  # fmt: skip
EXTENDED = Fields({**COMMON, "type": URI}, _NEEDED, "any")
_VOCABULARY = Fields(
    {
        "type": URI,
        "vocabularyElementList": Many(
            Fields(
                {
                    "id": URI,
                    "attributes": Many(Fields({"id": URI, "attribute": Leaf("attribute")}, ("id",), "any")),
                    "children": Many(URI),
                },
                ("id",),
                "any",
            )
        ),
    },
    ("type",),
    "any",
)
HEADER = Fields({"epcisMasterData": Fields({"vocabularyList": Many(_VOCABULARY)}, (), "any")})
DOCUMENT = Fields(
    {
        "@context": Leaf("context"),
        "id": Leaf("node"),
        "type": _words("EPCISDocument", None),
        "schemaVersion": Leaf("version"),
        "creationDate": TIME,
        "instanceIdentifier": TEXT,
        "sender": TEXT,
        "receiver": TEXT,
        "epcisHeader": HEADER,
        "epcisBody": Fields({"eventList": Many(Leaf("any"))}, ("eventList",), "any"),
    },
    ("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
)
