"""Naming a person in a body, and never in an address: by what the identity provider calls them, or by pseudonym."""

from typing import Self

from pydantic import Field, model_validator

from api.body import Body
from api.door import Door
from api.visitor import Visitor
from domain.identity import PersonId
from domain.refusal import Refusal

PSEUDONYM = r"^[0-9a-z]{16}$"


class NobodyOfThatName(Refusal):
    """Nothing was ever recorded of somebody of that reference."""

    rule = "house.known_values"
    unlawful = False


class PersonNamed(Body):
    """Somebody, by one of two names: `person`, the identity provider's, or `person_id`, the pseudonym in the record."""

    person: str | None = Field(None, min_length=1, max_length=200)
    person_id: PersonId | None = Field(None, pattern=PSEUDONYM)

    @model_validator(mode="after")
    def by_one_of_both(self) -> Self:
        if (self.person is None) == (self.person_id is None):
            raise ValueError("name the person by `person` or by `person_id`, one of the two")
        return self

    async def to_write_of(self, door: Door) -> PersonId:
        """The pseudonym, made where there is none yet of somebody who is named by the provider's identifier.

        Refuses: NobodyOfThatName, for a pseudonym that was given to nobody: what it began would be nobody's file.
        """
        if self.person_id is None:
            return await door.person(self.person or "")
        if not await door.services.keys.knows_subject(self.person_id):
            raise NobodyOfThatName(
                f"“{self.person_id}” is the pseudonym of nobody here. Check it for a slip of the pen, or name the "
                "person by the identity provider's identifier.",
                field="person_id",
            )
        return self.person_id

    async def to_read_of(self, visitor: Visitor) -> PersonId:
        """The pseudonym; reading makes none.

        Refuses: NobodyOfThatName.
        """
        if self.person_id is not None:
            return self.person_id
        found = await visitor.services.keys.find_subject(self.person or "")
        if found is None:
            raise NobodyOfThatName(
                "Nothing is on record of anybody of that identifier. Check it for a slip of the pen.", field="person"
            )
        return found
