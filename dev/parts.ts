/** A started part that can be stopped. */
export type Part = { readonly stop: () => Promise<void> }

/** The started parts of a stack, in the order of their start. */
export type Parts = {
  /** Adds a part. It is stopped before all earlier parts. */
  readonly add: (name: string, part: Part) => void
  /** Stops all parts one by one, the latest first. An error in one does not prevent stopping the others. */
  readonly stop: () => Promise<void>
  readonly isEmpty: () => boolean
}

/** An empty list. Its `stop` rejects with an AggregateError, after all parts, if one could not be stopped. */
export function createParts(): Parts {
  const running: { readonly name: string; readonly part: Part }[] = []
  return {
    add: (name, part) => void running.push({ name, part }),
    isEmpty: () => running.length === 0,
    stop: async () => {
      const failures: unknown[] = []
      for (let last = running.pop(); last !== undefined; last = running.pop()) {
        const { name, part } = last
        await part.stop().catch((cause: unknown) => {
          failures.push(new Error(`${name} could not be stopped`, { cause }))
        })
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be stopped')
    },
  }
}
