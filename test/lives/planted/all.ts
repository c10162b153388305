import { turn } from '../../support/dashboard.ts'
import type { Ground } from '../../support/ground.ts'
import type { Act } from '../acts.ts'
import type { Play } from '../play.ts'
import type { World } from '../../support/world.ts'
import { bundleOf } from '../releases/bundle.ts'
import { checkThenAct } from './check-then-act.ts'
import { randomKeys } from './random-keys.ts'

type Ways = Pick<Play, 'climate' | 'only' | 'plant' | 'world'>
export type Planted = {
  readonly what: string
  /** Matches the finding. */
  readonly sign: RegExp
  /** The first visits of a life that exposes the bug, a list of acts each. */
  readonly acts: readonly (readonly Act[])[]
  /** Plants the bug in a world; `close` releases resources. */
  readonly plant: (ground: Ground) => Promise<Ways & { readonly close?: () => void }>
}

/** A declined renewal updates the subscription twice, at the period's start and at the failed payment; then it is paid. */
const MONTHS_IN_ARREARS: readonly (readonly Act[])[] = [1, 2, 3].flatMap(() => [
  [],
  [],
  [],
  [{ kind: 'pay_invoice' }, { kind: 'card', card: 'declines' }],
])
/** Each webhook arrives while the previous change is still being read. */
const SENT_AFTER_MS = [1, 150, 300]
const READ_MS = 400
const ALL = 100

async function slowly(world: World): Promise<void> {
  await turn(world, 'faults', { kind: 'delay', milliseconds: READ_MS, method: 'GET', count: ALL })
  for (let sent = 0; sent < ALL; sent++)
    await turn(world, 'deliveries', {
      action: 'delay',
      types: ['customer.subscription.updated'],
      milliseconds: SENT_AFTER_MS[sent % SENT_AFTER_MS.length],
      count: 1,
    })
}

/**
 * Plausible bugs, each planted in a separate world, to prove that lives find them. The product contains none of them:
 * they sit before or around it.
 */
export const PLANTED: Readonly<Record<string, Planted>> = {
  'random-key': {
    what: 'an idempotency key for Stripe that changes with each retry',
    sign: /two customers at Stripe/,
    acts: [[{ kind: 'buy', plan: 'plan_pro_monthly', payment: 'pays' }]],
    plant: async () => {
      const { through, close } = randomKeys()
      return {
        world: { stripeThrough: through },
        climate: { seed: 1, stormEvery: 1 },
        only: 'Stripe breaks off after it was done',
        close,
      }
    },
  },
  'check-then-act': {
    what: 'a quota that is checked first and counted afterwards',
    sign: /served at once/,
    acts: [
      [
        { kind: 'buy', plan: 'plan_free', payment: 'pays' },
        { kind: 'rush', feature: 'messages_sent', amount: 30, callers: 9 },
      ],
    ],
    plant: async () => ({ climate: null, plant: async (world) => checkThenAct(world) }),
  },
  'missing-drain': {
    what: 'a run that ends without passing on signals that it had not applied',
    sign: /had to be forwarded again: \d+ × customer\.subscription/,
    acts: [
      [
        { kind: 'buy', plan: 'plan_pro_monthly', payment: 'pays' },
        { kind: 'card', card: 'declines' },
      ],
      ...MONTHS_IN_ARREARS,
    ],
    plant: async (ground) => ({
      climate: null,
      world: { ground: { ...ground, workflowBundle: await bundleOf('forgetful') } },
      plant: slowly,
    }),
  },
}
