"""The root of every error that a person may be shown."""


class ProofroomError(Exception):
    """An error with a stable code and a sentence that says what to do.

    Subclasses set `code` (stable, kebab-case, part of the API), `status` (the HTTP status that doors answer with)
    and `says` (a sentence with named places, filled from the keyword arguments).
    """

    code = "error"
    status = 400
    says = "Something went wrong."

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.says.format(**values))
