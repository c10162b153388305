import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Life } from './life.ts'
import { FEATURES, SLUGS } from './oracle/catalogue.ts'
import { CODES } from './oracle/discount.ts'

const when = z.enum(['now', 'period_end'])
const plan = z.enum(SLUGS)
const one = <const Kind extends string>(kind: Kind) => z.strictObject({ kind: z.literal(kind) })

const act = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('buy'),
    plan,
    payment: z.enum(['pays', 'declined', 'declined_then_pays', 'authenticates', 'leaves']),
    quantity: z.int().min(1).optional(),
    off: z.enum(CODES).optional(),
  }),
  z.strictObject({
    kind: z.literal('use'),
    feature: z.enum(FEATURES),
    amount: z.int(),
    times: z.int().min(1),
  }),
  z.strictObject({
    kind: z.literal('rush'),
    feature: z.enum(FEATURES),
    amount: z.int().min(1),
    callers: z.int().min(2),
  }),
  z.strictObject({
    kind: z.literal('hold'),
    feature: z.enum(FEATURES),
    amount: z.int().min(1),
    settles: z.int().min(0),
  }),
  z.strictObject({
    kind: z.literal('grant'),
    feature: z.enum(FEATURES),
    amount: z.int().min(1),
  }),
  z.strictObject({ kind: z.literal('cancel'), when }),
  z.strictObject({
    kind: z.literal('change'),
    plan,
    when,
    quantity: z.int().min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('migrate'), when }),
  z.strictObject({ kind: z.literal('extend_trial'), days: z.int().min(1) }),
  z.strictObject({
    kind: z.literal('card'),
    card: z.enum(['succeeds', 'declines', 'authenticates']),
  }),
  z.strictObject({
    kind: z.literal('at_dashboard'),
    what: z.enum(['plans_end', 'withdraws_end', 'ends']),
  }),
  one('keep'),
  one('unchange'),
  one('pause'),
  one('resume'),
  one('end_trial'),
  one('pay_invoice'),
  one('refund'),
  one('dispute'),
])
const savedLife = z.strictObject({
  /** The finding, for readers. */
  found: z.string(),
  /** The seed of the faults; null means none. */
  seed: z.int().nullable(),
  life: z.strictObject({
    scenes: z.array(z.strictObject({ at: z.int().min(0), acts: z.array(act) })),
  }),
})
export type SavedLife = {
  readonly found: string
  readonly seed: number | null
  readonly life: Life
}

export const SAVED = join(import.meta.dirname, 'saved')

export async function readLife(file: string): Promise<SavedLife> {
  return savedLife.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** Returns the path of the file. */
export async function saveLife(directory: string, name: string, saved: SavedLife): Promise<string> {
  await mkdir(directory, { recursive: true })
  const file = join(directory, `${name}.json`)
  await writeFile(file, `${JSON.stringify(saved, null, 2)}\n`)
  return file
}
