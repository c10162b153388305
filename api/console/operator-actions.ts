import type { Subscription } from '../../domain/subscription/subscription.ts'
import type { Question } from '../ask.ts'
import type { Form } from '../web/form.ts'
import { itemsBody } from '../web/items-form.ts'
import { emptyAsUndefined, instantOf, numberOf } from '../web/form-values.ts'

/** The value of a confirmation box that is checked. */
export const CONFIRMED = 'yes'
/** Whether the form’s confirmation box was checked. */
export const isConfirmed = (form: Form): boolean => form['confirmed'] === CONFIRMED
/** Shown when a form that needs a confirmation came without it. */
export const NOT_CONFIRMED = 'Nothing was changed: check the box to confirm.'

type Call = (subscription: Subscription, form: Form) => Pick<Question, 'method' | 'path' | 'body'>

type Action = {
  /** The API call for a submitted form. */
  readonly call: Call
  /** The API call whose answer the operator reviews before the action; its form is then confirmed. */
  readonly preview?: Call
  /** Shown when the API accepted the call. */
  readonly done: string
  /** Whether the form has a box that must be checked. */
  readonly needsConfirmation?: boolean
}

const pathOf = ({ id }: Subscription, path: string) => `/subscriptions/${id}${path}`

/** The actions of a subscription's page. Each one is an API call. */
export const OPERATOR_ACTIONS = {
  cancel: {
    call: (subscription, form) => ({
      method: 'PUT',
      path: pathOf(subscription, '/cancellation'),
      body: { when: form['when'] },
    }),
    done: 'Cancellation recorded.',
  },
  'withdraw-cancellation': {
    call: (subscription) => ({ method: 'DELETE', path: pathOf(subscription, '/cancellation') }),
    done: 'Cancellation withdrawn.',
  },
  'change-plan': {
    call: (subscription, form) => ({
      method: 'PUT',
      path: pathOf(subscription, '/plan'),
      body: {
        plan_id: form['plan_id'],
        when: emptyAsUndefined(form['when']),
        quantity: numberOf(emptyAsUndefined(form['quantity'])),
        proration_date: emptyAsUndefined(form['proration_date']),
      },
    }),
    preview: (subscription, form) => ({
      method: 'POST',
      path: pathOf(subscription, '/plan/preview'),
      body: {
        plan_id: form['plan_id'],
        when: emptyAsUndefined(form['when']),
        quantity: numberOf(emptyAsUndefined(form['quantity'])),
      },
    }),
    done: 'Plan change recorded.',
  },
  'change-items': {
    call: (subscription, form) => ({
      method: 'PUT',
      path: pathOf(subscription, '/items'),
      body: itemsBody(form),
    }),
    preview: (subscription, form) => {
      const { proration_date: _, ...body } = itemsBody(form)
      return { method: 'POST', path: pathOf(subscription, '/items/preview'), body }
    },
    done: 'Change of quantity and add-ons recorded.',
  },
  'withdraw-plan-change': {
    call: (subscription) => ({ method: 'DELETE', path: pathOf(subscription, '/plan/pending') }),
    done: 'Pending plan change withdrawn.',
  },
  pause: {
    call: (subscription, form) => ({
      method: 'PUT',
      path: pathOf(subscription, '/pause'),
      body: { resumes_at: instantOf(form['resumes_at']) },
    }),
    done: 'Subscription paused.',
  },
  resume: {
    call: (subscription) => ({ method: 'DELETE', path: pathOf(subscription, '/pause') }),
    done: 'The subscription resumes now.',
  },
  'extend-trial': {
    call: (subscription, form) => ({
      method: 'PUT',
      path: pathOf(subscription, '/trial'),
      body: { ends_at: instantOf(form['ends_at']) },
    }),
    done: 'Trial end changed.',
  },
  'end-trial': {
    needsConfirmation: true,
    call: (subscription) => ({ method: 'DELETE', path: pathOf(subscription, '/trial') }),
    done: 'The trial ends now.',
  },
  sync: {
    call: (subscription) => ({ method: 'POST', path: pathOf(subscription, '/sync') }),
    done: 'Synced from Stripe.',
  },
  grant: {
    needsConfirmation: true,
    call: (subscription, form) => ({
      method: 'POST',
      path: `/admin${pathOf(subscription, '/grants')}`,
      body: {
        feature: form['feature'],
        amount: numberOf(form['amount']),
        reason: form['reason'],
        expires_at: instantOf(form['expires_at']) ?? null,
      },
    }),
    done: 'Grant added.',
  },
  'change-collection': {
    needsConfirmation: true,
    call: (subscription, form) => ({
      method: 'PUT',
      path: `/admin${pathOf(subscription, '/collection')}`,
      body: {
        method: form['method'],
        days_until_due: numberOf(emptyAsUndefined(form['days_until_due'])),
        po_number: emptyAsUndefined(form['po_number']),
        reason: form['reason'],
      },
    }),
    done: 'Later invoices are collected this way.',
  },
  'change-customer': {
    call: (_subscription, form) => ({
      method: 'PUT',
      path: '/customer',
      body: { email: emptyAsUndefined(form['email']), name: emptyAsUndefined(form['name']) },
    }),
    done: 'The customer’s details are saved. Stripe follows within seconds.',
  },
  'force-cancel': {
    needsConfirmation: true,
    call: (subscription, form) => ({
      method: 'POST',
      path: `/admin${pathOf(subscription, '/force-cancellation')}`,
      body: { reason: form['reason'] },
    }),
    done: 'Subscription canceled, here and at Stripe.',
  },
} as const satisfies Record<string, Action>

export type OperatorAction = keyof typeof OPERATOR_ACTIONS

/** Whether the action needs a confirmation that the form does not have. */
export const lacksConfirmation = (name: OperatorAction, form: Form): boolean => {
  const { needsConfirmation = false }: Action = OPERATOR_ACTIONS[name]
  return needsConfirmation && !isConfirmed(form)
}

/** Whether the last part of an address names an action. */
export const isOperatorAction = (name: string): name is OperatorAction =>
  Object.hasOwn(OPERATOR_ACTIONS, name)
