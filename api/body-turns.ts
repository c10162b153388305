import { setImmediate as nextRound, setTimeout as wait } from 'node:timers/promises'
import { createShares } from './shares.ts'

/** Runs the work on one large body in the caller's turn. */
export type BodyTurns = <T extends Refusable>(
  caller: string,
  work: () => Promise<T>,
) => Promise<T | 'too_many'>

type Refusable = { readonly isRefused: boolean }

/** Bytes. Parsing and checking a smaller body takes less than half a millisecond. */
export const LARGE_BODY_MIN_BYTES = 16 * 1_024
/** Large bodies of one caller that wait. As many of the largest fill the memory for bodies (`arriving-bodies.ts`). */
const PER_CALLER = 256
/** Callers whose large bodies wait. Each body has a connection, and the memory for bodies ends before this. */
const CALLERS = 4_096
/** After a refused body its caller's next one waits this many times as long as the refusal took: it gets a fifth of the thread. */
const REST_TIMES = 4

/**
 * Spreads the work on large bodies, which takes milliseconds of the only thread: one body in each round of the event loop, so
 * that other requests are answered in between, and callers in turn. Bodies that are refused serve nobody, so their caller waits
 * between them; valid ones follow each other at once.
 *
 * @param rest waits this many milliseconds
 * @returns `too_many` for a body above the caller's limit, on which no work is done
 */
export function createBodyTurns(rest: (ms: number) => Promise<unknown> = wait): BodyTurns {
  const lines = createShares({ together: CALLERS, perCaller: PER_CALLER })
  const rounds = createShares({ together: 1, perCaller: PER_CALLER })

  return async <T extends Refusable>(caller: string, work: () => Promise<T>) => {
    const begun = await new Promise<Begun<T>>((begin) => {
      const inRound = async () => {
        const began = performance.now()
        const working = work()
        begin({ working })
        // A refusal is known within this round. A valid body then waits for the database, outside of its turn.
        const round = nextRound(false)
        const isRefused = await Promise.race([wasRefused(working), round])
        const tookMs = performance.now() - began
        await round
        return isRefused ? tookMs * REST_TIMES : 0
      }
      const inLine = async () => {
        const restMs = await rounds(caller, inRound)
        if (restMs !== 'too_many' && restMs > 0) await rest(restMs)
      }
      void (async () => {
        if ((await lines(caller, inLine)) === 'too_many') begin('too_many')
      })()
    })
    return begun === 'too_many' ? begun : begun.working
  }
}

/** A promise in an object, because a promise of a promise is only its result. */
type Begun<T> = { readonly working: Promise<T> } | 'too_many'

async function wasRefused(working: Promise<Refusable>): Promise<boolean> {
  try {
    return (await working).isRefused
  } catch {
    // The caller of the work gets the error.
    return false
  }
}
