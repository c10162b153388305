import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import proto, { type temporal } from '@temporalio/proto'

const { History } = proto.temporal.api.history.v1

export const HISTORIES = join(import.meta.dirname, 'histories')

/** Keeps a history as JSON, one event a line, so that a difference can be read. */
export function writeHistory(name: string, history: temporal.api.history.v1.IHistory): void {
  const { events } = History.toObject(History.fromObject(history), {
    longs: String,
    enums: String,
    bytes: String,
  })
  const lines = (events as object[]).map((event) => JSON.stringify(event))
  writeFileSync(join(HISTORIES, name), `{"events":[\n${lines.join(',\n')}\n]}\n`)
}

/** @param change edits the text first, as a test of the test. */
export function readHistory(
  name: string,
  change = (text: string) => text,
): temporal.api.history.v1.History {
  return History.fromObject(JSON.parse(change(readFileSync(join(HISTORIES, name), 'utf8'))))
}

export const sizeOf = (history: temporal.api.history.v1.IHistory): number =>
  History.encode(history).finish().byteLength
