import { setTimeout as wait } from 'node:timers/promises'
import { fastForward } from '../../adapters/temporal/time-skipping.ts'
import type { World } from '../support/world.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import type { Act } from './acts.ts'
import { differences, learn, see } from './differences.ts'
import { visitAt, type Life } from './life.ts'
import { apply } from './oracle/apply.ts'
import { DAY, HOUR } from './oracle/calendar.ts'
import { liveOf } from './oracle/person.ts'
import type { Decision } from './oracle/quota.ts'
import { nextAt, pass } from './oracle/time.ts'
import type { Figures } from './figures.ts'
import { perform } from './perform.ts'
import { newResident, type Resident } from './resident.ts'
import { createSettling } from './settling.ts'
import type { Storm, Weather } from './weather.ts'

/** In the evening what Stripe does an hour after a boundary is done, and what is expected three hours after it is not missed yet. */
const EVENING_MS = 13.4 * HOUR
/** So long an evening's storm lasts. */
const STORM_MS = 300

/** Both sides agree by then, or they never do: an event that was told in vain is told again after a minute. */
const PATIENCE_MS = 90_000
/** Without a fault nothing has to be waited for but the next moment. */
const PATIENCE_IN_GOOD_WEATHER_MS = 15_000
const AGAIN_AFTER_MS = 50

export type Failure = {
  readonly life: Life
  readonly at: string
  readonly after: string
  readonly differences: readonly string[]
}

export type Town = {
  readonly residents: readonly Resident[]
  readonly failures: readonly Failure[]
  /** Plays all lives to their ends, each until it differs. */
  readonly play: (until: number) => Promise<void>
}

type Given = {
  readonly name: string
  readonly weather: Weather
  readonly figures: Figures
}

/** Lives side by side in one world, so that each step of its clock is a step of many. */
export function createTown(world: World, lives: readonly Life[], given: Given): Town {
  const { name, weather, figures } = given
  const residents = lives.map((life, index) => newResident(life, `${name}-${index}`))
  const failures: Failure[] = []
  const failed = new Set<Resident>()
  const scenes = new Map(residents.map((each) => [each, [...each.life.scenes]]))
  const last = new Map<Resident, string>()
  const { settle, sweep } = createSettling(world)

  const nextDay = (resident: Resident): number | undefined => {
    const scene = scenes.get(resident)?.[0]
    const days = [scene && visitAt(scene.at), nextAt(resident.person)]
      .filter((at) => at !== undefined)
      .map((at) => Math.floor(at / DAY))
    return days.length === 0 ? undefined : Math.min(...days)
  }

  async function play(until: number): Promise<void> {
    for (;;) {
      const playing = residents.filter((each) => !failed.has(each))
      const days = playing.map(nextDay).filter((day) => day !== undefined)
      const day = Math.min(...days)
      if (days.length === 0 || day * DAY > until) return
      const concerned = playing.filter((each) => nextDay(each) === day)
      await live(day, concerned)
      figures.days += 1
    }
  }

  async function live(day: number, concerned: readonly Resident[]): Promise<void> {
    const visits = concerned.filter((each) => dayOfNextScene(each) === day)
    const [first] = visits
    if (first !== undefined) {
      await arrive(visitAt(scenes.get(first)?.[0]?.at ?? 0), concerned)
      const storm = await weather.begin(world)
      await Promise.all(visits.map((each) => actOf(each, day, storm)))
      await storm.end()
    }
    await arrive(day * DAY + EVENING_MS, concerned)
    for (const each of concerned) last.set(each, `${last.get(each) ?? ''}; the evening`)
    const storm = await weather.begin(world)
    await world.simulator.settle()
    await (storm.name === '' ? settle() : wait(STORM_MS))
    await storm.end()
    await agree(concerned, storm)
  }

  const dayOfNextScene = (resident: Resident): number | undefined => {
    const scene = scenes.get(resident)?.[0]
    return scene && Math.floor(visitAt(scene.at) / DAY)
  }

  async function actOf(resident: Resident, day: number, storm: Storm): Promise<void> {
    while (dayOfNextScene(resident) === day && !failed.has(resident))
      for (const act of scenes.get(resident)?.shift()?.acts ?? [])
        if (!failed.has(resident)) await actAndJudge(resident, act, storm)
  }

  async function actAndJudge(resident: Resident, act: Act, storm: Storm): Promise<void> {
    figures.steps += 1
    last.set(resident, JSON.stringify(act))
    const from = Math.floor(world.clock.now().getTime() / 1000) * 1000
    const outcome = await perform(world, resident, act)
    const to = world.clock.now().getTime()
    const { reckonedAt, endsAt } = outcome
    const verdict = apply(resident.person, act, { from, to, reckonedAt, endsAt })
    const found: string[] = []
    if (verdict.code !== outcome.code)
      found.push(`answer: expected ${verdict.code ?? 'done'}, found ${outcome.code ?? 'done'}`)
    for (const decision of outcome.decisions ?? [])
      if (verdict.decision === undefined || !isAs(verdict.decision, decision))
        found.push(
          `decision: expected ${JSON.stringify(verdict.decision)}, found ${JSON.stringify(decision)}`,
        )
    if (found.length > 0) fail(resident, found)
    // What an act made is there before the next one: its webhooks have come.
    if (storm.name === '') await settle()
    await agree([resident], storm)
  }

  const agree = (concerned: readonly Resident[], storm: Storm) =>
    Promise.all(concerned.map((each) => agreeOn(each, storm)))

  /** Waits until what is seen of somebody is what the oracle says. */
  async function agreeOn(resident: Resident, storm: Storm): Promise<void> {
    if (failed.has(resident)) return
    figures.checks += 1
    const since = performance.now()
    const patience = storm.name === '' ? PATIENCE_IN_GOOD_WEATHER_MS : PATIENCE_MS
    for (;;) {
      const seen = await see(world, resident)
      pass(resident.person, seen.at)
      const found = differences(resident.person, seen)
      const ms = performance.now() - since
      if (found.length === 0) {
        if (storm.name !== '') figures.converged.push({ ms, after: storm.name })
        return learn(resident.person, seen)
      }
      if (ms > patience) return fail(resident, found)
      await wait(AGAIN_AFTER_MS)
      if (storm.name === '') await settle()
      else await sweep()
    }
  }

  function fail(resident: Resident, found: readonly string[]): void {
    failed.add(resident)
    if (process.env['LIVES_DEBUG'])
      console.error('DIFFERS', resident.user, last.get(resident), found)
    failures.push({
      life: resident.life,
      at: world.clock.now().toISOString(),
      after: last.get(resident) ?? 'nothing',
      differences: found,
    })
  }

  /** First the workflows that have something to do, then the clock. */
  async function arrive(instant: number, concerned: readonly Resident[]): Promise<void> {
    const { client } = world.container.temporal
    const to = new Date(instant)
    await Promise.all(
      concerned.map(async ({ subscriptionId, person }) => {
        if (subscriptionId !== null && liveOf(person) !== null)
          await fastForward(client, subscriptionWorkflowId(subscriptionId), to)
      }),
    )
    await world.moveTo(to)
  }

  return { residents, failures, play }
}

/** The rules say nothing of a counter that was not reached. */
const isAs = (expected: Decision, found: Decision): boolean =>
  expected.outcome === found.outcome &&
  expected.reason === found.reason &&
  (expected.used === undefined || expected.used === found.used)
