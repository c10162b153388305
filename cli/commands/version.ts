import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { answering, type Stage } from '../action.ts'

const description = z.object({ version: z.string() })
/** `package.json` is beside the sources' folders, and one level higher from the build's output. */
const PLACES = ['../../package.json', '../../../package.json'].map(
  (path) => new URL(path, import.meta.url),
)

/** Adds `version`, which prints the versions of the package and of Node. */
export function addVersion(program: Command, stage: Stage): void {
  program
    .command('version')
    .summary('print the version, and that of Node')
    .addHelpText('after', '\nExample:\n  $ npx perennial version --json')
    .action(
      answering(stage, async (_options: unknown, _command: Command) => {
        const place = PLACES.find((each) => existsSync(each))
        if (place === undefined) throw new Error('There is no package.json beside this program.')
        const { version } = description.parse(JSON.parse(await readFile(place, 'utf8')))
        const node = process.versions.node
        return { lines: [`perennial ${version}, Node ${node}`], json: { version, node } }
      }),
    )
}
