import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Home } from '../../dev/postgres/home.ts'
import { run } from '../../dev/run.ts'

/** Enough for some clusters' data; small enough to fill in a moment. */
const SIZE = '1g'
const MOUNT_TIMEOUT_MS = 10_000
const BLOCK_BYTES = 1024 * 1024

export type SmallDisk = {
  /** Fills the disk until `during` ends. */
  readonly fill: (during: () => Promise<unknown>) => Promise<void>
  readonly unmount: () => Promise<void>
}

/** Mounts a small in-memory disk at an empty directory. Undefined if we may not mount. */
export async function mountSmallDisk({ directory, account }: Home): Promise<SmallDisk | undefined> {
  const owner = account === undefined ? '' : `,uid=${account.uid},gid=${account.gid}`
  try {
    await mountAt(directory, `size=${SIZE},mode=0700${owner}`)
  } catch (error) {
    console.error(`no small disk: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
  const ballast = join(directory, 'ballast')
  return {
    fill: async (during) => {
      try {
        for (;;) await writeFile(ballast, Buffer.alloc(BLOCK_BYTES), { flag: 'a' })
      } catch (error) {
        if ((await statfs(directory)).bavail > 0) throw error
      }
      try {
        await during()
      } finally {
        await rm(ballast)
      }
    },
    unmount: () =>
      run({
        name: 'umount',
        command: '/bin/umount',
        args: [directory],
        timeoutMs: MOUNT_TIMEOUT_MS,
      }).then(() => undefined),
  }
}

const mountAt = (directory: string, options: string) =>
  run({
    name: 'mount',
    command: '/bin/mount',
    args: ['-t', 'tmpfs', '-o', options, 'tmpfs', directory],
    timeoutMs: MOUNT_TIMEOUT_MS,
  })
