import type { ListrDefaultRendererLogLevels } from 'listr2'
import type { Terminal } from './terminal.ts'

/** Receives the number of finished pieces of work, and the number of all pieces. */
export type Report = (done: number, of: number) => void

const BAR_CHARACTERS = 24

/** Shows the progress of a long task on a terminal; prints nothing elsewhere, so that logs stay clean. */
export async function withProgress<T>(
  { stderr }: Terminal,
  title: string,
  run: (report: Report, say: (detail: string) => void) => Promise<T>,
): Promise<T> {
  if (!stderr.isTTY || stderr.columns === 0)
    return run(
      () => undefined,
      () => undefined,
    )
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2')
  const answer: { value?: T } = {}
  const task = async (_: unknown, shown: { title: string }) => {
    const say = (detail: string) => {
      shown.title = `${title}  ${detail}`
    }
    answer.value = await run((done, of) => say(barOf(done, of)), say)
  }
  await new Listr([{ title, task }], {
    registerSignalListeners: false,
    rendererOptions: {
      // The result uses standard output, which may be a file.
      logger: new ListrLogger<ListrDefaultRendererLogLevels>({
        processOutput: new ProcessOutput(stderr, stderr),
      }),
      clearOutput: true,
      showErrorMessage: false,
    },
  }).run()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the task has run, or has thrown
  return answer.value as T
}

/** A bar of 24 characters with the numbers, such as `████░░░░  2 of 4`. It is full if there is no work. */
export function barOf(done: number, of: number): string {
  const filled = of === 0 ? BAR_CHARACTERS : Math.floor((done / of) * BAR_CHARACTERS)
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CHARACTERS - filled)}  ${done} of ${of}`
}
