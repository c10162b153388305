import { z } from '@hono/zod-openapi'
import { USER_ID_MAX_CHARACTERS } from '../../domain/ids.ts'

/** Postgres keeps every character but this one. */
const NO_NUL = /^[^\0]*$/
/** A limit or a grant of more than this is a mistake of units. */
export const AMOUNT_MAX = 1_000_000_000_000

export const text = (max: number) => z.string().min(1).max(max).regex(NO_NUL, 'has a NUL character')

export const nameField = text(128)
export const userIdField = text(USER_ID_MAX_CHARACTERS)
export const featureField = text(64)
/** Read by people, months later. */
export const reasonField = text(500).describe('Why: it is kept with the action.')

export const instant = z.iso.datetime()
export const expiresAtField = z.iso
  .datetime({ offset: true })
  .transform((at) => new Date(at))
  .nullable()
  .default(null)
  .openapi({ type: ['string', 'null'], format: 'date-time' })
  .describe('From this instant on it counts no more; null is never.')

/** One page: nobody reads more at once. */
export const LIST_MAX = 100
export const limitField = z.coerce.number().int().min(1).max(LIST_MAX).default(LIST_MAX)
