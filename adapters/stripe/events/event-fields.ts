import { text } from '../../text.ts'

/** Longer than any id or type of Stripe. */
const EVENT_TEXT_MAX_CHARACTERS = 255
/** The id, type or version in an event. */
export const eventText = text(EVENT_TEXT_MAX_CHARACTERS)
/** The last second of the year 9999, the last that every database and program can write. */
export const EVENT_SECONDS_MAX = 253_402_300_799
