"""The least people from whom an effect may be estimated."""

from __future__ import annotations

from justice_analysis.linkage.participants.settings import LinkSettings


def refusal(submitted: int, matched: int, used: LinkSettings) -> str | None:
    """Why no effect may be estimated, where there are too few people."""
    too_few = []
    if submitted < used.minimum_submitted:
        too_few.append(
            f"at least {used.minimum_submitted} people must be submitted, and {submitted:,} were"
        )
    if matched < used.minimum_matched:
        too_few.append(
            f"at least {used.minimum_matched} people must be matched, and {matched:,} were"
        )
    if not too_few:
        return None
    return (
        f"no effect is estimated: {'; '.join(too_few)}. Submit more people, or set the minimums "
        "with a reason."
    )
