import { setTimeout as wait } from 'node:timers/promises'
import { fastForward } from '../../adapters/temporal/time-skipping.ts'
import type { World } from '../support/world.ts'
import { subscriptionWorkflowId } from '../../workflows/contract.ts'
import type { Act } from './acts.ts'
import { answersAgain, awayForADay, deliversAgain, OUTAGE } from './faults/outage.ts'
import { countFaults } from './figures.ts'
import { createJudge, type Failure } from './judge.ts'
import { visitAt, type Life } from './life.ts'
import { DAY, HOUR } from './oracle/calendar.ts'
import { liveOf, type Customer } from './oracle/customer.ts'
import { hasAccess } from './oracle/quota.ts'
import { nextAt } from './oracle/time.ts'
import type { Market } from './market.ts'
import type { Play } from './play.ts'
import { newResident, type Resident } from './resident.ts'
import { createSettling } from './settling.ts'
import type { Weather } from './weather.ts'

/** In the evening, Stripe has done its work of an hour after a boundary, and checks of three hours after it are not due yet. */
const EVENING_MS = 13.4 * HOUR
/** Duration of an evening's storm. */
const STORM_MS = 300

/** This act needs no request to Stripe. */
const USED_IN_AN_OUTAGE: Act = { kind: 'use', feature: 'messages_sent', amount: 1, times: 2 }

export type Town = {
  readonly residents: readonly Resident[]
  readonly failures: readonly Failure[]
  /** Plays each life to its end or its first difference. */
  readonly play: (until: number) => Promise<void>
}

type Given = Pick<Play, 'figures' | 'differed'> & {
  readonly name: string
  readonly weather: Weather
  readonly market: Market
}

/**
 * Lives that share one world, so that one step of its clock serves many. Skips days on which no act and no event is
 * due.
 */
export function createTown(world: World, lives: readonly Life[], given: Given): Town {
  const { name, weather, market, figures } = given
  const residents = lives.map((life, index) => newResident(life, `${name}-${index}`))
  const scenes = new Map(residents.map((each) => [each, [...each.life.scenes]]))
  const settling = createSettling(world)
  const judge = createJudge(world, settling, given)

  const nextDay = (resident: Resident): number | undefined => {
    const scene = scenes.get(resident)?.[0]
    const days = [scene && visitAt(scene.at), nextAt(resident.expected)]
      .filter((at) => at !== undefined)
      .map((at) => Math.floor(at / DAY))
    return days.length === 0 ? undefined : Math.min(...days)
  }

  async function play(until: number): Promise<void> {
    let before: number | undefined
    for (;;) {
      const playing = residents.filter((each) => !judge.hasFailed(each))
      const days = playing.map(nextDay).filter((day) => day !== undefined)
      const day = Math.min(...days)
      if (days.length === 0 || day * DAY > until) return
      const living = playing.filter(({ expected }) => liveOf(expected) !== null).length
      figures.livingDays += living * (day - (before ?? day))
      before = day
      await live(
        day,
        playing.filter((each) => nextDay(each) === day),
      )
      figures.days += 1
    }
  }

  async function live(day: number, concerned: readonly Resident[]): Promise<void> {
    const visitors = concerned.filter((each) => dayOfNextScene(each) === day)
    const evening = day * DAY + EVENING_MS
    if (visitors.length > 0) await visit(day, visitors, concerned)
    else if (evening - world.clock.now().getTime() > 2 * DAY && weather.isOutage())
      return outage(evening, concerned)
    await arrive(evening, concerned)
    for (const each of concerned) judge.note(each, 'the evening')
    const storm = await weather.begin(world, concerned.length)
    await market.keepUp(evening)
    await world.simulator.settle()
    await (storm.name === '' ? settling.settle() : wait(STORM_MS))
    await storm.end()
    await judge.agree(concerned, storm)
    if (storm.name !== '') await settling.catchUp()
  }

  /** The day before an evening, without Stripe: usage works as on any day, and missed work is done afterwards. */
  async function outage(evening: number, concerned: readonly Resident[]): Promise<void> {
    await awayForADay(world, evening, {
      sweep: settling.sweep,
      live: () =>
        Promise.all(
          concerned
            .filter(({ expected }) => isSureOfAccess(expected, world.clock.now().getTime()))
            .map((each) => judge.act(each, USED_IN_AN_OUTAGE)),
        ),
    })
    await answersAgain(world)
    await arrive(evening, concerned)
    for (const each of concerned) judge.note(each, OUTAGE)
    await deliversAgain(world)
    await market.keepUp(evening)
    countFaults(figures, OUTAGE, 1)
    await judge.agree(concerned, { name: OUTAGE })
    await settling.catchUp()
    await settling.meter()
  }

  const dayOfNextScene = (resident: Resident): number | undefined => {
    const scene = scenes.get(resident)?.[0]
    return scene && Math.floor(visitAt(scene.at) / DAY)
  }

  /** Performs the first act of each visitor, then the second ones, so that all share one wait. */
  async function visit(
    day: number,
    visitors: readonly Resident[],
    concerned: readonly Resident[],
  ): Promise<void> {
    const [first] = visitors
    if (first === undefined) return
    await arrive(visitAt(scenes.get(first)?.[0]?.at ?? 0), concerned)
    const storm = await weather.begin(world, visitors.length)
    await market.keepUp(world.clock.now().getTime())
    const acts = new Map(visitors.map((each) => [each, actsOf(each, day)]))
    for (let round = 0; ; round++) {
      const acting = visitors.filter(
        (each) => !judge.hasFailed(each) && acts.get(each)?.[round] !== undefined,
      )
      if (acting.length === 0) break
      await Promise.all(acting.map((each) => judge.act(each, acts.get(each)![round]!)))
      // Let the act's webhooks arrive before the next act.
      if (storm.name === '') await settling.settle()
      await judge.agree(acting, storm)
    }
    await storm.end()
    if (storm.name !== '') await settling.catchUp()
    await settling.meter()
  }

  /** All acts of a resident on that day, in order. */
  function actsOf(resident: Resident, day: number): Act[] {
    const acts: Act[] = []
    while (dayOfNextScene(resident) === day)
      acts.push(...(scenes.get(resident)?.shift()?.acts ?? []))
    return acts
  }

  /** Moves workflows with work to do first, then the clock. */
  async function arrive(instant: number, concerned: readonly Resident[]): Promise<void> {
    const { client } = world.container.temporal
    const to = new Date(instant)
    await Promise.all(
      concerned.map(async ({ subscriptionId, expected }) => {
        if (subscriptionId !== null && liveOf(expected) !== null)
          await fastForward(client, subscriptionWorkflowId(subscriptionId), to)
      }),
    )
    await world.moveTo(to)
  }

  return { residents, failures: judge.failures, play }
}

/** False while access depends on an instant that another clock chose. */
function isSureOfAccess(expected: Customer, at: number): boolean {
  const agreement = liveOf(expected)
  return agreement === null || hasAccess(agreement, at) !== undefined
}
