import { InvalidArgumentError, type Command } from 'commander'
import { explanationOf } from '../../domain/decision/explanation.ts'
import { inOneLine, isoOf, shownStored } from '../../domain/decision/shown.ts'
import { isUuid, subscriptionId, type SubscriptionId } from '../../domain/ids.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { RefusedError } from '../exit.ts'
import { onStack } from '../on-stack.ts'

/** More entries than a subscription has in twenty years. */
const SEQ_MAX = 10_000

/** Adds `explain change`, which reads why a timeline entry was made. */
export function addExplain(program: Command, stage: Stage): void {
  program
    .command('explain')
    .summary('explain a decision from what was recorded')
    .command('change')
    .summary('explain a timeline entry, and make its decision again')
    .argument('<subscription id>', 'the subscription', idOf)
    .argument('<seq>', 'the number of the entry in the timeline', seqOf)
    .addHelpText(
      'after',
      '\nExample:\n  $ npx perennial explain change 1f0c6b1e-0a52-4a3e-9d0c-0c5a4b1f7a11 2',
    )
    .action(
      answering(stage, (id: SubscriptionId, seq: number, _options: unknown, _command: Command) =>
        explain(stage, id, seq),
      ),
    )
}

async function explain({ terminal }: Stage, id: SubscriptionId, seq: number): Promise<Result> {
  const { commonEnvironment, containerConfig, parseEnvironment } =
    await import('../../assembly/environment.ts')
  const { createCore } = await import('../../assembly/core.ts')
  const { env } = await onStack(terminal)
  const config = containerConfig('explain', parseEnvironment(commonEnvironment, env))
  const { repositories } = createCore(config, undefined)
  try {
    const entries = await repositories.subscriptions.timeline(id, seq)
    const entry = entries.find((each) => each.seq === seq)
    if (entry === undefined) throw new RefusedError(`${id} has no timeline entry ${seq}.`)
    const { kind, at, actor, cause } = entry
    const stored = await repositories.decisions.find(id, seq)
    const decision = stored && (await explanationOf(stored, repositories.plans))
    const title = `${kind} at ${isoOf(at)}, by ${actor}: ${cause}`
    const json = { subscription_id: id, seq, kind, at: at.toISOString(), actor, cause }
    if (decision === undefined)
      return { lines: [title, 'Its decision was not recorded.'], json: { ...json, decision: null } }
    const { rule, build, sentences, differences } = decision
    const agreement =
      differences.length === 0
        ? 'The present code makes the same decision.'
        : 'The present code decides otherwise:'
    return {
      lines: [
        title,
        `Rule ${rule}, build ${build}`,
        ...sentences.map((sentence) => `  ${sentence}`),
        agreement,
        ...differences.map(
          ({ part, recorded, now }) =>
            `  ${part} was ${inOneLine(shownStored(recorded))}, is ${inOneLine(shownStored(now))}`,
        ),
      ],
      json: { ...json, decision: { rule, build, sentences, agrees: differences.length === 0 } },
    }
  } finally {
    await repositories.close()
  }
}

function idOf(text: string): SubscriptionId {
  const id = text.toLowerCase()
  if (isUuid(id)) return subscriptionId(id)
  throw new InvalidArgumentError('a subscription id is a UUID')
}

function seqOf(text: string): number {
  const seq = Number(text)
  if (Number.isInteger(seq) && seq >= 1 && seq <= SEQ_MAX) return seq
  throw new InvalidArgumentError(`an entry has a number from 1 to ${SEQ_MAX}`)
}
