import { setImmediate as nextRound, setTimeout as wait } from 'node:timers/promises'
import { createShares } from './shares.ts'

/** Runs the work on one large body in the caller's turn. */
export type BodyTurns = <T extends Refusable>(
  body: { readonly caller: string; readonly bytes: number },
  work: () => Promise<T>,
) => Promise<T | 'too_many'>

type Refusable = { readonly isRefused: boolean }

/** Bytes. Parsing and checking a smaller body takes less than half a millisecond. */
export const LARGE_BODY_MIN_BYTES = 16 * 1_024
/** Large bodies of one caller that wait: each holds a connection. */
const PER_CALLER = 256
/** Bytes of bodies that wait, of one caller: 32 of the largest. One caller takes an eighth of the memory for bodies at most. */
const WAITING_BYTES_PER_CALLER = 8 * 1_024 * 1_024
/** Bytes of bodies that wait, of all callers: half of the memory for bodies (`arriving-bodies.ts`). */
const WAITING_BYTES = 32 * 1_024 * 1_024
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
 * @returns `too_many` for a body above the limits of the caller or of all, on which no work is done
 */
export function createBodyTurns(rest: (ms: number) => Promise<unknown> = wait): BodyTurns {
  const lines = createShares({ together: CALLERS, perCaller: PER_CALLER })
  const rounds = createShares({ together: 1, perCaller: PER_CALLER })

  const waiting = createWaitingBytes()

  return async <T extends Refusable>(
    { caller, bytes }: { readonly caller: string; readonly bytes: number },
    work: () => Promise<T>,
  ) => {
    if (!waiting.add(caller, bytes)) return 'too_many'
    const begun = await new Promise<Begun<T>>((begin) => {
      const inRound = async () => {
        waiting.remove(caller, bytes)
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
        if ((await lines(caller, inLine)) !== 'too_many') return
        waiting.remove(caller, bytes)
        begin('too_many')
      })()
    })
    return begun === 'too_many' ? begun : begun.working
  }
}

/** Counts the bytes of bodies that wait for their turn. */
function createWaitingBytes() {
  const ofCallers = new Map<string, number>()
  let ofAll = 0
  return {
    /** @returns false, and counts nothing, if the body is above a limit */
    add(caller: string, bytes: number): boolean {
      const own = (ofCallers.get(caller) ?? 0) + bytes
      if (own > WAITING_BYTES_PER_CALLER || ofAll + bytes > WAITING_BYTES) return false
      ofCallers.set(caller, own)
      ofAll += bytes
      return true
    },
    remove(caller: string, bytes: number): void {
      const own = (ofCallers.get(caller) ?? 0) - bytes
      if (own > 0) ofCallers.set(caller, own)
      else ofCallers.delete(caller)
      ofAll -= bytes
    },
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
