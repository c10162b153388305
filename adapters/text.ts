import { z } from 'zod'
import { isOneLine, isPlainText, NOT_ONE_LINE, NOT_PLAIN_TEXT } from '../domain/text.ts'

/** A text of up to `max` characters, which may have several lines. */
export const note = (max: number) => z.string().max(max).refine(isPlainText, NOT_PLAIN_TEXT)

/** One line of 1 to `max` characters. */
export const text = (max: number) => z.string().min(1).max(max).refine(isOneLine, NOT_ONE_LINE)
