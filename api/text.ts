import { z } from 'zod'
import { isStorable } from '../domain/ids.ts'

/** A text of up to `max` characters that Postgres can store. */
export const note = (max: number) =>
  z.string().max(max).refine(isStorable, 'contains a NUL or an unpaired surrogate')

/** A non-empty text of up to `max` characters that Postgres can store. */
export const text = (max: number) => note(max).min(1)
