import type { Life } from './life.ts'

/** Limits the replays, because each takes seconds. */
const REPLAYS_MAX = 30

/** The smallest life that still fails: removes halves first, then single scenes, then single acts. */
export async function shrink(
  life: Life,
  stillFails: (candidate: Life) => Promise<boolean>,
): Promise<Life> {
  let best = life
  let replays = 0
  const tryOut = async (candidate: Life): Promise<boolean> => {
    if (replays >= REPLAYS_MAX || candidate.scenes.length === 0) return false
    replays += 1
    const fails = await stillFails(candidate)
    if (fails) best = candidate
    return fails
  }
  for (let size = Math.ceil(best.scenes.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = best.scenes.length - size; from >= 0; from -= size) {
      const { scenes } = best
      await tryOut({ scenes: [...scenes.slice(0, from), ...scenes.slice(from + size)] })
    }
  }
  for (let at = best.scenes.length - 1; at >= 0; at--) {
    const acts = best.scenes[at]?.acts ?? []
    for (let index = acts.length - 1; index >= 0 && acts.length > 1; index--) {
      const kept = (best.scenes[at]?.acts ?? []).filter((_act, each) => each !== index)
      const scenes = best.scenes.map((scene, each) =>
        each === at ? { ...scene, acts: kept } : scene,
      )
      if (kept.length > 0) await tryOut({ scenes })
    }
  }
  return best
}
