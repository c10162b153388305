import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Document } from './document.ts'

/** Stripe's own mock server, which contains Stripe's published OpenAPI document (MIT). */
export const MODULE = 'github.com/stripe/stripe-mock'
const VERSION = 'v0.203.0'
/** The module's checksum at review; Go also compares downloads with its checksum database. */
const SUM = 'h1:EzW7nb/fphqcAkgVRHAaC88OaAZo6SBWSl54cflDTio='
/** Some ten megabytes, once per machine; afterwards Go answers from its cache. */
const DOWNLOAD_TIMEOUT_MS = 60_000

let known: Promise<Document | undefined> | undefined

/** The document, never stored in this repository; undefined where Go or the module is unavailable. */
export function publishedDocument(): Promise<Document | undefined> {
  known ??= read()
  return known
}

/** Whether the document is available; if not, a line was printed once. */
export async function hasPublishedDocument(): Promise<boolean> {
  return (await publishedDocument()) !== undefined
}

async function read(): Promise<Document | undefined> {
  const directory = await downloadedModule()
  if (directory === undefined) return undefined
  return JSON.parse(await readFile(join(directory, 'embedded/openapi/spec3.json'), 'utf8'))
}

/** The module's directory in Go's cache; undefined, with one printed line, where Go or the module is unavailable. */
export async function downloadedModule(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      'go',
      ['mod', 'download', '-json', `${MODULE}@${VERSION}`],
      { timeout: DOWNLOAD_TIMEOUT_MS },
    )
    const module = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string }
    if (module.Sum !== SUM) throw new Error(`${MODULE} ${VERSION} has the sum ${module.Sum}`)
    return module.Dir
  } catch (error) {
    if (!isAbsence(error)) throw error
    process.stderr.write(
      `Answers are not compared with Stripe's published document, because it cannot be had: ${reasonOf(error)}. ` +
        `It needs Go in the PATH and \`go mod download ${MODULE}@${VERSION}\`.\n`,
    )
    return undefined
  }
}

/** No Go, no network, or a timeout: errors from running the command. */
const isAbsence = (error: unknown): error is Error & { readonly stdout?: string } =>
  error instanceof Error && 'cmd' in error

/** Go's answer contains the cause. */
function reasonOf(error: Error & { readonly stdout?: string }): string {
  const said = /"Error": "(.*)"/.exec(error.stdout ?? '')?.[1]
  return said ?? error.message.split('\n')[0] ?? ''
}
