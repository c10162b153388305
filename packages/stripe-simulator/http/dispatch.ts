import { createHash, randomUUID } from 'node:crypto'
import type { Engine } from '../engine.ts'
import { isRow, render } from '../objects/render.ts'
import type { Fault } from '../knobs/faults.ts'
import type { Kept, Step } from '../store/store.ts'
import { expand, readExpansions } from './expand.ts'
import { faultAnswer, faultHeaders, faultRefusal } from './fault-reply.ts'
import { decodeForm, type Form, type FormFields } from './form.ts'
import { recall, remember } from './idempotency.ts'
import type { Ids, Operation } from './operation.ts'
import { list, text } from './params.ts'
import { Refusal } from './refusal.ts'
import type { Router } from './router.ts'
import { testClockOfCall } from './test-clock.ts'

/** A request as it arrived, with the fault that it meets, if any. */
export type ApiRequest = {
  readonly method: string
  readonly path: string
  /** The query of a GET or DELETE, otherwise the body. */
  readonly encoded: string
  readonly idempotencyKey: string | undefined
  readonly fault?: Fault | undefined
}

/** A response to send. `replays` is the id of the first request, if this is its stored response. */
export type ApiReply = {
  readonly status: number
  readonly body: string
  readonly requestId: string
  readonly replays?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Executes a request in one atomic step and builds the response. */
export function dispatch(engine: Engine, router: Router, request: ApiRequest): ApiReply {
  const requestId = `req_${randomUUID().replaceAll('-', '').slice(0, 14)}`
  const key = request.method === 'POST' ? request.idempotencyKey : undefined
  const named = key === undefined ? undefined : { key, fingerprint: fingerprintOf(request) }
  const { fault } = request
  const cause = { id: requestId, idempotency_key: key ?? null }
  try {
    const form = decodeForm(request.encoded)
    const testClock = testClockOfCall(engine.store, request.path, form)
    const work = (step: Step): Kept<ApiReply> => {
      const known = named && recall(step, named)
      if (known !== undefined) return { result: { ...known, requestId }, keep: false }
      if (fault?.kind === 'answer') throw faultRefusal(fault)
      const found = router.find(request.method, request.path)
      const done = carryOut(step, found, form)
      const answer = fault?.kind === 'commit_then_answer' ? faultAnswer(fault) : done
      const reply = { status: answer.status, body: JSON.stringify(answer.body), requestId }
      if (named !== undefined) remember(step, named, reply)
      return { result: reply, keep: true }
    }
    return engine.act(cause, work, testClock)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { status, type } = error.details
    const reply = { status, body: JSON.stringify(error.body), requestId }
    // Only responses of operations that started are saved: declines, but not invalid parameters.
    if (named !== undefined && (type === 'card_error' || status >= 500)) {
      engine.note((step) => remember(step, named, reply))
    }
    return { ...reply, headers: faultHeaders(fault) }
  }
}

type Found = { readonly operation: Operation; readonly ids: Ids }

function carryOut(step: Step, found: Found, form: FormFields) {
  const { operation, ids } = found
  const { expand: paths, ...rest } = form
  const expansions = readExpansions(pathsOf(paths), {
    object: operation.answers,
    isList: operation.isList,
  })
  const answer = operation.prepare(rest)(step, ids)
  if ('refusal' in answer)
    return { status: answer.refusal.details.status, body: answer.refusal.body }
  const shown = !operation.asIs && isRow(answer) ? render(step, answer) : answer
  return { status: 200, body: expand(step, shown, expansions) }
}

const pathsOf = (paths: Form | undefined): readonly string[] =>
  paths === undefined ? [] : list(text()).read(paths, 'expand')

function fingerprintOf({ method, path, encoded }: ApiRequest): string {
  const pairs = [...new URLSearchParams(encoded)].map((pair) => pair.join('=')).sort()
  return createHash('sha256')
    .update([method, path, ...pairs].join('\n'))
    .digest('base64')
}
