import { z } from 'zod'
import { isStorable } from '../../domain/ids.ts'

/** A text of 1 to `max` characters that Postgres can hold. */
export const text = (max: number) =>
  z.string().min(1).max(max).refine(isStorable, 'has a NUL or half a character in it')
