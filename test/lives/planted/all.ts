import type { Act } from '../acts.ts'
import type { Play } from '../play.ts'
import { checkThenAct } from './check-then-act.ts'
import { randomKeys } from './random-keys.ts'

type Ways = Pick<Play, 'climate' | 'only' | 'plant' | 'world'>
export type Planted = {
  readonly what: string
  /** What is found says this. */
  readonly sign: RegExp
  /** The first days of a life, a visit each, on which it shows. */
  readonly acts: readonly (readonly Act[])[]
  /** Makes it in a world; `close` ends what it needed. */
  readonly plant: () => Promise<Ways & { readonly close?: () => void }>
}

/**
 * Mistakes that somebody could make, each made in a world of its own, to see that lives find them. None is in the
 * product: they lie before it or around it.
 */
export const PLANTED: Readonly<Record<string, Planted>> = {
  'random-key': {
    what: 'a key for Stripe that is another one each time that it is asked',
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
    what: 'a quota that is looked at first and counted afterwards',
    sign: /served at once/,
    acts: [
      [
        { kind: 'buy', plan: 'plan_free', payment: 'pays' },
        { kind: 'rush', feature: 'messages_sent', amount: 30, callers: 9 },
      ],
    ],
    plant: async () => ({ climate: null, plant: async (world) => checkThenAct(world) }),
  },
}
