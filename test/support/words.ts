/** A banned word and its replacement. */
export type BannedWord = { readonly pattern: RegExp; readonly say: string }

/** One word for each thing, in plain modern English. Remove code and wire names first: they are not prose. */
export const BANNED_WORDS: readonly BannedWord[] = [
  {
    pattern: /\b(?:told|tells?|telling)\b/gi,
    say: 'send, signal, report, log, publish or describe',
  },
  {
    pattern: /\b(?:takes?|took|taken|taking) (?:in|over|up(?! to)|back)\b/gi,
    say: 'receive, store, apply, claim, import or undo',
  },
  { pattern: /\bsubscribers?\b/gi, say: 'customer' },
  { pattern: /\bbills?\b/gi, say: 'invoice; as a verb, charge' },
  { pattern: /\b(?:book(?:ed|ing|ings|s)?)\b/gi, say: 'mirror an invoice' },
  { pattern: /\badopt(?:s|ed|ing|ion)?\b/gi, say: 'apply a snapshot, or import' },
  { pattern: /\b(?:takeover|newcomer)s?\b/gi, say: 'import' },
  { pattern: /\b(?:fast |plain )?lanes?\b/gi, say: 'queue, short cut or connection slot' },
  { pattern: /\bstandings?\b/gi, say: 'usage counter' },
  { pattern: /\b(?:a|each|every|which|no|any) moves?\b/gi, say: 'command' },
  { pattern: /\b(?:gives?|gave|given|giving) back\b/gi, say: 'return or release' },
  { pattern: /\b(?:goes|go|went|going) on\b/gi, say: 'continue' },
  { pattern: /\bmend(?:s|ed|ing)?\b/gi, say: 'repair or fix' },
  { pattern: /\breckon(?:s|ed|ing)?\b/gi, say: 'calculate' },
  { pattern: /\bwhoever\b/gi, say: 'a noun' },
  { pattern: /\bis over\b|\bare over\b|\bwas over\b/gi, say: 'has ended' },
  { pattern: /\bcancell(?:ed|ing)\b/gi, say: "canceled and canceling, as Stripe's status" },
  {
    // A question may start so; a statement that does has an inverted subject.
    pattern: /(?:^|(?<=[.!?:] ))(?:Who|Whom|What)\b[^.!?:]*[.!:](?= |$)/gm,
    say: 'a noun as the subject',
  },
]

/**
 * @param prose text without code, one paragraph a line.
 * @returns each banned word with its replacement, in the order of the table.
 */
export const bannedIn = (prose: string): string[] =>
  BANNED_WORDS.flatMap(({ pattern, say }) =>
    [...prose.matchAll(pattern)].map(([found]) => `“${found}”: say ${say}`),
  )

/** Words that no identifier contains, as `camelCase` or `snake_case` splits it, with their replacements. */
const BANNED_IN_NAMES: Record<string, string> = {
  'bill|bills': 'invoice',
  person: 'customer, user or operator',
  'subscriber|subscribers': 'customer',
  'tell|tells|telling|told': 'send, signal, report, log, publish or describe',
  'taken in|takes in|taken over|take over|took over|takeover': 'receive, store, apply or import',
  'give back|gives back|given back': 'release',
  'newcomer|newcomers': 'import',
  'adopt|adopts|adopted': 'apply a snapshot, or import',
  'lane|lanes': 'queue, short cut or connection slot',
  'standing|standings': 'usage counter',
  'letterbox|notice|notices': 'letter',
  'mend|mends|mended': 'repair',
  'reckon|reckoned': 'calculate',
  patiently: 'the bound of the retries',
}

/** @returns the replacements of the banned words in an identifier. */
export function bannedInName(name: string): string[] {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
  return Object.entries(BANNED_IN_NAMES)
    .filter(([banned]) => new RegExp(`\\b(?:${banned})\\b`).test(words))
    .map(([, say]) => say)
}
