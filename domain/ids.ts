import { isWellFormed } from './text.ts'

/** The id of a subscription: a UUID, also in its workflow's id and in Stripe's metadata. */
export type SubscriptionId = string & { readonly __brand: 'SubscriptionId' }

/** The application's own id of its user: a string of 1 to 128 characters. */
export type UserId = string & { readonly __brand: 'UserId' }

/** The longest id of a user, in characters: it is a part of keys, headers and Stripe’s metadata. */
export const USER_ID_MAX_CHARACTERS = 128

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** @returns true for a lower-case UUID of any version. */
export const isUuid = (text: string): boolean => UUID.test(text)

/** @throws RangeError when `text` is not a lower-case UUID. */
export function subscriptionId(text: string): SubscriptionId {
  if (!isUuid(text)) throw new RangeError(`not a subscription id: ${text}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only place that creates the brand
  return text as SubscriptionId
}

/** @returns true for 1 to `USER_ID_MAX_CHARACTERS` characters that Postgres stores unchanged. */
export const isUserId = (text: string): boolean =>
  text.length > 0 && text.length <= USER_ID_MAX_CHARACTERS && isWellFormed(text)

/** @throws RangeError when `isUserId` is false. */
export function userId(text: string): UserId {
  if (!isUserId(text)) throw new RangeError('a user id has 1 to 128 characters')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only place that creates the brand
  return text as UserId
}
