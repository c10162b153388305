import { fromPlain, type Plain } from './plain.ts'

/** An instant as it is shown: without milliseconds that are zero. */
export const isoOf = (at: Date): string => at.toISOString().replace('.000Z', 'Z')

/** A fact as JSON for readers: instants are ISO 8601. */
export const shownFact = (fact: unknown): Plain | undefined => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `JSON.parse` returns is plain
  return fact === undefined ? undefined : (JSON.parse(JSON.stringify(fact)) as Plain)
}

/** A stored value as JSON for readers. */
export const shownStored = (value: Plain | undefined): Plain | undefined =>
  value === undefined ? undefined : shownFact(fromPlain(value))

/** JSON for readers in one line of text. */
export function inOneLine(value: Plain | undefined): string {
  if (value === null || value === undefined) return 'none'
  return typeof value === 'string' ? value.replace('.000Z', 'Z') : JSON.stringify(value)
}
