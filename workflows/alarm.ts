import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow'

/**
 * One kept timer. It is started anew only when its instant changes: waiting with a timeout instead would start and
 * cancel a timer for every message.
 */
export class Alarm {
  #at: number | undefined
  #scope: CancellationScope | undefined
  #rang = false

  get rang(): boolean {
    return this.#rang
  }

  /** Rings at `at`, at once when that has passed; undefined switches the alarm off. */
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
