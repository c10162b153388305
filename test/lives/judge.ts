import { setTimeout as wait } from 'node:timers/promises'
import type { World } from '../support/world.ts'
import type { Act } from './acts.ts'
import { differences, learn, see } from './differences.ts'
import { countAct, countFindings } from './figures.ts'
import { differs, differsByCount, type Finding } from './finding.ts'
import type { Life } from './life.ts'
import { apply } from './oracle/apply.ts'
import type { Decision } from './oracle/quota.ts'
import { pass } from './oracle/time.ts'
import { perform } from './perform.ts'
import type { Play } from './play.ts'
import type { Resident } from './resident.ts'
import type { Settling } from './settling.ts'
import type { Storm } from './weather.ts'

/** Oracle and service must agree within this time: a lost signal for an event is repeated after a minute. */
const PATIENCE_MS = 90_000
/** Without a fault, only processing time counts. */
const PATIENCE_IN_GOOD_WEATHER_MS = 15_000
/** The first interval between checks; it grows by half each time, up to the maximum. */
const AGAIN_AFTER_MS = 50
const AGAIN_AFTER_MAX_MS = 500

export type Failure = {
  readonly life: Life
  readonly at: string
  readonly after: string
  readonly findings: readonly Finding[]
}

/** Compares what callers see with the oracle. A life stops at its first difference. */
export function createJudge(
  world: World,
  { settle, sweep }: Settling,
  { figures, differed }: Pick<Play, 'figures' | 'differed'>,
) {
  const failures: Failure[] = []
  const failed = new Set<Resident>()
  const last = new Map<Resident, string>()

  async function act(resident: Resident, what: Act): Promise<void> {
    figures.steps += 1
    countAct(figures, what)
    last.set(resident, JSON.stringify(what))
    const from = Math.floor(world.clock.now().getTime() / 1000) * 1000
    const outcome = await perform(world, resident, what)
    const to = world.clock.now().getTime()
    const { proratedAt, endsAt } = outcome
    const verdict = apply(resident.expected, what, { from, to, proratedAt, endsAt })
    const found: Finding[] = []
    if (verdict.code !== outcome.code)
      found.push(differs('answer', verdict.code ?? 'done', outcome.code ?? 'done'))
    for (const decision of outcome.decisions ?? [])
      if (verdict.decision === undefined || !isAs(verdict.decision, decision))
        found.push(differs('decision', JSON.stringify(verdict.decision), JSON.stringify(decision)))
    if (verdict.served !== undefined && verdict.served !== outcome.served)
      found.push(differsByCount('served at once', verdict.served, outcome.served ?? 0))
    if (found.length > 0) fail(resident, found)
  }

  const agree = (concerned: readonly Resident[], storm: Pick<Storm, 'name'>) =>
    Promise.all(concerned.map((each) => agreeOn(each, storm)))

  /** Waits until callers see what the oracle says. */
  async function agreeOn(resident: Resident, storm: Pick<Storm, 'name'>): Promise<void> {
    if (failed.has(resident)) return
    figures.checks += 1
    const since = performance.now()
    const patience = storm.name === '' ? PATIENCE_IN_GOOD_WEATHER_MS : PATIENCE_MS
    for (let pause = AGAIN_AFTER_MS; ; pause = Math.min(pause * 1.5, AGAIN_AFTER_MAX_MS)) {
      const seen = await see(world, resident)
      pass(resident.expected, seen.at)
      const found = differences(resident.expected, seen)
      const ms = performance.now() - since
      if (found.length === 0) {
        if (storm.name !== '') figures.converged.push({ ms, after: storm.name })
        return learn(resident.expected, seen)
      }
      if (ms > patience) return fail(resident, found)
      await wait(pause)
      if (storm.name === '') await settle()
      else await sweep()
    }
  }

  function fail(resident: Resident, findings: readonly Finding[]): void {
    failed.add(resident)
    countFindings(figures, findings)
    if (process.env['LIVES_DEBUG'])
      console.error('DIFFERS', resident.user, last.get(resident), findings)
    const failure = {
      life: resident.life,
      at: world.clock.now().toISOString(),
      after: last.get(resident) ?? 'nothing',
      findings,
    }
    failures.push(failure)
    differed?.(failure)
  }

  return {
    failures,
    hasFailed: (resident: Resident) => failed.has(resident),
    /** Records other events of a life besides its acts. */
    note: (resident: Resident, what: string) =>
      void last.set(resident, `${last.get(resident) ?? ''}; ${what}`),
    /** Performs an act and compares its answer with the oracle's. */
    act,
    agree,
  }
}

/** The oracle leaves `used` undefined when usage was refused before reading the counter. */
const isAs = (expected: Decision, found: Decision): boolean =>
  expected.outcome === found.outcome &&
  expected.reason === found.reason &&
  (expected.used === undefined || expected.used === found.used)
