import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { CatalogueRepository } from '../../domain/catalogue/repository.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { withRepositories } from '../database.ts'
import { EXIT, RefusedError, UsageError } from '../exit.ts'
import { withProgress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

/** Adds `catalogue plan` and `catalogue apply`, which compare a file of plans with the database and publish it. */
export function addCatalogue(program: Command, stage: Stage): void {
  const catalogue = program
    .command('catalogue')
    .summary('compare a file of plans with DATABASE_URL, or publish it')
  const add = (what: 'plan' | 'apply', summary: string) =>
    catalogue
      .command(what)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
      .argument('<file>', 'a file like catalogue.yaml')
      .option('--prune', 'also retire plans and delete unused features that the file does not name')
      .addHelpText('after', `\nExample:\n  $ npx perennial catalogue ${what} catalogue.yaml`)
      .action(
        answering(stage, (file: string, { prune }: { prune?: true }, _command: Command) =>
          withRepositories(stage.terminal, 'catalogue', (repositories, terminal) =>
            compare(terminal, repositories.catalogue, { what, file, prunes: prune === true }),
          ),
        ),
      )
  add('plan', 'show the changes to the catalogue without making them')
  add('apply', 'publish the file: all changes or none')
}

async function compare(
  terminal: Terminal,
  catalogue: CatalogueRepository,
  {
    what,
    file,
    prunes,
  }: { readonly what: 'plan' | 'apply'; readonly file: string; readonly prunes: boolean },
): Promise<Result> {
  const { applyCatalogue, CatalogueRefusedError, planCatalogue } =
    await import('../../adapters/catalogue/apply.ts')
  const { unnamedPlans } = await import('../../domain/catalogue/difference.ts')
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
  const steps =
    what === 'plan'
      ? await planCatalogue(catalogue, wanted)
      : await withProgress(terminal, 'Changing the catalogue', (report) =>
          applyCatalogue(
            catalogue,
            wanted,
            { at: terminal.now(), by: 'perennial catalogue' },
            report,
          ),
        ).catch((error: unknown) => {
          if (!(error instanceof CatalogueRefusedError)) throw error
          throw new RefusedError(`Nothing was done. ${error.message}`, { cause: error })
        })
  const alone = prunes ? [] : unnamedPlans(wanted, await catalogue.listPlans())
  const count = `${steps.length} ${steps.length === 1 ? 'change' : 'changes'}`
  const done = what === 'plan' ? `${count}. Nothing was done.` : `${count} made.`
  return {
    lines: [
      ...steps.flatMap(({ lines }) => lines),
      ...alone.map((slug) => `  ${slug} is not in the file and stays as it is`),
      steps.length === 0 ? 'The catalogue equals the file.' : done,
    ],
    json: { changes: steps, left_alone: alone, done: what === 'apply' },
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${String(cause)}`, { cause })
  }
}
