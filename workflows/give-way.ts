import {
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
  patched,
} from '@temporalio/workflow'

/**
 * How long a step may keep a waiting command from its turn. An attempt at Stripe takes 20 s at most and usually one; a step that
 * takes longer is being retried, because Stripe or the database does not answer it.
 */
const GIVES_WAY_AFTER = '20 seconds'

/** The scope of one step of the main loop. */
class StepScope extends CancellationScope {
  gaveWay = false
}

/**
 * Runs a step. If a command waits behind it for too long, the step is canceled. It ends when its present attempt has ended, so
 * that two steps never write at once.
 * @param isAwaited whether a command waits.
 * @returns the promise of the step itself: one more tick would change the order of commands in the histories of earlier releases.
 */
export function givingWay(perform: () => Promise<void>, isAwaited: () => boolean): Promise<void> {
  const scope = new StepScope()
  let isDone = false
  const finish = () => {
    isDone = true
  }
  let stepping = Promise.resolve()
  scope.run(() => (stepping = perform())).then(finish, finish)
  const watch = async () => {
    await condition(() => isDone || isAwaited())
    // Runs of an earlier release have no timer here.
    if (isDone || !patched('steps-give-way')) return
    if (await condition(() => isDone, GIVES_WAY_AFTER)) return
    scope.gaveWay = true
    scope.cancel()
  }
  watch().catch((error: unknown) => {
    // A canceled workflow cancels the step itself.
    if (!isCancellation(error)) throw error
  })
  return stepping
}

/** Whether the present step was canceled, because a command waits. */
export function hasGivenWay(): boolean {
  const scope = CancellationScope.current()
  return scope instanceof StepScope && scope.gaveWay
}

/** Whether an activity was retried for as long as it may be, so that its effect at Stripe is unknown. */
export const isOutOfTime = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.retryState === 'TIMEOUT' && patched('steps-give-way')
