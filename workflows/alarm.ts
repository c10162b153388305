import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow'

/**
 * One timer that is kept. It restarts only when its instant changes: a wait with a timeout would start and cancel a timer
 * for each message, and each timer costs an action.
 */
export class Alarm {
  #at: number | undefined
  #scope: CancellationScope | undefined
  #rang = false

  /** Whether it has rung since it was last set. */
  get rang(): boolean {
    return this.#rang
  }

  /**
   * @param at when it rings, in milliseconds since 1970; a past instant rings at once, undefined switches it off.
   * @param summary what operators read beside the timer.
   */
  set(at: number | undefined, summary: string): void {
    if (at === this.#at && !this.#rang) return
    this.#scope?.cancel()
    this.#at = at
    this.#rang = false
    this.#scope = at === undefined ? undefined : this.#start(at, summary)
  }

  #start(at: number, summary: string): CancellationScope {
    const scope = new CancellationScope({ cancellable: true })
    void this.#wait(scope, at, summary)
    return scope
  }

  async #wait(scope: CancellationScope, at: number, summary: string): Promise<void> {
    try {
      await scope.run(() => sleep(Math.max(1, at - Date.now()), { summary }))
      this.#rang = true
    } catch (error) {
      if (!isCancellation(error)) throw error
    }
  }
}
