import type { Sequence } from './call.ts'
import type { Played } from './play.ts'
import type { Figures } from './search.ts'

export type Run = { readonly seed: number; readonly seconds: number }

/** The figures of a search, and the shortest sequence for each violation. */
export function reportOf(
  { sequences, calls, outcomes, broken, best, found }: Figures,
  { seed, seconds }: Run,
  shrunk: ReadonlyMap<string, Played>,
): string {
  const violations = [...found.values()].reduce((sum, each) => sum + each.length, 0)
  const rows: readonly (readonly [string, string | number])[] = [
    ['seed, length of the run', `${seed}, ${Math.round(seconds)} s`],
    ['sequences, calls', `${sequences}, ${calls}`],
    ['sequences a minute', Math.round((sequences * 60) / Math.max(1, seconds))],
    ['worlds that broke, not counted', broken],
    ['used for each cent, at most, without a violation', best?.usedPerCent.toFixed(2) ?? '–'],
    ['sequences that got something for nothing', violations],
  ]
  const ways = [...found].map(([hole, each]): readonly [string, string | number] => [
    hole,
    each.length,
  ])
  const shortest = [...shrunk].map(
    ([hole, { violation, sequence }]) => `- ${hole}: ${violation}\n  ${inWords(sequence)}`,
  )
  return [
    table(['figure', 'measured'], rows),
    ...(best === null ? [] : [`Best: ${inWords(best.sequence)}`]),
    ...(ways.length === 0 ? [] : [table(['hole', 'sequences'], ways), shortest.join('\n')]),
    table(['call and answer', 'times'], sorted(outcomes)),
  ].join('\n\n')
}

/** One line for a sequence: its calls with what they are about. */
export const inWords = (sequence: Sequence): string =>
  sequence
    .map(({ kind, ...about }) =>
      [kind, ...Object.entries(about).map(inWord)].filter(Boolean).join(' '),
    )
    .join(' → ')

const inWord = ([name, value]: [string, unknown]): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (name === 'by') return value === 0 ? '' : `(account ${text})`
  if (name === 'days') return `${text} days`
  return ['quantity', 'key', 'addons'].includes(name) ? `${name} ${text}` : text
}

const sorted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).toSorted(([a], [b]) => a.localeCompare(b))

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
