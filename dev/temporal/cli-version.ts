import { run } from '../run.ts'

/** The first CLI whose server can skip time in individual workflows. */
const VERSION_MIN = { major: 1, minor: 9 } as const
const VERSION_TIMEOUT_MS = 20_000

/** The version of the CLI at `path`. @throws if it is no Temporal CLI or too old. */
export async function cliVersion(path: string): Promise<string> {
  const output = await run({
    name: `${path} --version`,
    command: path,
    args: ['--version'],
    timeoutMs: VERSION_TIMEOUT_MS,
  })
  const [, version, major, minor] = /version ((\d+)\.(\d+)[\w.-]*)/.exec(output) ?? []
  if (version === undefined) throw new Error(`${path} is not the Temporal CLI: it says "${output}"`)
  const behind = Number(major) - VERSION_MIN.major || Number(minor) - VERSION_MIN.minor
  if (behind < 0) {
    throw new Error(`${path} is ${version}; ${VERSION_MIN.major}.${VERSION_MIN.minor} is needed`)
  }
  return version
}
