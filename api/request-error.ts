import type { ProblemCode } from './problem.ts'

/** A request that cannot be read, found where no response can be returned. It is answered with this problem. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: ProblemCode

  constructor(code: ProblemCode, detail: string) {
    super(detail)
    this.code = code
  }
}
