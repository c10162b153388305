import { readFile } from 'node:fs/promises'
import { InvalidArgumentError, type Command } from 'commander'
import type { DifferenceKind } from '../../domain/decision/report.ts'
import { inOneLine, shownStored } from '../../domain/decision/shown.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { EXIT } from '../exit.ts'
import { onStack } from '../on-stack.ts'
import { withProgress } from '../progress.ts'
import { numberBetween } from '../whole-number.ts'

/** Bounds the duration, not the memory: decisions are read in batches. */
const LIMIT_MAX = 10_000_000
const LIMIT = 1_000_000
const DAYS_MAX = 36_500
const DAY_MS = 86_400_000

type RedecideOptions = {
  readonly since: number
  readonly limit: number
  readonly rule?: string
  readonly accepted?: string
}

/** Adds `redecide`, which makes recorded decisions again with this code. It ends with 1 if one differs or none is found. */
export function addRedecide(program: Command, stage: Stage): void {
  program
    .command('redecide')
    .summary('make recorded decisions again with this code, before a deploy')
    .description(
      'Reads recorded decisions and runs this version’s rules on their facts. It changes nothing. Ends with 1 when the code would decide otherwise, or when no decision was found.',
    )
    .option('--since <days>', 'how far back, such as 30d', daysOf, 30)
    .option('--rule <name>', 'only decisions of this rule, such as stripe_snapshot')
    .option(
      '--limit <number>',
      'how many decisions at most, the oldest first',
      numberBetween('--limit', { min: 1, max: LIMIT_MAX, example: LIMIT }),
      LIMIT,
    )
    .option('--accepted <file>', 'names of expected differences, one in a line')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx perennial redecide --since 30d --accepted expected.txt',
    )
    .action(
      answering(stage, (options: RedecideOptions, _command: Command) => redecide(stage, options)),
    )
}

async function redecide({ terminal }: Stage, options: RedecideOptions): Promise<Result> {
  const { since, limit, rule } = options
  const accepted = await acceptedIn(options.accepted)
  const { commonEnvironment, containerConfig, parseEnvironment } =
    await import('../../assembly/environment.ts')
  const { createCore } = await import('../../assembly/core.ts')
  const { redecideRecorded } = await import('../../sync/redecide.ts')
  const { env, now } = await onStack(terminal)
  const config = containerConfig('redecide', parseEnvironment(commonEnvironment, env))
  const { repositories } = createCore(config, undefined)
  try {
    const from = new Date(now().getTime() - since * DAY_MS)
    const { decided, differing, kinds } = await withProgress(
      terminal,
      'Making decisions again',
      (_, say) =>
        redecideRecorded(repositories, {
          since: from,
          limit,
          rule,
          accepted,
          onDecided: (count) => say(`${count}`),
        }),
    )
    if (decided === 0) terminal.log('No decision was found. Check `--since` and `--rule`.\n')
    return {
      lines: [
        ...kinds.flatMap(linesOf),
        `${decided} ${decided === 1 ? 'decision' : 'decisions'} since ${from.toISOString()}, ${differing} would be made otherwise by this code.`,
      ],
      json: { since: from.toISOString(), decided, differing, differences: kinds.map(jsonOf) },
      exitCode: differing > 0 || decided === 0 ? EXIT.wrong : EXIT.ok,
    }
  } finally {
    await repositories.close()
  }
}

const linesOf = ({ name, count, isAccepted, examples }: DifferenceKind): string[] => [
  `${name}: ${count}${isAccepted ? ', accepted' : ''}`,
  ...examples.map(
    ({ subscriptionId, seq, build, part, recorded, now }) =>
      `  ${subscriptionId} write ${seq}, build ${build}: ${part} was ${inOneLine(shownStored(recorded))}, is ${inOneLine(shownStored(now))}`,
  ),
]

const jsonOf = ({ name, count, isAccepted, examples }: DifferenceKind) => ({
  name,
  count,
  is_accepted: isAccepted,
  examples: examples.map(({ subscriptionId, seq, build, part, recorded, now }) => ({
    subscription_id: subscriptionId,
    seq,
    build,
    part,
    recorded: shownStored(recorded) ?? null,
    now: shownStored(now) ?? null,
  })),
})

/** Empty lines, and lines that begin with `#`, name nothing. */
async function acceptedIn(file: string | undefined): Promise<ReadonlySet<string>> {
  if (file === undefined) return new Set()
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim())
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('#')))
}

function daysOf(text: string): number {
  const days = Number(/^(\d{1,5})d?$/.exec(text)?.[1])
  if (days >= 1 && days <= DAYS_MAX) return days
  throw new InvalidArgumentError(`--since takes a number of days, such as 30d`)
}
