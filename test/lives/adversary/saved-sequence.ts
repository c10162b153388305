import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sequence, type Sequence } from './call.ts'

const savedSequence = z.strictObject({
  /** The violation, for readers. */
  found: z.string(),
  sequence,
})
export type SavedSequence = { readonly found: string; readonly sequence: Sequence }

export const SAVED = join(import.meta.dirname, 'saved')

export const readSequence = async (file: string): Promise<SavedSequence> =>
  savedSequence.parse(JSON.parse(await readFile(file, 'utf8')))

/** Returns the path of the file. */
export async function saveSequence(
  directory: string,
  name: string,
  saved: SavedSequence,
): Promise<string> {
  await mkdir(directory, { recursive: true })
  const file = join(directory, `${name}.json`)
  const lines = saved.sequence.map((each) => `    ${JSON.stringify(each)}`).join(',\n')
  const found = JSON.stringify(saved.found)
  await writeFile(file, `{\n  "found": ${found},\n  "sequence": [\n${lines}\n  ]\n}\n`)
  return file
}
