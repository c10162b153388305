import { z } from '@hono/zod-openapi'
import { note, text } from '../../adapters/text.ts'
import { USER_ID_MAX_CHARACTERS } from '../../domain/ids.ts'
import { givenInstant } from '../instant.ts'

/** A larger limit or grant is an error, such as a wrong unit. */
export const AMOUNT_MAX = 1_000_000_000_000

/** The application’s own id of a user, at most `USER_ID_MAX_CHARACTERS`. */
export const userIdField = text(USER_ID_MAX_CHARACTERS)
/** The code of a feature. */
export const featureField = text(64)
/** A Stripe id, or the type or reason of an event in the inbox. */
export const stripeText = text(255)
/** An operator’s reason, 1 to 500 characters. It is stored with the action. */
export const reasonField = note(500).min(1).describe('Why, for the list of actions.')

/** An instant in a response: ISO 8601 in UTC. */
export const instant = z.iso.datetime()
/** When something expires; null is never. */
export const expiresAtField = givenInstant
  .nullable()
  .default(null)
  .openapi({ type: ['string', 'null'], format: 'date-time' })
  .describe('When it expires; null is never.')

/** The size of a page. */
export const LIST_MAX = 100
/** The rows of a page: 1 to `LIST_MAX`, by default all of these. */
export const limitField = z.coerce.number().int().min(1).max(LIST_MAX).default(LIST_MAX)

/** Long enough to deploy every user of a key or secret, and short because the old one may have leaked. */
const OVERLAP_MAX_S = 30 * 86_400
const OVERLAP_S = 86_400
/** How long the old key or secret stays valid after a rotation. */
export const overlapField = z
  .int()
  .min(0)
  .max(OVERLAP_MAX_S)
  .default(OVERLAP_S)
  .describe('In seconds. 0 ends the old one immediately, for example after a leak.')
