import { readFileSync, writeFileSync } from 'node:fs'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { recordFrom, type DecisionRecord } from '../../domain/decision/decision-record.ts'
import { fromPlain, toPlain, type Plain } from '../../domain/decision/plain.ts'
import type { World } from '../support/world.ts'

const FILE = new URL('./decisions.json', import.meta.url)
/** More than the recorded lives have. */
const DECISIONS_MAX = 1_000

/** A recorded decision, and the plan versions that it names. */
export type GoldenDecision = { readonly name: string; readonly record: DecisionRecord }

type Stored = {
  readonly plans: readonly Plain[]
  readonly decisions: readonly { readonly name: string; readonly body: Plain }[]
}

/** Writes one decision of each path: the first with its rule and its timeline entries. */
export async function writeDecisions({ container }: World): Promise<void> {
  const { decisions, plans } = container.repositories
  const since = new Date(0)
  const all = await decisions.list({ since, after: undefined, limit: DECISIONS_MAX })
  const firsts = new Map<string, DecisionRecord>()
  for (const { rule, record } of all) {
    const name = [rule, ...record.outcome.changes].join(' ')
    if (!firsts.has(name)) firsts.set(name, record)
  }
  const ids = new Set([...firsts.values()].flatMap(({ facts }) => facts.planVersionIds))
  const stored: Stored = {
    plans: await Promise.all([...ids].map(async (id) => toPlain(await plans.getVersion(id)))),
    decisions: [...firsts].map(([name, { facts, outcome }]) => ({
      name,
      body: { facts: toPlain(facts), outcome },
    })),
  }
  writeFileSync(FILE, `${JSON.stringify(stored)}\n`)
}

/** The recorded decisions, and their plan versions by id. */
export function readDecisions() {
  const stored = JSON.parse(readFileSync(FILE, 'utf8')) as Stored
  const plans = stored.plans.map((plan) => fromPlain(plan) as PlanVersion)
  const decisions: GoldenDecision[] = stored.decisions.map(({ name, body }) => ({
    name,
    record: recordFrom(body),
  }))
  return { plans: new Map(plans.map((plan) => [plan.id, plan])), decisions }
}
