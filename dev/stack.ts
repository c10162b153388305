import { Listr } from 'listr2'
import type { StackContext } from './context.ts'
import { messageOf } from './message-of.ts'
import { startApi, startWorker } from './start/programs.ts'
import { startTemporalPart } from './start/temporal.ts'
import { webhookSecretKeys } from './start/webhook-keys.ts'

/** The addresses and keys of a started stack. */
export type Stack = Awaited<ReturnType<typeof startStack>>

/**
 * Starts each part as soon as its dependencies are up and shows the progress: a live list in a
 * terminal, plain lines elsewhere. Rejects with the first failure; the context contains the parts that did start.
 */
export async function startStack(context: StackContext) {
  // Temporal takes longest to start and the other parts longest to load, so they load meanwhile.
  const temporal = startTemporalPart(context)
  const database = import('./start/database.ts').then((part) => part.startDatabase(context))
  const stripe = import('./start/stripe.ts').then((part) => part.startStripe(context))
  const mail = import('./start/mail.ts').then((part) => part.startMail(context))
  const keys = webhookSecretKeys(context)
  const needs = Promise.all([database, temporal, stripe, mail, keys]).then((parts) => ({
    database: parts[0],
    temporal: parts[1],
    stripe: parts[2],
    mail: parts[3],
    webhookSecretKeys: parts[4],
  }))
  const worker = needs.then((ready) => startWorker(context, ready))
  const api = needs.then((ready) => startApi(context, ready))

  const progress = new Listr(
    [
      shown('Postgres', database),
      shown('Temporal', temporal),
      shown('Stripe', stripe),
      shown('Mail', mail),
      shown('Worker', worker),
      shown('API', api),
    ],
    {
      concurrent: true,
      registerSignalListeners: false,
      fallbackRenderer: 'simple',
      // Some terminals (of editors, of CI) claim to be one but have no width.
      fallbackRendererCondition: () => !process.stdout.isTTY || process.stdout.columns === 0,
    },
  )
  try {
    await progress.run()
  } catch (error) {
    // A part that comes up after the failure is stopped with the others.
    await Promise.allSettled([needs, database, temporal, stripe, mail, worker, api])
    throw error
  }
  return { ...(await needs), apiUrl: await api }
}

function shown(title: string, part: Promise<{ readonly detail: string } | string | void>) {
  return {
    title,
    task: async (_: unknown, task: { title: string }) => {
      const started = await part.catch((cause: unknown) => {
        throw new Error(`${title}: ${messageOf(cause)}`, { cause })
      })
      if (typeof started === 'object') task.title = `${title} (${started.detail})`
    },
  }
}
