"""HTTP client of the intake contract (`openapi.yaml`).

What can go wrong, one class for each thing a caller would do about it:

    IntakeError
    ├── IntakeUnavailable    no answer, or none that says the content is stored: try later
    ├── IntakeUnauthorised   the token is refused: try later, an operator has to act
    ├── IntakeRejected       the content is refused, `fields` says where: repeating will not help
    ├── IntakeClosed         the case takes no further content
    └── IntakeUnknown        the service has no such case

Calls are repeated here only briefly, within the patience of one turn; the outbox repeats for as long as it
takes. Every call of the contract is idempotent, so a repeat is safe even when the lost answer was a success.
"""

import asyncio
import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self
from uuid import UUID

import httpx
from pydantic import ValidationError
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from actions.intake.contract import (
    CaseFile,
    CaseReceipt,
    CaseStatus,
    FieldError,
    Message,
    ValidationProblem,
)

ATTEMPTS: Final = 3
"""Tries within one call."""

LONGEST_PAUSE_S: Final = 2.0
"""Longest pause between two tries of one call; a service that asks for more is left to the outbox."""

BACKOFF: Final = wait_random_exponential(multiplier=0.2, max=LONGEST_PAUSE_S)

_JSON: Final = {"Content-Type": "application/json"}
_ACCEPT: Final = "application/json, application/problem+json"
_REFUSED: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
_TOKEN_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class IntakeError(Exception):
    """A call to the intake service did not succeed."""


