"""The part of a threat class that says how warm its body is, in place of how bright."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Area, Bounds, Intensity, Length, Ratio, Temperature
from opendome.threats.picks import Pick
from opendome.world.radiation import grey_body_intensity

Wavelength = Annotated[Length, Bounds("0.1 um", "1 mm")]


class GreyBodySpec(BaseModel):
    """A body of one temperature that radiates like a black one, only less."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: Annotated[Temperature, Bounds("3 K", "5000 K")] = Field(description="of its skin")
    emissivity: Annotated[Ratio, Bounds("0", "1")] = Field(
        description="radiation over that of a black body, the same over the band"
    )
    area: Area = Field(description="silhouette towards the sensor")
    band_from: Wavelength = Field(description="shortest wavelength that the sensors take")
    band_to: Wavelength = Field(description="longest wavelength that the sensors take")

    @model_validator(mode="after")
    def _band_is_ordered(self) -> Self:
        """The band has a width, whatever is drawn."""
        if self.band_from.quantile(1.0) >= self.band_to.quantile(0.0):
            raise QuantityError(
                got=f"band_from {self.band_from.text('um')}, band_to {self.band_to.text('um')}",
                allowed="a band_from that is always below band_to",
                do="change one of them",
            )
        return self

    def intensity_w_sr(self, pick: Pick, prefix: str) -> float:
        """In-band intensity with every uncertain value drawn [W/sr].

        prefix : path of this entry below the class
        """
        names = ("temperature", "emissivity", "area", "band_from", "band_to")
        return grey_body_intensity(*(pick(f"{prefix}.{n}", getattr(self, n)) for n in names))


GREY_BODY = Field(default=None, description="how warm the body is, in place of `intensity_body`")
INTENSITY_BODY = Field(
    default=None,
    description="in-band infrared intensity of the body after burnout; this or `grey_body`",
)


def body_intensity_w_sr(
    intensity: Intensity | None, grey_body: GreyBodySpec | None, pick: Pick
) -> float:
    """In-band intensity of a body after burnout [W/sr]; a grey body goes first."""
    if grey_body is not None:
        return grey_body.intensity_w_sr(pick, "grey_body")
    if intensity is None:
        raise no_brightness()
    return pick("intensity_body", intensity)


def no_brightness() -> QuantityError:
    """Error for a class that does not say how bright its body is."""
    return QuantityError(
        got="neither intensity_body nor grey_body",
        allowed="one of the two",
        do="add intensity_body, or grey_body with temperature, emissivity, area and band",
    )
