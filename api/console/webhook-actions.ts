import type { Form } from '../web/form.ts'
import { numberOf } from '../web/form-values.ts'
import type { Call } from './perform.ts'

/** The API call that creates an endpoint. Calls for one endpoint begin with the same path. */
export const CREATE = { method: 'POST', path: '/admin/webhook-endpoints' } as const

type Action = {
  /** The API call for a submitted form. @param id The endpoint, escaped for an address. */
  readonly call: (id: string, form: Form) => Call
  /** Shown when the API accepted the call. */
  readonly done: string
  /** Whether the form has a box that must be checked. */
  readonly needsConfirmation: boolean
}

/** The actions on a webhook endpoint. Each one is an API call. */
export const ENDPOINT_ACTIONS = {
  rotate: {
    call: (id, form) => ({
      method: 'POST',
      path: `${CREATE.path}/${id}/rotation`,
      body: { overlap_seconds: numberOf(form['overlap']) },
    }),
    done: 'The endpoint has a new signing secret.',
    needsConfirmation: false,
  },
  test: {
    call: (id) => ({ method: 'POST', path: `${CREATE.path}/${id}/test` }),
    done: 'The test event was sent.',
    needsConfirmation: false,
  },
  enable: {
    call: (id) => ({
      method: 'PUT',
      path: `${CREATE.path}/${id}/state`,
      body: { state: 'enabled' },
    }),
    done: 'The endpoint is enabled. Replay what it has missed on the page of deliveries.',
    needsConfirmation: false,
  },
  disable: {
    call: (id, form) => ({
      method: 'PUT',
      path: `${CREATE.path}/${id}/state`,
      body: { state: 'disabled', reason: form['reason'] },
    }),
    done: 'The endpoint is disabled and receives nothing.',
    needsConfirmation: false,
  },
  delete: {
    call: (id) => ({ method: 'DELETE', path: `${CREATE.path}/${id}` }),
    done: 'The endpoint and its deliveries are deleted.',
    needsConfirmation: true,
  },
} as const satisfies Record<string, Action>

export type EndpointAction = keyof typeof ENDPOINT_ACTIONS

/** Whether the last part of an address names an action. */
export const isEndpointAction = (name: string): name is EndpointAction =>
  Object.hasOwn(ENDPOINT_ACTIONS, name)
