import { DAYS_UNTIL_DUE_MAX, PO_NUMBER_MAX_CHARACTERS } from '../domain/invoice/net-terms.ts'
import type { CollectionRequest, GrantRequest, OperatorRequest } from './contract.ts'

/** Both limits are the same as over HTTP. */
const REASON_MAX_CHARACTERS = 500
const NAME_MAX_CHARACTERS = 100
/** A larger grant is a mistake of units. */
const AMOUNT_MAX = 1_000_000_000_000

/**
 * Validates an operator's request. It may come from Temporal's UI, where nothing else has checked it.
 * @returns what is wrong, in words; null when it is valid.
 */
export function wrongRequest(request: OperatorRequest | undefined): string | null {
  if (typeof request !== 'object' || request === null) return 'give one argument, an object'
  const { reason, askedBy, keyId } = request
  if (!isText(reason, REASON_MAX_CHARACTERS))
    return `give a "reason" of 1 to ${REASON_MAX_CHARACTERS} characters`
  if (askedBy !== undefined && !isText(askedBy, NAME_MAX_CHARACTERS))
    return `"askedBy" has 1 to ${NAME_MAX_CHARACTERS} characters`
  if (askedBy === undefined && keyId === undefined) return 'say who you are in "askedBy"'
  return null
}

/** Like `wrongRequest`, for a grant. */
export function wrongGrant(request: GrantRequest): string | null {
  const wrong = wrongRequest(request)
  if (wrong !== null) return wrong
  const { feature, amount, expiresAt } = request
  if (typeof feature !== 'string' || feature === '') return 'give the code of a "feature"'
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > AMOUNT_MAX)
    return `give an "amount", a whole number from 1 to ${AMOUNT_MAX}`
  if (expiresAt === undefined) return null
  const at = Date.parse(expiresAt)
  if (Number.isNaN(at)) return '"expiresAt" is an instant, such as "2027-01-31T00:00:00Z"'
  return at <= Date.now() ? '"expiresAt" lies in the past' : null
}

/** Like `wrongRequest`, for a change of how invoices are collected. */
export function wrongCollection(request: CollectionRequest): string | null {
  const wrong = wrongRequest(request)
  if (wrong !== null) return wrong
  const { terms } = request
  if (terms === null) return null
  if (typeof terms !== 'object') return 'give "terms", or null to charge automatically'
  const { daysUntilDue: days, poNumber } = terms
  if (!Number.isSafeInteger(days) || days < 1 || days > DAYS_UNTIL_DUE_MAX)
    return `give "daysUntilDue", a whole number from 1 to ${DAYS_UNTIL_DUE_MAX}`
  return poNumber === null || isText(poNumber, PO_NUMBER_MAX_CHARACTERS)
    ? null
    : `"poNumber" has 1 to ${PO_NUMBER_MAX_CHARACTERS} characters, or is null`
}

const isText = (value: unknown, max: number): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= max
