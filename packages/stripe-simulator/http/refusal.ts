/** The `type` of an error object, with the SDK's class for it. */
export type RefusalType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error'

type Details = {
  readonly status: number
  readonly type: RefusalType
  readonly message: string
  readonly code?: string | undefined
  readonly param?: string | undefined
  readonly more?: Readonly<Record<string, unknown>> | undefined
}

/** An error object of the API. Thrown, because code at any depth may refuse. */
export class Refusal extends Error {
  readonly details: Details
  constructor(details: Details) {
    super(details.message)
    this.details = details
  }

  get body(): object {
    const { type, message, code, param, more } = this.details
    return { error: { ...(code && { code }), message, ...(param && { param }), type, ...more } }
  }
}

/** The refusal of an invalid request, with status 400. @param param the name of the parameter at fault. */
export function invalid(message: string, param?: string, code?: string): Refusal {
  return new Refusal({ status: 400, type: 'invalid_request_error', message, param, code })
}

/** An unknown id returns 404 in the path and 400 in a parameter, as at Stripe. */
export function missing(noun: string, id: string, param: string, place: 'path' | 'param'): Refusal {
  return new Refusal({
    status: place === 'path' ? 404 : 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
    param,
  })
}
