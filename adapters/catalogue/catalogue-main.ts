import { readFile } from 'node:fs/promises'
import { databaseOfCommand } from '../postgres/command-database.ts'
import { createPool } from '../postgres/pool.ts'
import { createPostgresRepositories } from '../postgres/repositories.ts'
import { applyCatalogue, CatalogueRefusedError, planCatalogue } from './apply.ts'
import { leftAlone } from './diff.ts'
import { readCatalogueFile } from './file.ts'

const USAGE = `npm run catalogue -- plan catalogue.yaml     shows what would change
npm run catalogue -- apply catalogue.yaml    changes it`

const [command, path] = process.argv.slice(2)
if ((command !== 'plan' && command !== 'apply') || path === undefined) {
  console.error(USAGE)
  process.exit(1)
}
const repositories = createPostgresRepositories(
  createPool({
    databaseUrl: databaseOfCommand(),
    connectionsMax: 1,
    applicationName: 'perennial-catalogue',
    onError: (error) => console.error(error.message),
  }),
)
try {
  process.exitCode = await run(repositories.catalogue, command, path)
} finally {
  await repositories.close()
}

async function run(
  catalogue: typeof repositories.catalogue,
  what: 'plan' | 'apply',
  of: string,
): Promise<number> {
  const features = await catalogue.listFeatures()
  const read = readCatalogueFile(await readFile(of, 'utf8'), features)
  if (read.kind === 'wrong') {
    for (const { line, field, detail } of read.problems)
      console.error(`${of}${line === null ? '' : `:${line}`}: ${field}: ${detail}`)
    return 1
  }
  try {
    const steps =
      what === 'plan'
        ? await planCatalogue(catalogue, read.file)
        : await applyCatalogue(catalogue, read.file, { at: new Date(), by: 'npm run catalogue' })
    for (const { lines } of steps) console.log(lines.join('\n'))
    for (const slug of leftAlone(read.file, { features, plans: await catalogue.listPlans() }))
      console.log(`  ${slug} is not in the file, and is left alone`)
    const count = `${steps.length} ${steps.length === 1 ? 'change' : 'changes'}`
    if (steps.length === 0) console.log('The catalogue is as the file says.')
    else console.log(what === 'plan' ? `${count}. Nothing was done.` : `${count} made.`)
    return 0
  } catch (error) {
    if (!(error instanceof CatalogueRefusedError)) throw error
    console.error(`Nothing was done. ${error.message}`)
    return 1
  }
}
