import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/database/text.ts'
import { USER_ID_MAX_CHARACTERS } from '../../domain/ids.ts'
import { givenInstant } from '../instant.ts'

/** A limit or a grant of more than this is a mistake of units. */
export const AMOUNT_MAX = 1_000_000_000_000

export const userIdField = text(USER_ID_MAX_CHARACTERS)
export const featureField = text(64)
/** An id, a type or a reason of the inbox. */
export const stripeText = text(255)
/** Read by people, months later. */
export const reasonField = text(500).describe('Why: it is kept with the action.')

export const instant = z.iso.datetime()
export const expiresAtField = givenInstant
  .nullable()
  .default(null)
  .openapi({ type: ['string', 'null'], format: 'date-time' })
  .describe('From this instant on it counts no more; null is never.')

/** One page: nobody reads more at once. */
export const LIST_MAX = 100
export const limitField = z.coerce.number().int().min(1).max(LIST_MAX).default(LIST_MAX)
