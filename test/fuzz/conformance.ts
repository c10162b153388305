import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Document, Operation } from './document.ts'

const DOCUMENT = 'openapi'

export type Answer = {
  readonly status: number
  readonly contentType: string | null
  readonly body: unknown
}

/** @returns a function that describes how a response differs from the document; undefined if it conforms. */
export function createConformance(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ $id: DOCUMENT, ...document })
  return ({ path, method, responses }: Operation, { status, contentType, body }: Answer) => {
    if (responses[status] === undefined)
      return `${status} is not documented: ${JSON.stringify(body)}`
    if (responses[status].content === undefined)
      return body === undefined ? undefined : `${status} has no body in the document`
    const type = contentType?.split(';')[0] ?? ''
    const parts = ['paths', path, method, 'responses', String(status), 'content', type, 'schema']
    const pointer = parts
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/')
    const validate = ajv.getSchema(`${DOCUMENT}#/${pointer}`)
    if (validate === undefined) return `${status} is not documented as ${contentType}`
    return validate(body) ? undefined : `${status}: ${ajv.errorsText(validate.errors)}`
  }
}
