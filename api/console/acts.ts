import type { Subscription } from '../../domain/subscription/subscription.ts'
import type { Question } from '../ask.ts'
import type { Form } from '../web/form.ts'

/** What the box of a form says when it is checked. */
export const CONFIRMED = 'yes'
export const isConfirmed = (form: Form): boolean => form['confirmed'] === CONFIRMED
export const NOT_CONFIRMED = 'Nothing was done: check the box that says what it does.'

type Act = {
  /** What the API is asked, for a form as somebody filled it in. */
  readonly question: (
    subscription: Subscription,
    form: Form,
  ) => Pick<Question, 'method' | 'path' | 'body'>
  /** What the page says once it is done. */
  readonly done: string
  /** It is done only where somebody said that they know what it does. */
  readonly wantsConfirmation?: boolean
}

const of = ({ id }: Subscription, path: string) => `/subscriptions/${id}${path}`

/** A field of a date and a time, which is in UTC here; what is none is for the API to refuse. */
const instantOf = (value: string | undefined) => (value ? `${value.slice(0, 16)}:00Z` : undefined)

/** A number as the API takes it; what is none is for the API to refuse. */
const numberOf = (value: string | undefined) =>
  value !== undefined && /^-?\d{1,15}$/.test(value) ? Number(value) : value

const given = (value: string | undefined) => (value === '' ? undefined : value)

/** What operators do on a subscription's page. Each one is a call of the API. */
export const ACTS = {
  cancel: {
    question: (subscription, form) => ({
      method: 'PUT',
      path: of(subscription, '/cancellation'),
      body: { when: form['when'] },
    }),
    done: 'The cancellation is taken in.',
  },
  'withdraw-cancellation': {
    question: (subscription) => ({ method: 'DELETE', path: of(subscription, '/cancellation') }),
    done: 'The cancellation is withdrawn.',
  },
  'change-plan': {
    question: (subscription, form) => ({
      method: 'PUT',
      path: of(subscription, '/plan'),
      body: {
        plan_id: form['plan_id'],
        when: given(form['when']),
        quantity: numberOf(given(form['quantity'])),
      },
    }),
    done: 'The change of plan is taken in.',
  },
  'withdraw-plan-change': {
    question: (subscription) => ({ method: 'DELETE', path: of(subscription, '/plan/pending') }),
    done: 'The pending change of plan is withdrawn.',
  },
  pause: {
    question: (subscription, form) => ({
      method: 'PUT',
      path: of(subscription, '/pause'),
      body: { resumes_at: instantOf(form['resumes_at']) },
    }),
    done: 'The subscription is paused.',
  },
  resume: {
    question: (subscription) => ({ method: 'DELETE', path: of(subscription, '/pause') }),
    done: 'The resumption is taken in.',
  },
  'extend-trial': {
    question: (subscription, form) => ({
      method: 'PUT',
      path: of(subscription, '/trial'),
      body: { ends_at: instantOf(form['ends_at']) },
    }),
    done: 'The trial ends at another time now.',
  },
  'end-trial': {
    question: (subscription) => ({ method: 'DELETE', path: of(subscription, '/trial') }),
    done: 'The end of the trial is taken in.',
  },
  sync: {
    question: (subscription) => ({ method: 'POST', path: of(subscription, '/sync') }),
    done: 'Stripe was read, and what it says is taken over.',
  },
  grant: {
    wantsConfirmation: true,
    question: (subscription, form) => ({
      method: 'POST',
      path: `/admin${of(subscription, '/grants')}`,
      body: {
        feature: form['feature'],
        amount: numberOf(form['amount']),
        reason: form['reason'],
        expires_at: instantOf(form['expires_at']) ?? null,
      },
    }),
    done: 'Granted, and in force.',
  },
  'force-cancel': {
    wantsConfirmation: true,
    question: (subscription, form) => ({
      method: 'POST',
      path: `/admin${of(subscription, '/force-cancellation')}`,
      body: { reason: form['reason'] },
    }),
    done: 'The subscription has ended, here and at Stripe.',
  },
} as const satisfies Record<string, Act>

export type ActName = keyof typeof ACTS

/** Whether the form lacks the word that it was meant. */
export const lacksConfirmation = (name: ActName, form: Form): boolean => {
  const { wantsConfirmation = false }: Act = ACTS[name]
  return wantsConfirmation && !isConfirmed(form)
}

export const isAct = (name: string): name is ActName => Object.hasOwn(ACTS, name)
