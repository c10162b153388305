/** The id of a subscription: a UUID, also in its workflow's id and in Stripe's metadata. */
export type SubscriptionId = string & { readonly __brand: 'SubscriptionId' }

/** The application's own id of its user: any string of 1 to 128 characters. */
export type UserId = string & { readonly __brand: 'UserId' }

export const USER_ID_MAX_CHARACTERS = 128

/** What Postgres keeps as it is: it has no NUL, and half a character would become another one, and another user. */
const STORABLE = /^[^\0\p{Surrogate}]*$/u

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (text: string): boolean => UUID.test(text)

/** @throws RangeError when `text` is no UUID in lower case: our own data would be broken. */
export function subscriptionId(text: string): SubscriptionId {
  if (!isUuid(text)) throw new RangeError(`not a subscription id: ${text}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that makes them
  return text as SubscriptionId
}

/** Whether a user can have this id. */
export const isUserId = (text: string): boolean =>
  text.length > 0 && text.length <= USER_ID_MAX_CHARACTERS && STORABLE.test(text)

/** @throws RangeError when `text` is empty or longer than `USER_ID_MAX_CHARACTERS`, or cannot be stored. */
export function userId(text: string): UserId {
  if (!isUserId(text)) throw new RangeError('a user id has 1 to 128 characters')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that makes them
  return text as UserId
}
