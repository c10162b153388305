import { z } from '@hono/zod-openapi'
import { text } from '../../adapters/text.ts'

const NAME_MAX_CHARACTERS = 64
/** A larger quantity is an error, such as an amount of money. */
const QUANTITY_MAX = 10_000

export const planField = text(NAME_MAX_CHARACTERS).describe('The slug or the id of a plan.')
/** A user has at most one live subscription per product line. */
export const productLineField = text(NAME_MAX_CHARACTERS).default('main')
export const quantityField = z.int().min(1).max(QUANTITY_MAX)
export const currencyField = z
  .string()
  .regex(/^[a-z]{3}$/, 'must be three lower-case letters, such as `usd`')
