import { randomUUID } from 'node:crypto'
import pLimit from 'p-limit'
import { LETTER_KINDS } from '../../../domain/customer/letter.ts'
import type { Ground } from '../../support/ground.ts'
import { createWorld, type World } from '../../support/world.ts'
import { openMailServer } from '../mail-server.ts'
import { newAccounts, TOKEN_SECRET, type Account } from './account.ts'
import type { Sequence } from './call.ts'
import { openMarket } from './market.ts'
import { newMoney, readMoney, readShown } from './money.ts'
import { perform } from './perform.ts'
import { METERED } from './price-list.ts'
import { travelTo } from './travel.ts'
import { judge, type Verdict } from './verdict.ts'

/** Plants a mistake in a world. */
export type Plant = (world: World) => Promise<void> | void
export type Played = Verdict & {
  readonly sequence: Sequence
  /** How each call was answered. */
  readonly outcomes: readonly string[]
}

const DAY_MS = 86_400_000
/** Calls under way at once. */
const TOGETHER = 24
/** Hundreds of purchases at once, on a busy machine. */
const PATIENCE_MS = 240_000

type Player = {
  readonly sequence: Sequence
  readonly accounts: Account[]
  readonly outcomes: string[]
  next: number
  /** The day of the next call. */
  day: number
  verdict: Verdict
}

/** With `PAUSE_CREDIT=prorated` the world credits the rest of a paused period. */
const CREDITS_PAUSES = process.env['PAUSE_CREDIT'] === 'prorated'

/**
 * Plays all sequences in one new world, side by side: each step of its clock serves all. A person whose verdict is a
 * violation stops.
 */
export async function playTogether(
  ground: Ground,
  sequences: readonly Sequence[],
  plant?: Plant,
): Promise<Played[]> {
  const world = await createWorld({
    ground,
    access: { userTokens: { secret: TOKEN_SECRET } },
    moneyBack: { onFullRefund: 'cancel', onDispute: 'cancel' },
    ...(CREDITS_PAUSES && { pauseCredit: 'prorated' }),
    mailDisabledKinds: LETTER_KINDS,
    mail: () => openMailServer(),
  })
  try {
    await openMarket(world)
    await plant?.(world)
    const players = await Promise.all(sequences.map(newPlayer))
    await play(world, players)
    return players.map(({ sequence, outcomes, verdict }) => ({ ...verdict, sequence, outcomes }))
  } finally {
    await world.close()
  }
}

/** The ids of workflows are derived from these names, and worlds share Temporal. */
const newPlayer = async (sequence: Sequence): Promise<Player> => ({
  sequence,
  accounts: await newAccounts(randomUUID().slice(0, 13)),
  outcomes: [],
  next: 0,
  day: 0,
  verdict: { violation: null, usedPerCent: 0 },
})

const isPlaying = ({ next, sequence, verdict }: Player) =>
  next < sequence.length && verdict.violation === null

async function play(world: World, players: readonly Player[]): Promise<void> {
  const began = world.clock.now().getTime()
  for (;;) {
    const playing = players.filter(isPlaying)
    if (playing.length === 0) return
    const day = Math.min(...playing.map((each) => each.day))
    const today = playing.filter((each) => each.day === day)
    const [users, acting] = [usersOf(playing), usersOf(today)]
    if (day > 0) await travelTo(world, new Date(began + day * DAY_MS), { users, acting })
    await liveTheDay(world, today)
    while ((await world.container.reportOverage(world.clock.now())) > 0);
    await judgeAll(world, today)
    if (players.some(isPlaying)) await retire(world, today)
  }
}

async function judgeAll(world: World, players: readonly Player[]): Promise<void> {
  const metering = players
    .flatMap(({ accounts }) => accounts)
    .filter(({ uses }) => uses.some(({ feature }) => feature === METERED.feature))
    .map(({ user }) => user)
  const [money, shown] = await Promise.all([readMoney(world, new Set(metering)), readShown(world)])
  for (const player of players) {
    const seen = player.accounts.map((account) => ({
      account,
      money: money.get(account.user) ?? newMoney(),
      shown: shown.get(account.user) ?? [],
    }))
    player.verdict = judge(seen, world.clock.now().getTime())
  }
}

/** Ends the subscriptions of those who have nothing more to do, because each renewal costs as much as a purchase. */
async function retire({ database, stripe }: World, players: readonly Player[]): Promise<void> {
  const users = usersOf(players.filter((each) => !isPlaying(each)))
  const { rows } = await database.pool.query<{ id: string }>(
    `select stripe_subscription_id as id from subscriptions
     where user_id = any ($1) and stripe_subscription_id is not null and status <> 'canceled'`,
    [users],
  )
  const limit = pLimit(TOGETHER)
  await Promise.all(rows.map(({ id }) => limit(() => stripe.subscriptions.cancel(id))))
}

const usersOf = (players: readonly Player[]): string[] =>
  players.flatMap(({ accounts }) => accounts.map(({ user }) => user))

/** The calls up to the next wait: the first call of everybody, then the second ones, so that all share one wait for Stripe. */
async function liveTheDay(world: World, players: readonly Player[]): Promise<void> {
  const limit = pLimit(TOGETHER)
  for (let acting = [...players]; acting.length > 0;) {
    const kept = await Promise.allSettled(acting.map((each) => limit(() => step(world, each))))
    for (const each of kept) if (each.status === 'rejected') throw each.reason
    await world.settled(PATIENCE_MS)
    acting = acting.filter((_, index) => kept[index]?.status === 'fulfilled' && kept[index].value)
  }
}

/** @returns whether the player has another call today */
async function step(world: World, player: Player): Promise<boolean> {
  const made = player.sequence[player.next]
  player.next += 1
  if (made === undefined) return false
  if (made.kind === 'wait') {
    player.day += made.days
    player.outcomes.push('later')
    return false
  }
  const account = player.accounts[made.by]
  if (account === undefined) throw new Error(`there is no account ${made.by}`)
  player.outcomes.push(await perform(world, account, made))
  return player.next < player.sequence.length
}
