import type { Question } from '../ask.ts'
import type { Form } from '../web/form.ts'
import { itemsBody } from '../web/items-form.ts'

type Call = (id: string, form: Form) => Pick<Question, 'method' | 'path' | 'body'>

/** The actions of users on their own subscription. Each one is an API call that they could also make with their token. */
export const USER_ACTIONS = {
  cancel: (id, form) => ({
    method: 'PUT',
    path: `/subscriptions/${id}/cancellation`,
    body: { when: form['when'] },
  }),
  'withdraw-cancellation': (id) => ({
    method: 'DELETE',
    path: `/subscriptions/${id}/cancellation`,
  }),
  'change-plan': (id, form) => ({
    method: 'PUT',
    path: `/subscriptions/${id}/plan`,
    body: {
      plan_id: form['plan_id'],
      when: form['when'],
      // The date of the preview, so that the charge equals the amount shown.
      ...(form['proration_date'] && { proration_date: form['proration_date'] }),
    },
  }),
  'change-items': (id, form) => ({
    method: 'PUT',
    path: `/subscriptions/${id}/items`,
    body: itemsBody(form),
  }),
  'withdraw-plan-change': (id) => ({ method: 'DELETE', path: `/subscriptions/${id}/plan/pending` }),
  pause: (id) => ({ method: 'PUT', path: `/subscriptions/${id}/pause`, body: {} }),
  resume: (id) => ({ method: 'DELETE', path: `/subscriptions/${id}/pause` }),
} as const satisfies Record<string, Call>

export type UserAction = keyof typeof USER_ACTIONS

/** Whether the last part of an address names an action. */
export const isUserAction = (name: string): name is UserAction => Object.hasOwn(USER_ACTIONS, name)
