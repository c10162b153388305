import { z } from 'zod'
import { isStorable } from '../domain/ids.ts'

/** A text of up to `max` characters that Postgres can hold. */
export const note = (max: number) =>
  z.string().max(max).refine(isStorable, 'has a NUL or half a character in it')

/** As `note`, of one character at least. */
export const text = (max: number) => note(max).min(1)
