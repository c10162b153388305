import type { Act } from '../acts.ts'
import type { Play } from '../play.ts'
import { bundleOfRelease } from '../releases/bundle.ts'
import { checkThenAct } from './check-then-act.ts'
import { randomKeys } from './random-keys.ts'

type Ways = Pick<Play, 'climate' | 'losesNothing' | 'only' | 'plant' | 'world'>
export type Planted = {
  readonly what: string
  /** The first days of a life, a visit each, on which it shows. */
  readonly acts: readonly (readonly Act[])[]
  /** Makes it in a world; `close` ends what it needed. */
  readonly plant: () => Promise<Ways & { readonly close?: () => void }>
}

const BACK_AND_FORTH: readonly Act[] = [
  { kind: 'change', plan: 'plan_pro_yearly', when: 'now' },
  { kind: 'change', plan: 'plan_pro_monthly', when: 'now' },
]

/**
 * Mistakes that somebody could make, each made in a world of its own, to see that lives find them. None is in the
 * product: they lie before it, around it, or in a bundle of their own.
 */
export const PLANTED: Readonly<Record<string, Planted>> = {
  'random-key': {
    what: 'a key for Stripe that is another one each time that it is asked',
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
  'no-drain': {
    what: 'a run that ends without handing over what it has not done yet',
    // Each change opens a period, with which a run ends, and its events come while it is made.
    acts: [
      [{ kind: 'buy', plan: 'plan_pro_monthly', payment: 'pays' }],
      ...Array.from({ length: 4 }, () => [...BACK_AND_FORTH]),
    ],
    plant: async () => ({
      climate: { seed: 1, stormEvery: 1 },
      only: 'webhook before the response',
      losesNothing: true,
      world: { workflowBundle: await bundleOfRelease('undrained') },
    }),
  },
  'check-then-act': {
    what: 'a quota that is looked at first and counted afterwards',
    acts: [
      [
        { kind: 'buy', plan: 'plan_free', payment: 'pays' },
        { kind: 'rush', feature: 'messages_sent', amount: 30, callers: 9 },
      ],
    ],
    plant: async () => ({ climate: null, plant: async (world) => checkThenAct(world) }),
  },
}
