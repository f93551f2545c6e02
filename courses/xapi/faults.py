"""What is wrong with what another system sent, in words, with the status that HTTP has for it."""


class FaultError(Exception):
    """``where`` names the part (as in ``actor.account.name``), ``advice`` what is wrong and what to do."""

    def __init__(self, where: str, advice: str, status: int = 400) -> None:
        super().__init__(f"{where}：{advice}" if where else advice)
        self.where = where
        self.advice = advice
        self.status = status


def forbidden(where: str, advice: str) -> FaultError:
    """Well formed, but not for this one to say."""
    return FaultError(where, advice, 403)
