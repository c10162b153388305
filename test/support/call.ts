import { BASE_PATH } from '../../api/app.ts'

export type Reply = { readonly status: number; readonly body: any; readonly headers: Headers }
export type Call = (
  method: string,
  path: string,
  given?: {
    readonly user?: string
    readonly body?: unknown
    readonly key?: string
    readonly headers?: Record<string, string>
  },
) => Promise<Reply>

/** Calls the API at `url` with an application's headers; tests may override them. */
export const callerOf =
  (url: string): Call =>
  async (method, path, { user, body, key, headers } = {}) => {
    const response = await fetch(`${url}${BASE_PATH}${path}`, {
      method,
      headers: {
        authorization: 'Bearer bk_dev_app',
        ...(user && { 'x-user-id': user }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? null : JSON.parse(text),
      headers: response.headers,
    }
  }
