import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'

/** The kernel's clock ticks per second, on every current Linux. */
const TICKS_PER_SECOND = 100
const KB_PATTERN = /^VmRSS:\s+(\d+) kB$/m

/** CPU time used so far and present memory, of a process and all its descendants. */
export type Consumption = { readonly cpuSeconds: number; readonly residentKb: number }

type Row = { readonly pid: number; readonly parent: number; readonly ticks: number }

/** From `/proc`, which only Linux has; NaN elsewhere. */
export async function consumptionOf(root: number): Promise<Consumption> {
  if (process.platform !== 'linux') return { cpuSeconds: NaN, residentKb: NaN }
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const rows = (await Promise.all(names.map(rowOf))).filter((row) => row !== undefined)
  const family = new Set([root])
  for (let grown = -1; grown !== family.size;) {
    grown = family.size
    for (const { pid, parent } of rows) if (family.has(parent)) family.add(pid)
  }
  const ticks = rows.filter(({ pid }) => family.has(pid)).map((row) => row.ticks)
  const memory = await Promise.all([...family].map(residentKbOf))
  return {
    cpuSeconds: sum(ticks) / TICKS_PER_SECOND,
    residentKb: sum(memory),
  }
}

/** Undefined when the process has ended meanwhile. */
async function rowOf(name: string): Promise<Row | undefined> {
  const stat = await readProc(`${name}/stat`)
  if (stat === undefined) return undefined
  // A name may contain any character, even brackets; the fields follow the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // User and system time, of the process and of its children that have ended.
  const ticks = [11, 12, 13, 14].map((index) => Number(fields[index]))
  return { pid: Number(name), parent: Number(fields[1]), ticks: sum(ticks) }
}

async function residentKbOf(pid: number): Promise<number> {
  const status = (await readProc(`${pid}/status`)) ?? ''
  return Number(KB_PATTERN.exec(status)?.[1] ?? 0)
}

async function readProc(path: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${path}`, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

/** The parent process of all backends of a server. */
export async function postmasterOf(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  const backend = await rowOf(String(rows[0]?.pid))
  return backend?.parent ?? NaN
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0)
