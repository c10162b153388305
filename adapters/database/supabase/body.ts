import { Json } from '../operations/json.ts'

/** Named values as the body of a request, where JSON needs no mark. */
export const bodyFrom = (values: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Json ? value.value : value,
    ]),
  )
