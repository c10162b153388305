import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { WantedCatalogue } from '../../domain/catalogue/catalogue.ts'
import type { CatalogueStep } from '../../domain/catalogue/difference.ts'
import type { CatalogueRepository } from '../../domain/catalogue/repository.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { withRepositories } from '../database.ts'
import { EXIT, RefusedError, UsageError } from '../exit.ts'
import { withProgress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

type CompareOptions = { readonly prune?: true; readonly fingerprint?: string }

/** Adds `catalogue plan`, `apply` and `export`: a file of plans is compared with the database, published, or written from it. */
export function addCatalogue(program: Command, stage: Stage): void {
  const catalogue = program
    .command('catalogue')
    .summary('compare a file of plans with DATABASE_URL, publish it, or write it')
  const add = (what: 'plan' | 'apply', summary: string) =>
    catalogue
      .command(what)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
      .argument('<file>', 'a file like catalogue.yaml')
      .option('--prune', 'also retire plans and delete unused features that the file does not name')
      .addHelpText('after', `\nExample:\n  $ npx perennial catalogue ${what} catalogue.yaml`)
  const run = (what: 'plan' | 'apply') =>
    answering(stage, (file: string, { prune, fingerprint }: CompareOptions, _command: Command) =>
      withRepositories(stage.terminal, 'catalogue', (repositories, terminal) =>
        compare(terminal, repositories.catalogue, {
          what,
          file,
          fingerprint,
          prunes: prune === true,
        }),
      ),
    )
  add('plan', 'show the changes to the catalogue without making them').action(run('plan'))
  add('apply', 'publish the file: all changes or none')
    .option(
      '--fingerprint <text>',
      'of `plan --json`: change nothing if anything has changed since',
    )
    .action(run('apply'))
  catalogue
    .command('export')
    .summary('write the plans on sale as a file')
    .description('Writes all features and the plans on sale as a file for `plan` and `apply`.')
    .addHelpText('after', '\nExample:\n  $ npx perennial catalogue export > plans.yaml')
    .action(
      answering(stage, (_options: unknown, _command: Command) =>
        withRepositories(stage.terminal, 'catalogue', (repositories) =>
          exportFile(repositories.catalogue),
        ),
      ),
    )
}

async function exportFile(catalogue: CatalogueRepository): Promise<Result> {
  const { exportCatalogue, yamlOf } = await import('../../adapters/catalogue/export.ts')
  const [features, plans] = [await catalogue.listFeatures(), await catalogue.listPlans()]
  const exported = exportCatalogue(features, plans)
  return { lines: [yamlOf(exported).trimEnd()], json: exported }
}

type Comparing = {
  readonly what: 'plan' | 'apply'
  readonly file: string
  readonly prunes: boolean
  readonly fingerprint: string | undefined
}

async function compare(
  terminal: Terminal,
  catalogue: CatalogueRepository,
  { what, file, prunes, fingerprint }: Comparing,
): Promise<Result> {
  const { compareCatalogue } = await import('../../adapters/catalogue/apply.ts')
  const { readCatalogueFile } = await import('../../adapters/catalogue/file.ts')
  const text = await textOf(file)
  const features = await catalogue.listFeatures()
  const read = readCatalogueFile(text, features)
  if (read.kind === 'wrong') {
    for (const { line, field, detail } of read.problems)
      terminal.log(`${file}${line === null ? '' : `:${line}`}: ${field}: ${detail}\n`)
    return { lines: [], json: { problems: read.problems }, exitCode: EXIT.wrong }
  }
  const wanted = { ...read.file, prunes }
  const compared = await compareCatalogue(catalogue, wanted)
  const { leftAlone } = compared
  const steps =
    what === 'plan' ? compared.steps : await apply(terminal, catalogue, wanted, fingerprint)
  const count = `${steps.length} ${steps.length === 1 ? 'change' : 'changes'}`
  const done = what === 'plan' ? `${count}. Nothing was done.` : `${count} made.`
  return {
    lines: [
      ...steps.flatMap(({ lines }) => lines),
      ...leftAlone.map((slug) => `  ${slug} is not in the file and stays as it is`),
      steps.length === 0 ? 'The catalogue equals the file.' : done,
    ],
    json: {
      changes: steps,
      left_alone: leftAlone,
      ...(what === 'plan' && { fingerprint: compared.fingerprint }),
      done: what === 'apply',
    },
  }
}

async function apply(
  terminal: Terminal,
  catalogue: CatalogueRepository,
  wanted: WantedCatalogue,
  fingerprint: string | undefined,
): Promise<readonly CatalogueStep[]> {
  const { applyCatalogue, CatalogueMovedError, CatalogueRefusedError } =
    await import('../../adapters/catalogue/apply.ts')
  const act = { at: terminal.now(), by: 'perennial catalogue' }
  try {
    return await withProgress(terminal, 'Changing the catalogue', (report) =>
      applyCatalogue(catalogue, wanted, act, { report, fingerprint }),
    )
  } catch (error) {
    if (error instanceof CatalogueMovedError)
      throw new RefusedError(error.message, { cause: error })
    if (error instanceof CatalogueRefusedError)
      throw new RefusedError(`Nothing was done. ${error.message}`, { cause: error })
    throw error
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${String(cause)}`, { cause })
  }
}
