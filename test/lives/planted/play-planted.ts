import type { Ground } from '../../support/ground.ts'
import { newFigures } from '../figures.ts'
import type { Finding } from '../finding.ts'
import { play } from '../play.ts'
import type { Planted } from './all.ts'

/** Plays the life that exposes a planted bug; returns the findings. */
export async function playPlanted(
  ground: Ground,
  name: string,
  { acts, plant }: Planted,
): Promise<Finding[]> {
  const { close, ...ways } = await plant(ground)
  try {
    const life = { scenes: acts.map((each, at) => ({ at, acts: each })) }
    const { failures, broken } = await play({
      ...ways,
      ground,
      lives: [life],
      name,
      figures: newFigures(),
    })
    return [...failures.flatMap(({ findings }) => findings), ...broken]
  } finally {
    close?.()
  }
}