class IntakeUnavailable(IntakeError):
    """Nothing says that the content is stored; the same call may succeed later.

    Attributes:
        repeatable: Whether an immediate repeat has a chance (no answer, 429, 5xx), unlike with an answer that
            is not of this contract.
        retry_after: Seconds the service asked to be left alone, if it did.
    """

    def __init__(self, reason: str, *, repeatable: bool, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.repeatable = repeatable
        self.retry_after = retry_after


class IntakeUnauthorised(IntakeError):
    """The service refuses the token."""


class IntakeRejected(IntakeError):
    """The service refuses the content.

    Attributes:
        fields: The fields at fault, as the service named them; may be empty.
    """

    def __init__(self, reason: str, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(reason)
        self.fields = fields


class IntakeClosed(IntakeError):
    """The case was closed or erased and takes no further content."""


class IntakeUnknown(IntakeError):
    """The service has no such case: never handed over, or erased."""


class IntakeClient:
    """Speaks the intake contract to one service. Use as an async context manager, or call `aclose`.

    Args:
        base_url: Where the service stands, up to and without `/intake/v1`.
        token: Bearer token the organisation issued.
        timeout: Seconds one try may take from first to last byte.

    Raises:
        ValueError: The URL is not HTTPS and leaves this machine, or the token is empty.
    """

    def __init__(self, base_url: str, token: str, timeout: float = 10.0) -> None:
        url = httpx.URL(base_url)
        local = _is_loopback(url.host)
        if url.scheme != "https" and not (url.scheme == "http" and local):
            raise ValueError("the intake service must be reached over HTTPS, or HTTP on this machine")
        if not token:
            raise ValueError("the intake service needs a token")
        self._timeout = timeout
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}", "Accept": _ACCEPT},
            timeout=timeout,
            trust_env=not local,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def put_case(self, case_id: UUID, case: CaseFile) -> CaseReceipt:
        """Create the case or replace its content.

        Raises:
            IntakeUnavailable: Nothing says that it is stored.
            IntakeUnauthorised: The token is refused.
            IntakeRejected: The content is refused.
            IntakeClosed: The case was closed or erased.
        """

        def read(response: httpx.Response) -> CaseReceipt:
            _expect(response, HTTPStatus.OK, HTTPStatus.CREATED)
            return _about(case_id, CaseReceipt, response)

        return await self._call("PUT", _case_path(case_id), read, case.model_dump_json())

    async def get_case(self, case_id: UUID) -> CaseStatus:
        """Where the case stands.

        Raises:
            IntakeUnknown: The service has no such case.
            IntakeUnavailable: There is no usable answer.
            IntakeUnauthorised: The token is refused.
            IntakeRejected: The service does not take the id.
        """

        def read(response: httpx.Response) -> CaseStatus:
            _expect_known(response)
            _expect(response, HTTPStatus.OK)
            return _about(case_id, CaseStatus, response)

        return await self._call("GET", _case_path(case_id), read)

    async def delete_case(self, case_id: UUID) -> None:
        """Have everything of the case erased; also when the service never had it.

        Raises:
            IntakeUnavailable: Nothing says that it is erased.
            IntakeUnauthorised: The token is refused.
            IntakeRejected: The service does not take the id.
        """

        def read(response: httpx.Response) -> None:
            _expect(response, HTTPStatus.NO_CONTENT)

        await self._call("DELETE", _case_path(case_id), read)

    async def post_message(self, case_id: UUID, message: Message) -> None:
        """Add a message of the person; with a known `message_id` nothing changes.

        Raises:
            IntakeUnknown: The service has no such case.
            IntakeUnavailable: Nothing says that it is stored.
            IntakeUnauthorised: The token is refused.
            IntakeRejected: The content is refused.
            IntakeClosed: The case was closed or erased.
        """

        def read(response: httpx.Response) -> None:
            _expect_known(response)
            _expect(response, HTTPStatus.ACCEPTED)

        await self._call("POST", f"{_case_path(case_id)}/messages", read, message.model_dump_json())

    async def _call[T](
        self, method: str, path: str, read: Callable[[httpx.Response], T], body: str | None = None
    ) -> T:
        async def once() -> T:
            return read(await self._send(method, path, body))

        retrying = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            retry=retry_if_exception(_repeat_now),
            wait=_pause,
            reraise=True,
        )
        return await retrying(once)

    async def _send(self, method: str, path: str, body: str | None) -> httpx.Response:
        headers = None if body is None else _JSON
        try:
            # httpx limits each read and write; a service that drips bytes would hold the call for ever.
            async with asyncio.timeout(self._timeout):
                return await self._http.request(method, path, content=body, headers=headers)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise IntakeUnavailable("timed out", repeatable=True) from error
        except httpx.TransportError as error:
            raise IntakeUnavailable("no connection", repeatable=True) from error
        except httpx.RequestError as error:
            raise IntakeUnavailable("unreadable answer", repeatable=False) from error


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds from `now` that a `Retry-After` header asks for; None when there is none that can be read.

    RFC 9110 allows a number of seconds or an HTTP date.
    """
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _case_path(case_id: UUID) -> str:
    return f"/intake/v1/cases/{case_id}"


def _repeat_now(error: BaseException) -> bool:
    return (
        isinstance(error, IntakeUnavailable)
        and error.repeatable
        and (error.retry_after or 0.0) <= LONGEST_PAUSE_S
    )


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, IntakeUnavailable) and error.retry_after is not None:
        return error.retry_after
    return BACKOFF(state)


def _expect_known(response: httpx.Response) -> None:
    if response.status_code == HTTPStatus.NOT_FOUND:
        raise IntakeUnknown("no such case")


def _expect(response: httpx.Response, *good: HTTPStatus) -> None:
    """Raise what an answer other than `good` means."""
    status = response.status_code
    if status in good:
        return
    reason = f"status {status}"
    if status in _TOKEN_REFUSED:
        raise IntakeUnauthorised(reason)
    if status == HTTPStatus.CONFLICT:
        raise IntakeClosed(reason)
    if status in _REFUSED:
        raise IntakeRejected(reason, _fields(response))
    busy = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    wait = retry_after_seconds(response.headers.get("Retry-After"), datetime.now(UTC))
    raise IntakeUnavailable(reason, repeatable=busy, retry_after=wait)


def _fields(response: httpx.Response) -> tuple[FieldError, ...]:
    try:
        return ValidationProblem.model_validate_json(response.content).errors
    except ValidationError:
        return ()


def _about[R: CaseReceipt](case_id: UUID, model: type[R], response: httpx.Response) -> R:
    """The answer as `model`; a page of a proxy, or an answer about another case, is no answer."""
    try:
        answer = model.model_validate_json(response.content)
    except ValidationError as error:
        raise IntakeUnavailable("unreadable answer", repeatable=False) from error
    if answer.case_id != case_id:
        raise IntakeUnavailable("answer about another case", repeatable=False)
    return answer
