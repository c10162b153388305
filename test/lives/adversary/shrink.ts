import type { Ground } from '../../support/ground.ts'
import type { Call, Sequence } from './call.ts'
import { playTogether, type Plant, type Played } from './play.ts'

/** Rounds of candidates. All candidates of one round share one world. */
const ROUNDS_MAX = 8

/**
 * The shortest sequences that still get something for nothing: in each round, all sequences that are one step smaller are
 * played side by side, and the first of them that still does is the next to shrink.
 */
export async function shrinkAll(
  ground: Ground,
  found: readonly Played[],
  plant?: Plant,
): Promise<Played[]> {
  const best = [...found]
  const open = new Set(found.keys())
  for (let round = 1; round <= ROUNDS_MAX && open.size > 0; round++) {
    const tried = [...open].flatMap((of) =>
      smaller(best[of]!.sequence).map((sequence) => ({ of, sequence })),
    )
    const sequences = tried.map(({ sequence }) => sequence)
    const played = await playTogether(ground, sequences, plant)
    for (const of of open) {
      const next = played.find((each, index) => tried[index]!.of === of && each.violation !== null)
      if (next === undefined) open.delete(of)
      else best[of] = next
    }
  }
  return best
}

/** The smallest ones first: without the second half, without one call, with a simpler call. */
function smaller(sequence: Sequence): Sequence[] {
  const half = Math.ceil(sequence.length / 2)
  const halves = sequence.length > 3 ? [sequence.slice(0, half), sequence.slice(half)] : []
  const without = sequence.map((_, at) => sequence.toSpliced(at, 1))
  const simpler = sequence.flatMap((each, at) =>
    simplerThan(each).map((call) => sequence.toSpliced(at, 1, call)),
  )
  return [...halves, ...without, ...simpler].filter(({ length }) => length > 0)
}

function simplerThan(call: Call): Call[] {
  const found: Call[] = []
  if ('quantity' in call && call.quantity !== undefined) found.push(withoutField(call, 'quantity'))
  if ('code' in call && call.code) found.push(withoutField(call, 'code'))
  for (const field of ['addons', 'when', 'preview'] as const)
    if ((call.kind === 'items' || call.kind === 'buy') && field in call)
      found.push(withoutField(call, field))
  if ('how' in call && call.how !== undefined) found.push(withoutField(call, 'how'))
  if (call.kind === 'cancel' && call.key !== undefined) found.push(withoutField(call, 'key'))
  if (call.kind !== 'wait' && call.by > 1) found.push({ ...call, by: 1 })
  return found
}

const withoutField = <C extends Call>(call: C, field: string): C =>
  Object.fromEntries(Object.entries(call).filter(([name]) => name !== field)) as C
